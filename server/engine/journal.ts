/**
 * History is made here, in one place.
 *
 * Every effect that replicas and the AOF must repeat is appended once, in one form, as a RESP array. Effects of one unit
 * (a command, a transaction, a script) are handed over together at its end, wrapped in MULTI and EXEC when they are more
 * than one, so that they are not torn apart. A transaction with one effect is that effect.
 *
 * Nearly always the effect is the command as received and stands in the read buffer just as it would be written. Then it
 * is not encoded and not even noted: the journal remembers only how far the *row* of such commands reaches, and hands it
 * over in one piece when the row ends. So a pipeline of sixteen SETs is one copy per sink.
 *
 *     read buffer   | SET a 1 | SET b 2 | GET a | SET c 3 | SET d 4 | ...
 *                   '------ row -------'         '------ row ------'
 *
 * `settle` ends a row. It must be called before the read buffer changes, before another session's effects, and before
 * anybody asks a sink how far it is; the executor does so wherever it settles the time of hot commands.
 *
 * Sinks (AOF, replication backlog) get the database number with the bytes and write SELECT themselves, as each has its
 * own idea of the current database. Without sinks nothing is encoded.
 *
 * Published messages are no history: they go, in their place among the effects, to the sinks that want them, which are
 * replicas and no files.
 */

import { Mem, type Span } from '../lib/bytes.js'
import type { Database } from '../keyspace/database.js'
import { endAsSent, startAsSent } from '../resp/as-sent.js'
import type { CommandWord } from '../resp/command-text.js'
import type { Request } from '../resp/request.js'
import { EffectUnit } from './effect-unit.js'

/** Where history goes. */
export interface JournalSink {
  /** Published messages go here too. */
  readonly takesMessages?: boolean
  /** Whole commands, one or several. The bytes are good for the time of the call. */
  append(db: number, mem: Mem, start: number, length: number): void
}

const NOWHERE = new Mem(new ArrayBuffer(0))

export class Journal {
  /** Effects journaled since the start. */
  effects = 0
  /** Somebody takes it. */
  active = false
  private readonly sinks: JournalSink[] = []
  private readonly unit = new EffectUnit()
  /** How many units are open: a script within a transaction is part of it. */
  private depth = 0
  private loose = false
  /** The row: units of one command each, bytes [start, end) of a read buffer. */
  private rowMem = NOWHERE
  private rowStart = 0
  private rowEnd = 0
  private rowDb = 0

  attach(sink: JournalSink): void {
    this.sinks.push(sink)
    this.active = true
  }

  detach(sink: JournalSink): void {
    const index = this.sinks.indexOf(sink)
    if (index >= 0) this.sinks.splice(index, 1)
    this.active = this.sinks.length > 0
  }

  /** Opens a unit: until the matching `end`, effects stay together. */
  begin(): void {
    this.depth++
  }

  /** The effects of a command have nothing to do with each other, as the deaths of keys that SCAN met. */
  loosen(): void {
    if (this.depth === 1) this.loose = true
  }

  end(): void {
    if (--this.depth > 0) return
    if (this.unit.count > 0) this.deliver()
    this.loose = false
  }

  /** An effect in words of our own. */
  record(db: Database, words: readonly CommandWord[]): void {
    this.effects++
    if (!this.active) return
    this.begin()
    this.unit.addWords(db.index, words)
    this.end()
  }

  /** The command as it was received, but for one word. */
  edited(db: Database, request: Request, index: number, word: Span): void {
    this.effects++
    if (!this.active) return
    this.begin()
    this.unit.addEdited(db.index, request, index, word)
    this.end()
  }

  /** The command as it was received. */
  received(db: Database, request: Request): void {
    this.effects++
    if (!this.active) return
    const start = this.depth <= 1 && this.unit.count === 0 ? startAsSent(request) : -1
    if (start >= 0) this.lengthenRow(db.index, request.word(0).mem, start, endAsSent(request))
    else this.copy(db, request, false)
  }

  /** A command that published a message, as it was received. */
  published(db: Database, request: Request): void {
    if (this.sinks.some(sink => sink.takesMessages)) this.copy(db, request, true)
  }

  /** Hands over the row, if there is one. */
  settle(): void {
    const { rowMem, rowStart, rowEnd, rowDb } = this
    if (rowStart === rowEnd) return
    this.rowStart = this.rowEnd = 0
    for (const sink of this.sinks) sink.append(rowDb, rowMem, rowStart, rowEnd - rowStart)
  }

  private lengthenRow(db: number, mem: Mem, start: number, end: number): void {
    if (start !== this.rowEnd || mem !== this.rowMem || db !== this.rowDb) {
      this.settle()
      this.rowMem = mem
      this.rowStart = start
      this.rowDb = db
    }
    this.rowEnd = end
  }

  private copy(db: Database, request: Request, isMessage: boolean): void {
    this.begin()
    this.unit.addRequest(db.index, request, isMessage)
    this.end()
  }

  private deliver(): void {
    this.settle()
    for (const sink of this.sinks) this.unit.handTo(sink, this.loose)
    this.unit.clear()
  }
}
