/**
 * A replica of ours, from its request to synchronize until it is gone.
 *
 *      waiting     for a snapshot to begin
 *      snapshot    which is written to a file meanwhile
 *      transfer    of that file
 *      direct      transfer of one that is being made, without a length
 *      settling    that is all sent: it says with its first REPLCONF ACK that it has found the end
 *      online      it gets the stream
 *      done        it wanted the snapshot only
 *
 * From the instant of the snapshot on it has a place in the backlog, where its stream will begin. It is what its
 * session is fed with: our answers, pieces of the snapshot, which it shares with the replicas that synchronize together,
 * then the stream, which it shares with everybody. A reply of the session itself would tear all of that.
 */

import type { OutputFeed } from '../server/engine/output-feed.js'
import type { Session } from '../server/engine/session.js'
import type { BacklogReader } from './backlog.js'

export type ReplicaState = 'waiting' | 'snapshot' | 'transfer' | 'direct' | 'settling' | 'online' | 'done'

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
  private readonly errorsBefore: number

  constructor(
    readonly session: Session,
    readonly introduction: Introduction,
    /** It speaks PSYNC; with SYNC there are neither offsets nor acknowledgements. */
    readonly modern: boolean,
    private readonly now: () => number,
    private readonly observer: ReplicaObserver,
  ) {
    this.sinceMs = this.ackMs = this.tookMs = now()
    this.errorsBefore = session.reply.errors
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

  /** It has asked for something that its session answers. */
  get spoiled(): boolean {
    return this.session.reply.length > 0
  }

  /** What it has asked for was refused. */
  get refusal(): string | null {
    const { errors, lastError } = this.session.reply
    return errors > this.errorsBefore ? (lastError?.line ?? '') : null
  }

  /** It takes nothing of what there is for it since then: monotonic ms. Null: there is nothing, or it does take it. */
  get stuckSinceMs(): number | null {
    return this.pieces.length > 0 ? this.tookMs : null
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
    this.push(piece)
    return new Promise(resolve => {
      this.emptied = resolve
    })
  }

  /** An answer, or `\n` as a sign of life for those who wait. */
  say(words: string): void {
    if (!this.isGone) this.push(Buffer.from(words, 'latin1'))
  }

  private push(piece: Uint8Array): void {
    if (this.pieces.length === 0) this.tookMs = this.now()
    this.pieces.push(piece)
    this.pieceBytes += piece.length
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
    else this.reader?.advance(bytes)
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
