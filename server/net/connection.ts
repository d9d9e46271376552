/**
 * A connection: a wire on one side, a session on the other, the parser between them.
 *
 * Requests run as they are parsed, one after the other; their replies collect in the session's writer until the
 * end of the turn. While the session waits (BLPOP, a pause) its further bytes stay unparsed, in order.
 */

import type { Mem } from '../lib/bytes.js'
import type { Wire, WireOwner } from '../lib/network.js'
import type { Engine } from '../engine/engine.js'
import { type Session, SessionAlert, type Transport } from '../engine/session.js'
import { RequestParser } from '../resp/parser.js'
import type { Outbox } from './outbox.js'

export class Connection implements WireOwner, Transport {
  readonly session: Session
  readonly address: string
  readonly localAddress: string
  readonly fd: number
  readonly kind: 'tcp' | 'unix'
  readonly local: boolean
  bytesReceived = 0
  bytesSent = 0
  /** True while this connection stands in the outbox. */
  queued = false
  private readonly parser: RequestParser
  private finishing = false

  constructor(
    readonly engine: Engine,
    readonly wire: Wire,
    private readonly outbox: Outbox,
  ) {
    this.parser = new RequestParser(() => ({
      maxBulk: engine.config.values.protoMaxBulkLen,
      authenticated: (this.session.alert & SessionAlert.unauthenticated) === 0,
    }))
    this.session = engine.openSession(this.parser.request)
    this.session.transport = this
    this.address = wire.remoteAddress
    this.localAddress = wire.localAddress
    this.fd = wire.fd
    this.kind = wire.unix ? 'unix' : 'tcp'
    this.local = wire.loopback
  }

  // As the wire's owner -------------------------------------------------------------------------------------

  received(mem: Mem, start: number, length: number): void {
    const { engine, session, parser } = this
    this.bytesReceived += length
    engine.stats.inputBytes += length
    engine.stats.reads++
    if (this.finishing) return
    engine.beginTurn()
    session.lastActiveMs = engine.keyspace.now
    parser.feed(mem, start, length)
    this.run()
  }

  drained(): void {
    this.outbox.drained(this)
  }

  closed(): void {
    this.finishing = true
    this.outbox.forget(this)
    this.engine.closeSession(this.session)
  }

  // As the session's transport ------------------------------------------------------------------------------

  get queryBytes(): number {
    return this.parser.pending
  }

  get queryCapacity(): number {
    return this.parser.capacity
  }

  get outputBytes(): number {
    return this.wire.pending + this.session.reply.length
  }

  get outputChunks(): number {
    return this.session.reply.chunks
  }

  finish(): void {
    this.finishing = true
    this.outbox.add(this)
  }

  destroy(): void {
    this.finishing = true
    this.wire.destroy()
  }

  wake(): void {
    this.outbox.add(this)
  }

  resume(): void {
    this.outbox.resume(this)
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** True when nothing may be written any more once the replies are gone. */
  get ending(): boolean {
    return this.finishing
  }

  /** Runs the requests that are there, as far as the session may. */
  run(): void {
    const { engine, session, parser } = this
    while (session.waiting === null && !session.closing && parser.next()) engine.execute(session)
    if (parser.error !== null && !this.finishing) {
      session.reply.error(parser.error)
      engine.stats.countError(parser.error.code)
      session.close()
    }
    parser.park()
    if (session.reply.length > 0 || this.finishing) this.outbox.add(this)
  }
}
