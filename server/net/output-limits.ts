/**
 * Clients that do not read: their replies must not fill our memory.
 *
 * `client-output-buffer-limit` says for each class of clients how much may wait. Above the hard limit a client is cut
 * off at once, above the soft limit when it has been there all the time for so many seconds. What it asked last it
 * does not get, not even in part.
 *
 * The limit is asked for when replies are flushed and, in the middle of a command, whenever a reply is to grow by
 * a chunk: a single command can produce more than there is memory. From then on the reply is written to nowhere, the
 * command runs to its end (it may be a write, or stand in a transaction), and the client goes at the end of the
 * turn. A loop that only reads may ask `reply.unheard` and stop.
 *
 * Ordinary clients have no limit by default, and then Redis lets them take all memory. We do what TCP does: a
 * client that leaves more than CONGESTED_BYTES unread is not read from, until it has caught up with half of
 * that. It loses nothing but time.
 */

import type { OutputLimit } from '../config/kinds/output-limits.js'
import type { Engine } from '../engine/engine.js'
import { SessionAlert } from '../engine/session.js'
import type { Connection } from './connection.js'

export const CONGESTED_BYTES = 64 * 1024 * 1024
/** What a client that has not proved who it is may leave unread. */
const UNAUTHENTICATED_BYTES = 1024

/** Whether this much output is too much. `overSinceMs`: since when it is above the soft limit; null: it is not. */
export function isTooMuch(
  limit: OutputLimit,
  bytes: number,
  overSinceMs: number | null,
  nowMs: number,
): boolean {
  if (limit.hardBytes > 0 && bytes >= limit.hardBytes) return true
  return overSinceMs !== null && nowMs - overSinceMs > limit.softSeconds * 1000
}

/**
 * How much of so much output counts. Redis counts nothing of what fits the reply buffer, and of the rest whole blocks
 * of 16 KB; a reply whose length comes last (KEYS) leaves the buffer empty. So all of it, when there is a rest.
 */
function counted(bytes: number, { replyBuffer }: Connection): number {
  return bytes > replyBuffer ? bytes : 0
}

function waiting(connection: Connection): number {
  return counted(connection.outputBytes, connection)
}

export class OutputLimits {
  /** Connections above their soft limit, and since when: monotonic ms. */
  private readonly overSinceMs = new Map<Connection, number>()

  constructor(private readonly engine: Engine) {}

  /** Whether so much may wait to be sent. */
  mayWait(connection: Connection, bytes: number): boolean {
    const limit = this.limitOf(connection)
    if (limit === null) return true
    if (limit.hardBytes > 0 && counted(bytes, connection) >= limit.hardBytes) return false
    if (bytes > CONGESTED_BYTES && this.isUnlimited(limit)) connection.stopReading()
    return true
  }

  /** True when the connection has been cut off. To be called before its replies are written, and afterwards. */
  cutsOff(connection: Connection): boolean {
    const limit = this.limitOf(connection)
    if (limit === null) return false
    const { session } = connection
    const bytes = waiting(connection)
    const since = this.since(connection, limit, bytes)
    const unknown = (session.alert & SessionAlert.unauthenticated) !== 0 && bytes > UNAUTHENTICATED_BYTES
    const over = session.reply.overflowed || unknown || isTooMuch(limit, bytes, since, this.engine.nowMs)
    if (over) this.cutOff(connection)
    return over
  }

  /** A client may have caught up: it is read from again, and its time above the soft limit is over. */
  relieve(connection: Connection): void {
    if (this.overSinceMs.size > 0 && this.overSinceMs.has(connection)) {
      const limit = this.limitOf(connection)
      if (limit === null || waiting(connection) < limit.softBytes) this.overSinceMs.delete(connection)
    }
    if (connection.congested && connection.outputBytes <= CONGESTED_BYTES / 2) connection.goOnReading()
  }

  /** Those above a soft limit may have to go though nothing more is written to them. */
  tick(): void {
    for (const connection of [...this.overSinceMs.keys()]) this.cutsOff(connection)
  }

  forget(connection: Connection): void {
    this.overSinceMs.delete(connection)
  }

  /** Null for those who have no limit at all. */
  private limitOf({ session }: Connection): OutputLimit | null {
    if (session.trusted) return null
    const { clientOutputBufferLimit, replBacklogSize } = this.engine.config.values
    const limit = clientOutputBufferLimit[session.class]
    if (session.feed === null || limit.hardBytes === 0 || limit.hardBytes >= replBacklogSize) return limit
    // What the backlog keeps in any case costs nothing, whoever else waits for it.
    return { ...limit, hardBytes: replBacklogSize }
  }

  private isUnlimited(limit: OutputLimit): boolean {
    const { maxmemoryClients: share } = this.engine.config.values
    return limit.hardBytes === 0 && limit.softBytes === 0 && 'bytes' in share && share.bytes === 0
  }

  private since(connection: Connection, limit: OutputLimit, bytes: number): number | null {
    const { overSinceMs } = this
    if (limit.softBytes === 0 || bytes < limit.softBytes) {
      if (overSinceMs.size > 0) overSinceMs.delete(connection)
      return null
    }
    const since = overSinceMs.get(connection) ?? this.engine.nowMs
    overSinceMs.set(connection, since)
    return since
  }

  private cutOff(connection: Connection): void {
    const { engine } = this
    engine.stats.outputBufferLimitDisconnections++
    engine.log.warning(
      `Client ${connection.describe()} scheduled to be closed ASAP for overcoming of output buffer limits.`,
    )
    connection.cutOff()
  }
}
