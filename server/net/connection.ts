/**
 * A connection: a wire on one side, a session on the other, the parser between them.
 *
 * Requests run as they are parsed, one after the other; their replies collect in the session's writer until the
 * end of the turn. While the session waits (BLPOP, a pause), or its client leaves too many replies unread, its
 * further bytes stay unparsed, in order.
 */

import { clientLine } from '../commands/connection/client-line.js'
import type { Mem, Span } from '../lib/bytes.js'
import type { Wire, WireOwner } from '../lib/network.js'
import type { Engine } from '../engine/engine.js'
import type { OutputFeed } from '../engine/output-feed.js'
import { type Session, SessionAlert, type Transport } from '../engine/session.js'
import { RequestParser } from '../resp/parser.js'
import type { FilledChunk, ReplyGuard } from '../resp/reply.js'
import { ReplyBuffer } from './reply-buffer.js'

/** A client silent for longer than this holds no spare query buffer. */
const IDLE_SECONDS = 2
/** What it is shown to hold before: its share in the memory that all read into. */
const QUERY_ROOM_BYTES = 16 * 1024

/** Who sees to it that replies go out, requests go on, and nobody takes too much. */
export interface Dispatch {
  readonly limits: Limits
  /** There are replies (or an end) to be sent at the end of this turn. */
  add(connection: Connection): void
  /** There is something that nobody asked for: it is sent behind all replies, and not all at once. */
  tell(connection: Connection): void
  /** Requests that are there may go on. */
  resume(connection: Connection): void
  forget(connection: Connection): void
}

export interface Limits {
  opened(connection: Connection): void
  closed(connection: Connection): void
  /** It has read, and run what it could. */
  hasRead(connection: Connection): void
  /** It has sent what it could. */
  hasSent(connection: Connection): void
  /** Whether so much may wait to be sent. */
  mayWait(connection: Connection, bytes: number): boolean
  /** True when it had to be cut off, as too much waits to be sent. */
  cutsOff(connection: Connection): boolean
}

export class Connection implements WireOwner, Transport, ReplyGuard {
  readonly session: Session
  readonly address: string
  readonly localAddress: string
  readonly fd: number
  readonly kind: 'tcp' | 'unix'
  readonly local: boolean
  bytesReceived = 0
  bytesSent = 0
  /** True while this connection stands in the outbox, to get its replies. */
  queued = false
  /** True while its client leaves so much unread that nothing more is read from it. */
  congested = false
  private readonly parser: RequestParser
  private readonly buffer = new ReplyBuffer()
  /** What the wire has been given and not taken. */
  private underway: FilledChunk | null = null
  /** The same of what the session is fed. */
  private fedBytes = 0
  /** What is counted in the engine's `requestBytes` for this connection. */
  private requestBytes = 0
  /** Bytes of a request that runs later, and of what came before it in the same read. */
  private heldRequestBytes = 0
  /** It was held, and what it asked behind that runs before the connection may end. */
  private goesOn = false
  private finishing = false
  /** The wire has been told to end: it takes no more. */
  private hasEnded = false
  private isClosed = false

  constructor(
    readonly engine: Engine,
    readonly wire: Wire,
    private readonly dispatch: Dispatch,
    private readonly gone: (connection: Connection) => void = () => undefined,
  ) {
    const limits = () => ({
      maxBulk: engine.config.values.protoMaxBulkLen,
      authenticated: (this.session.alert & SessionAlert.unauthenticated) === 0,
    })
    this.parser = new RequestParser(limits, engine.lookahead)
    this.session = engine.openSession(this.parser.request)
    this.session.transport = this
    this.session.reply.guard = this
    this.address = wire.remoteAddress
    this.localAddress = wire.localAddress
    this.fd = wire.fd
    this.kind = wire.unix ? 'unix' : 'tcp'
    this.local = wire.loopback
    dispatch.limits.opened(this)
  }

  // As the wire's owner -------------------------------------------------------------------------------------

