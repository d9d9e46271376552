/**
 * The stream of our master, run on our data and handed on to our own replicas.
 *
 * Its offset is how much of the history we hold, so it moves only behind what has run: not within a command, and not
 * within a transaction, which would be torn when the link breaks and the rest comes again. Our replicas get the same
 * bytes, up to the same place, and never what we would have written ourselves.
 *
 *      bytes of the wire:   ... | SET a 1 | MULTI  SET b 2  EXEC | SET c
 *                                         ^                      ^      ^
 *                                         |              offset, when   received
 *                                   offset during MULTI  EXEC has run
 */

import type { Engine } from '../server/engine/engine.js'
import { type Session, SessionAlert, type Transport } from '../server/engine/session.js'
import { Mem } from '../server/lib/bytes.js'
import { RequestParser } from '../server/resp/parser.js'
import type { Backlog } from './backlog.js'

const BULK_MAX = 2 ** 40

interface Piece {
  readonly mem: Mem
  readonly length: number
}

export class MasterSession {
  readonly session: Session
  /** The master wants to know how far we are: when all that is there has run. */
  isAsked = false
  private readonly parser = new RequestParser(() => ({ maxBulk: BULK_MAX, authenticated: true }))
  /** Received, but not run to the end: copies, as the backlog gets them when they have. */
  private readonly unapplied: Piece[] = []
  private unappliedFrom = 0
  /** Offset of all that was received. */
  private received: number

  /** `database`: the one that the stream speaks of where it begins. */
  constructor(
    private readonly engine: Engine,
    private readonly backlog: Backlog,
    transport: Transport,
    database: number,
  ) {
    this.received = backlog.end
    this.session = engine.openSession(this.parser.request)
    this.session.trusted = true
    this.session.transport = transport
    this.session.set(SessionAlert.unauthenticated, false)
    this.session.db = engine.keyspace.databases[database]
  }

  get offset(): number {
    return this.backlog.end
  }

  get receivedOffset(): number {
    return this.received
  }

  /** Null, or why the stream makes no sense. */
  take(mem: Mem, start: number, length: number): string | null {
    this.engine.beginTurn()
    this.session.lastActiveMs = this.engine.keyspace.now
    this.received += length
    this.unapplied.push({ mem: Mem.copyOf(mem.u8.subarray(start, start + length)), length })
    this.parser.feed(mem, start, length)
    return this.run()
  }

  /** Goes on with what is there. Keys whose time has come are alive until the master says that they died. */
  run(): string | null {
    const { engine, session, parser } = this
    const { keyspace } = engine
    const mode = keyspace.expiryMode
    keyspace.expiryMode = 'ignore'
    let applied = this.backlog.end
    while (session.mayRun && !engine.pause.active && parser.next()) {
      this.execute()
      if (session.transaction === null) applied = this.received - parser.left
    }
    engine.settle()
    keyspace.expiryMode = mode
    parser.park()
    this.apply(applied)
    return parser.error?.line ?? null
  }

  /** Has its turn once a second: gives back what it does not need. */
  trim(): void {
    this.parser.trim(false)
  }

  /** Some of it waits for the end of a pause. */
  get isBehind(): boolean {
    return this.parser.left > 0 && !this.engine.pause.active
  }

  close(): void {
    if (!this.session.closing) this.engine.closeSession(this.session)
  }

  private execute(): void {
    const { engine, session } = this
    const { errors } = session.reply
    engine.execute(session)
    if (session.reply.errors !== errors) this.warn()
    session.reply.rewind(0)
  }

  /** What the master could do and we cannot: the data has gone apart. */
  private warn(): void {
    const { lastError } = this.session.reply
    this.engine.log.warning(
      `== CRITICAL == This replica is sending an error to its master: '${lastError?.line ?? ''}' after processing the ` +
        `command '${this.session.lastCommand?.command.fullName ?? ''}'`,
    )
  }

  /** All up to this offset has run. */
  private apply(offset: number): void {
    while (this.backlog.end < offset) {
      const [{ mem, length }] = this.unapplied
      const count = Math.min(offset - this.backlog.end, length - this.unappliedFrom)
      this.backlog.add(mem, this.unappliedFrom, count)
      this.unappliedFrom += count
      if (this.unappliedFrom < length) continue
      this.unapplied.shift()
      this.unappliedFrom = 0
    }
    if (this.session.transaction === null) this.backlog.mark(this.session.db.index)
  }
}
