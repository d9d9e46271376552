/**
 * History is made here, in one place.
 *
 * Every effect that replicas and the AOF must repeat is appended once, encoded once, as a RESP array. Effects of
 * one unit (a command, a transaction, a script) are handed over together at its end, wrapped in MULTI and EXEC
 * when they are more than one, so that they are not torn apart. A transaction with one effect is that effect.
 *
 * Sinks (AOF, replication backlog) get the database number with the bytes and write SELECT themselves, as each
 * has its own idea of the current database. Without sinks nothing is encoded.
 *
 * Published messages are no history: they go, in their place among the effects, to the sinks that want them, which
 * are replicas and no files.
 */

import { Mem, Span, copyBytes } from '../lib/bytes.js'
import { writeInteger } from '../lib/integer.js'
import type { Database } from '../keyspace/database.js'
import type { Request } from '../resp/request.js'
import type { EffectWord } from './context.js'

/** Where history goes. The bytes are good for the time of the call. */
export interface JournalSink {
  /** Published messages go here too. */
  readonly takesMessages?: boolean
  append(db: number, mem: Mem, start: number, length: number): void
}

interface Effect {
  readonly db: number
  readonly start: number
  readonly end: number
  readonly isMessage: boolean
}

const CR = 13
const LF = 10
const FIRST_BYTES = 16 * 1024
/** A larger buffer is not kept between units. */
const KEPT_BYTES = 1 << 20

export class Journal {
  /** Effects journaled since the start. */
  effects = 0
  private readonly sinks: JournalSink[] = []
  private mem = new Mem(new ArrayBuffer(FIRST_BYTES))
  private at = 0
  private unit: Effect[] = []
  /** How many units are open: a script within a transaction is part of it. */
  private depth = 0
  private loose = false

  get active(): boolean {
    return this.sinks.length > 0
  }

  attach(sink: JournalSink): void {
    this.sinks.push(sink)
  }

  detach(sink: JournalSink): void {
    const index = this.sinks.indexOf(sink)
    if (index >= 0) this.sinks.splice(index, 1)
  }

  /** Opens a unit: until the matching `end`, effects stay together. */
  begin(): void {
    this.depth++
  }

  /** The effects of the open unit have nothing to do with each other, as the deaths of keys that SCAN met. */
  loosen(): void {
    this.loose = true
  }

  end(): void {
    if (--this.depth > 0) return
    if (this.unit.length > 0) this.deliver()
    this.loose = false
  }

  /** An effect in words of our own. */
  record(db: Database, words: readonly EffectWord[]): void {
    this.effects++
    if (!this.active) return
    this.begin()
    const start = this.at
    this.line(42, words.length)
    for (const word of words) this.bulk(spanOf(word))
    this.unit.push({ db: db.index, start, end: this.at, isMessage: false })
    this.end()
  }

  /** The command as it was received. */
  received(db: Database, request: Request): void {
    this.effects++
    if (this.active) this.copy(db, request, false)
  }

  /** A command that published a message, as it was received. */
  published(db: Database, request: Request): void {
    if (this.sinks.some(sink => sink.takesMessages)) this.copy(db, request, true)
  }

  private copy(db: Database, request: Request, isMessage: boolean): void {
    this.begin()
    const start = this.at
    this.line(42, request.count)
    const run = bytesAsSent(request)
    if (run > 0)
      this.bytes(request.words[0].mem, request.words[0].start - headerBytes(request.words[0].length), run)
    else for (let i = 0; i < request.count; i++) this.bulk(request.words[i])
    this.unit.push({ db: db.index, start, end: this.at, isMessage })
    this.end()
  }

  private deliver(): void {
    for (const sink of this.sinks) this.send(sink, this.unit)
    this.unit = []
    this.at = 0
    if (this.mem.length > KEPT_BYTES) this.mem = new Mem(new ArrayBuffer(FIRST_BYTES))
  }

  private send(sink: JournalSink, unit: readonly Effect[]): void {
    const takesAll = sink.takesMessages === true || unit.every(isHistory)
    const effects = takesAll ? unit : unit.filter(isHistory)
    if (effects.length === 0) return
    const wrap = effects.length > 1 && !this.loose
    if (wrap) sink.append(effects[0].db, MULTI.mem, MULTI.start, MULTI.length)
    for (const { db, start, end } of effects) sink.append(db, this.mem, start, end - start)
    if (wrap) sink.append(effects[effects.length - 1].db, EXEC.mem, EXEC.start, EXEC.length)
  }

  private line(type: number, value: number): void {
    this.room(24)
    const { u8 } = this.mem
    u8[this.at] = type
    const at = writeInteger(value, u8, this.at + 1)
    u8[at] = CR
    u8[at + 1] = LF
    this.at = at + 2
  }

  private bytes(from: Mem, start: number, length: number): void {
    this.room(length)
    copyBytes(this.mem, this.at, from, start, length)
    this.at += length
  }

  private bulk(span: Span): void {
    this.line(36, span.length)
    this.room(span.length + 2)
    span.copyTo(this.mem, this.at)
    this.at += span.length
    this.mem.u8[this.at++] = CR
    this.mem.u8[this.at++] = LF
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.mem.length) return
    const larger = new Mem(new ArrayBuffer(Math.max(this.mem.length * 2, (this.at + bytes + 7) & ~7)))
    larger.u8.set(this.mem.u8.subarray(0, this.at))
    this.mem = larger
  }
}

const MULTI = Span.of('*1\r\n$5\r\nMULTI\r\n')
const EXEC = Span.of('*1\r\n$4\r\nEXEC\r\n')

/**
 * How long the words of a request are as they were sent, headers and all, when they still stand so in the read buffer:
 * then they are copied in one go, which takes a third of the time. Otherwise 0.
 */
function bytesAsSent({ words, count }: Request): number {
  const { mem, start } = words[0]
  const { u8 } = mem
  const first = start - headerBytes(words[0].length)
  let at = start
  if (first < 0 || u8[start - 1] !== LF) return 0
  for (let i = 0; i < count; i++) {
    const word = words[i]
    if (i > 0) at += headerBytes(word.length)
    if (word.mem !== mem || word.start !== at) return 0
    at += word.length
    // What stands behind a word was never looked at.
    if (u8[at] !== CR || u8[at + 1] !== LF) return 0
    at += 2
  }
  return at - first
}

/** Of `$`, the length of a word and the end of its line. */
function headerBytes(length: number): number {
  let digits = 1
  for (let rest = length; rest >= 10; rest = Math.floor(rest / 10)) digits++
  return digits + 3
}

const isHistory = ({ isMessage }: Effect): boolean => !isMessage

function spanOf(word: EffectWord): Span {
  if (word instanceof Span) return word
  return Span.of(typeof word === 'string' || word instanceof Uint8Array ? word : word.toString())
}
