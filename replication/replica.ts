/**
 * A replica of ours, from its request to synchronize until it is gone.
 *
 *      waiting     for a snapshot to begin
 *      snapshot    which is written to a file meanwhile
 *      transfer    of its bytes
 *      settling    all sent without a length: it says with its first REPLCONF ACK that it has found the end
 *      online      it gets the stream
 *      done        it wanted the snapshot only
 *
 * From the instant of the snapshot on it has a place in the backlog, where its stream will begin. It is what its
 * session is fed with: pieces of the snapshot, which it shares with the replicas that synchronize together, then the
 * stream, which it shares with everybody.
 */

import type { OutputFeed } from '../server/engine/output-feed.js'
import type { Session } from '../server/engine/session.js'
import type { BacklogReader } from './backlog.js'

export type ReplicaState = 'waiting' | 'snapshot' | 'transfer' | 'settling' | 'online' | 'done'

/** What it said of itself before it asked to synchronize. */
export interface Introduction {
  port: number
  /** '': the address that it calls from. */
  ip: string
  /** `eof`: it takes a snapshot without a length; `psync2`: its master's history may change its name. */
  readonly capabilities: Set<string>
  snapshotOnly: boolean
}

/** Told of what happens to a replica. */
export interface ReplicaObserver {
  gone(replica: Replica): void
  /** It has been sent so much. */
  sent(bytes: number): void
}

export class Replica implements OutputFeed {
  state: ReplicaState = 'waiting'
  /** What it has confirmed: bytes of the history in its memory, and on its disk. */
  ackOffset = 0
  diskOffset = 0
  /** Monotonic ms: when it asked, was heard of last, took something last. */
  readonly sinceMs: number
  ackMs: number
  tookMs: number
  isGone = false
  private reader: BacklogReader | null = null
  private readonly pieces: Uint8Array[] = []
  private pieceBytes = 0
  private emptied: (() => void) | null = null
  /** Some of the stream has been sent: a reply now would fall into the middle of it. */
  private streaming = false

  constructor(
    readonly session: Session,
    readonly introduction: Introduction,
    /** It speaks PSYNC; with SYNC there are neither offsets nor acknowledgements. */
    readonly modern: boolean,
    private readonly now: () => number,
    private readonly observer: ReplicaObserver,
  ) {
    this.sinceMs = this.ackMs = this.tookMs = now()
  }

  get ip(): string {
    return this.introduction.ip || this.session.transport.address.replace(/:\d+$/, '')
  }

  /** Its address as people know it. */
  get name(): string {
    const { port } = this.introduction
    return port === 0 ? this.session.transport.address : `${this.ip}:${port}`
  }

  get takesEof(): boolean {
    return this.introduction.capabilities.has('eof')
  }

  /** True when the stream would be torn by what its session has answered. */
  get spoiled(): boolean {
    return this.streaming && this.session.reply.length > 0
  }

  /** Its stream begins here. */
  attach(reader: BacklogReader): void {
    this.reader = reader
  }

  enter(state: ReplicaState): void {
    this.state = state
    this.ackMs = this.tookMs = this.now()
    if (state === 'done') this.release()
    this.session.transport.wake()
  }

  /** Sends a piece before the stream. Resolves when it has gone, or the replica has. */
  deliver(piece: Uint8Array): Promise<void> {
    if (this.isGone) return Promise.resolve()
    this.pieces.push(piece)
    this.pieceBytes += piece.length
    this.session.transport.wake()
    return new Promise(resolve => {
      this.emptied = resolve
    })
  }

  /** A sign of life for those who wait. */
  keepAlive(): void {
    this.session.reply.raw('\n')
    this.session.transport.wake()
  }

  // As what the session is fed with ---------------------------------------------------------------------------

  get waiting(): number {
    return this.pieceBytes + (this.reader?.left ?? 0)
  }

  next(): Uint8Array | null {
    if (this.pieces.length > 0) return this.pieces[0]
    if (this.state !== 'online') return null
    return this.reader?.next() ?? null
  }

  sent(bytes: number): void {
    this.tookMs = this.now()
    this.observer.sent(bytes)
    if (this.pieces.length > 0) this.pieceSent()
    else {
      this.streaming = true
      this.reader?.advance(bytes)
    }
  }

  closed(): void {
    if (this.isGone) return
    this.isGone = true
    this.release()
    this.pieces.length = 0
    this.pieceBytes = 0
    this.tellEmptied()
    this.observer.gone(this)
  }

  private pieceSent(): void {
    this.pieceBytes -= this.pieces.shift()?.length ?? 0
    if (this.pieces.length === 0) this.tellEmptied()
  }

  private tellEmptied(): void {
    const { emptied } = this
    this.emptied = null
    emptied?.()
  }

  private release(): void {
    this.reader?.close()
    this.reader = null
  }
}