  received(mem: Mem, start: number, length: number): boolean {
    const { engine, session, parser } = this
    this.bytesReceived += length
    engine.stats.inputBytes += length
    engine.stats.reads++
    if (this.finishing) return false
    engine.beginTurn()
    session.lastActiveMs = engine.keyspace.now
    parser.feed(mem, start, length)
    return this.run()
  }

  get room(): Span | null {
    return this.parser.room
  }

  /** A client that reads on (`printf ... | nc`) gets what it asked for. One that waits or listens asks in vain. */
  receivedAll(): void {
    const { waiting, held } = this.session
    if (waiting === null && (this.outputBytes > 0 || held > 0)) this.finish()
    else this.destroy()
  }

  drained(): void {
    this.takeBack()
    if (this.isClosed) return
    const { reply, feed } = this.session
    if (reply.length > 0 || feed !== null || this.finishing) this.dispatch.add(this)
    this.dispatch.limits.hasSent(this)
  }

  closed(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.finishing = true
    this.takeBack()
    this.dispatch.forget(this)
    this.dispatch.limits.closed(this)
    this.engine.closeSession(this.session)
    this.engine.requestBytes -= this.requestBytes
    this.gone(this)
  }

  // As the session's transport ------------------------------------------------------------------------------

  get queryBytes(): number {
    return this.parser.pending + this.heldRequestBytes
  }

  /** Bytes that its unfinished request takes, the list of its words included. */
  get requestMemory(): number {
    return this.parser.pending + this.parser.wordBytes
  }

  get argumentBytes(): number {
    return this.parser.argumentBytes
  }

  get queryCapacity(): number {
    return this.parser.capacity
  }

  get queryRoom(): number {
    return Math.max(this.parser.capacity, this.idle ? 0 : this.parser.pending + QUERY_ROOM_BYTES)
  }

  get outputBytes(): number {
    return this.underwayBytes + this.session.reply.length + (this.session.feed?.waiting ?? 0)
  }

  get outputChunks(): number {
    return (this.underway === null ? 0 : 1) + this.session.reply.chunks
  }

  get replyBuffer(): number {
    return this.buffer.size
  }

  get replyBufferPeak(): number {
    return this.buffer.peak
  }

  finish(): void {
    this.finishing = true
    this.dispatch.add(this)
  }

  destroy(): void {
    this.finishing = true
    this.wire.destroy()
  }

  wake(): void {
    this.dispatch.tell(this)
  }

  resume(): void {
    this.dispatch.resume(this)
  }

  release(): void {
    this.heldRequestBytes = 0
    this.goesOn = true
    this.flush()
    this.dispatch.resume(this)
  }

  // Limits --------------------------------------------------------------------------------------------------

  /** As the guard of the session's replies. */
  mayGrow(bytes: number): boolean {
    const allowed = this.dispatch.limits.mayWait(this, bytes + this.underwayBytes)
    if (!allowed) {
      this.session.closing = true
      this.dispatch.add(this)
    }
    return allowed
  }

  /** Ends at once: nothing more is read or sent, and all memory comes back. */
  cutOff(): void {
    this.destroy()
    this.closed()
  }

  stopReading(): void {
    if (this.congested) return
    this.congested = true
    this.wire.pause()
  }

  goOnReading(): void {
    this.congested = false
    this.wire.resume()
    this.dispatch.resume(this)
  }

  /** Has its turn once a second: gives back what it does not need. */
  lookAfter(nowMs: number): void {
    const { debug } = this.engine
    this.parser.trim(this.idle)
    this.countRequests()
    if (debug.replyBufferResizing) this.buffer.adapt(nowMs, debug.replyBufferPeakMs)
  }

  /** As a line of CLIENT LIST. */
  describe(): string {
    const { engine, session } = this
    return clientLine({ now: engine.keyspace.now, session }, session)
  }

