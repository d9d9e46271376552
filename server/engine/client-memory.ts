/**
 * What a client costs: the figures of CLIENT LIST, and the total that `maxmemory-clients` is held against.
 *
 * A connection here holds less than one of Redis does: reads land in a memory that all share, replies in chunks
 * that go back when they are sent, and an idle client has neither. Three figures are therefore what Redis would
 * show rather than memory of ours, because tools and its own suite read them: `qbuf-free` of a client that was
 * heard of lately (`queryRoom`), and `rbs` and `rbp`, the size and peak of a reply buffer that adapts itself. They are
 * not in the total.
 */

import type { Session } from './session.js'

/** Session, connection, parser, socket and its handle: bytes of RSS per idle client, measured with 4,000 on Node 20. */
export const SESSION_BYTES = 9 * 1024
/** A watched key, a subscription: bytes beyond the name, which others may share. */
const WATCH_BYTES = 120
const SUBSCRIPTION_BYTES = 100

/** Bytes; in brackets their names in CLIENT LIST. */
export interface ClientMemory {
  /** Input that is not parsed yet (qbuf), and room behind it (qbuf-free). */
  readonly query: number
  readonly queryFree: number
  /** Words of a request that is not complete (argv-mem). */
  readonly argv: number
  /** Words that MULTI has queued (multi-mem). */
  readonly transaction: number
  /** Size and peak of the reply buffer (rbs, rbp). */
  readonly replyBuffer: number
  readonly replyBufferPeak: number
  /** Replies that would be in the buffer (obl), blocks beyond it (oll), and the bytes in these (omem). */
  readonly replyBytes: number
  readonly outputPieces: number
  readonly output: number
  /** All that the client takes (tot-mem). */
  readonly total: number
}

export function clientMemory(session: Session): ClientMemory {
  const { transport, transaction } = session
  const { queryBytes, argumentBytes, outputBytes, replyBuffer } = transport
  const replyBytes = Math.min(outputBytes, replyBuffer)
  const output = outputBytes - replyBytes
  return {
    query: queryBytes,
    queryFree: Math.max(0, transport.queryRoom - queryBytes - argumentBytes),
    argv: argumentBytes,
    transaction: transaction?.bytes ?? 0,
    replyBuffer,
    replyBufferPeak: transport.replyBufferPeak,
    replyBytes,
    outputPieces: output === 0 ? 0 : Math.max(1, transport.outputChunks - 1),
    output,
    total: clientBytes(session),
  }
}

/** The total alone. */
export function clientBytes(session: Session): number {
  const { transport, transaction } = session
  const buffers = transport.queryCapacity + transport.outputBytes + (transaction?.bytes ?? 0)
  const names = session.watching * WATCH_BYTES + session.subscriptions * SUBSCRIPTION_BYTES
  return SESSION_BYTES + buffers + names + session.heldBytes
}