  /** The first bytes that wait to be parsed, quoted. */
  firstInput(length: number): string {
    return this.parser.firstBytes(length)
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** Runs the requests that are there, as far as the session may. True when there were any. */
  run(): boolean {
    const { engine, session, parser } = this
    if (this.isClosed) return false
    this.goesOn = false
    const ran = this.runRequests()
    engine.settle()
    if (parser.error !== null && !this.finishing) {
      session.reply.error(parser.error)
      engine.stats.countError(parser.error.code)
      session.close()
    }
    this.park(ran)
    if (session.reply.length > 0 || this.finishing) this.dispatch.add(this)
    if (session.reply.overflowed) this.dispatch.limits.cutsOff(this)
    else this.dispatch.limits.hasRead(this)
    return ran
  }

  /** One after the other; those behind the first have their keys read ahead. */
  private runRequests(): boolean {
    const { engine, session, parser } = this
    let ran = false
    while (!this.congested && session.mayRun && parser.next()) {
      engine.execute(session)
      ran = true
      if (parser.left > 0 && parser.lookAhead())
        engine.keyspace.readAhead.requests(session.db.tables, engine.lookahead, parser.window)
    }
    return ran
  }

  /** Sends what the wire takes; ends when nothing is left and an end is wanted. */
  flush(): void {
    const { session } = this
    const { limits } = this.dispatch
    if (this.isClosed || session.held > 0) return
    if (this.hasEnded) session.reply.discard()
    const { length } = session.reply
    if (length > 0) {
      this.buffer.filled(length)
      if (limits.cutsOff(this)) return
      while (this.underway === null && session.reply.length > 0) this.send()
      if (this.underway !== null && limits.cutsOff(this)) return
      limits.hasSent(this)
    }
    if (session.feed !== null && !this.finishing) this.sendFeed(session.feed)
    if (this.finishing && !this.hasEnded && !this.goesOn && session.reply.length === 0) this.end()
  }

  private end(): void {
    this.hasEnded = true
    this.wire.end()
  }

  /** Chunk by chunk: what the kernel takes at once, as it mostly does, never becomes the stream's. */
  private send(): void {
    const { session, engine, wire } = this
    const chunk = session.reply.takeFirst()
    if (chunk === null) return
    if (wire.write(chunk.mem.first(chunk.length))) engine.chunks.giveBack(chunk)
    else this.underway = chunk
    this.bytesSent += chunk.length
    engine.stats.outputBytes += chunk.length
    engine.stats.writes++
  }

  /** Replies come first: they were written before the stream began. */
  private sendFeed(feed: OutputFeed): void {
    const { wire, session, engine } = this
    if (this.dispatch.limits.cutsOff(this)) return
    while (this.underway === null && this.fedBytes === 0 && session.reply.length === 0) {
      const piece = feed.next()
      if (piece === null) break
      this.bytesSent += piece.length
      engine.stats.outputBytes += piece.length
      engine.stats.writes++
      if (wire.write(piece)) feed.sent(piece.length)
      else this.fedBytes = piece.length
    }
    this.dispatch.limits.hasSent(this)
  }

  /** By whole seconds, as CLIENT LIST counts them. */
  private get idle(): boolean {
    const { engine, session } = this
    return seconds(engine.keyspace.now) - seconds(session.lastActiveMs) > IDLE_SECONDS
  }

  private get underwayBytes(): number {
    return this.underway === null ? 0 : this.underway.length
  }

  /** The chunk that the wire has done with. */
  private takeBack(): void {
    if (this.underway !== null) this.engine.chunks.giveBack(this.underway)
    this.underway = null
    const { fedBytes } = this
    this.fedBytes = 0
    if (fedBytes > 0) this.session.feed?.sent(fedBytes)
  }

  private park(ran: boolean): void {
    const { parser } = this
    const { pending } = parser
    parser.park()
    if (ran && this.session.held > 0) this.heldRequestBytes += pending - parser.pending
    this.countRequests()
  }

  private countRequests(): void {
    const bytes = this.parser.capacity + (this.session.transaction?.bytes ?? 0)
    this.engine.requestBytes += bytes - this.requestBytes
    this.requestBytes = bytes
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000)
}
