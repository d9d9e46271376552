/**
 * Commands as they stand on the wire and in files: arrays of bulk strings, one behind the other, in a memory that grows
 * and serves again. What the journal hands on, what a log and a moving key are made of, is encoded here.
 */

import { Mem, Span, copyBytes, writeText } from '../lib/bytes.js'
import { integerLength, writeInteger } from '../lib/integer.js'
import { endAsSent, headerBytes, startAsSent } from './as-sent.js'
import type { Request } from './request.js'

/** A word of a command: bytes, text of one byte a character, or a number to be written out. */
export type CommandWord = Span | string | Uint8Array | number | bigint

const STAR = 42
const DOLLAR = 36
const CR = 13
const LF = 10
/** Of `*` or `$`, a number, and the end of its line. */
const LINE_BYTES_MAX = 24
const FIRST_BYTES = 16 * 1024
/** A larger memory is not kept. */
export const KEPT_BYTES = 1 << 20
/** Who writes nothing holds nothing. */
export const NOTHING = new Mem(new ArrayBuffer(0))

export class CommandText {
  mem = NOTHING
  length = 0

  /** A view: good until something is added or cleared. */
  get bytes(): Buffer {
    return this.mem.u8.subarray(0, this.length)
  }

  addWords(words: readonly CommandWord[]): void {
    this.addCount(words.length)
    for (const word of words) this.addWord(word)
  }

  addRequest(request: Request): void {
    const start = startAsSent(request)
    if (start >= 0) {
      this.add(request.word(0).mem, start, endAsSent(request) - start)
      return
    }
    this.addCount(request.count)
    for (let i = 0; i < request.count; i++) this.addSpan(request.word(i))
  }

  /** The request with another word in place of one of its own. */
  addEdited(request: Request, index: number, word: Span): void {
    const start = startAsSent(request)
    if (start < 0) {
      this.addWords(request.list().with(index, word))
      return
    }
    const { mem, start: wordAt, length } = request.word(index)
    const behind = wordAt + length + 2
    this.add(mem, start, wordAt - headerBytes(length) - start)
    this.addSpan(word)
    this.add(mem, behind, endAsSent(request) - behind)
  }

  /** What follows is about this database. */
  addSelect(database: number): void {
    this.addCount(2)
    this.addString('SELECT')
    this.addNumber(database)
  }

  /** What a command begins with: of how many words it is. */
  addCount(words: number): void {
    this.room(LINE_BYTES_MAX)
    this.header(STAR, words)
  }

  addWord(word: CommandWord): void {
    if (word instanceof Span) this.addSpan(word)
    else if (typeof word === 'string') this.addString(word)
    else if (word instanceof Uint8Array) this.addSpan(Span.of(word))
    else if (Number.isSafeInteger(word)) this.addNumber(Number(word))
    else this.addString(word.toString())
  }

  /** Bytes of whole commands, or such as a reader skips. */
  add(from: Mem, start: number, length: number): void {
    this.room(length)
    copyBytes(this.mem, this.length, from, start, length)
    this.length += length
  }

  /** As `add`, of a text. */
  addText(text: string): void {
    this.room(text.length)
    this.length = writeText(this.mem.u8, this.length, text)
  }

  /** All of another. */
  append({ mem, length }: CommandText): void {
    this.add(mem, 0, length)
  }

  clear(): void {
    this.length = 0
    if (this.mem.length > KEPT_BYTES) this.mem = NOTHING
  }

  private addSpan({ mem, start, length }: Span): void {
    this.beginWord(length)
    copyBytes(this.mem, this.length, mem, start, length)
    this.length += length
    this.endLine()
  }

  private addString(text: string): void {
    this.beginWord(text.length)
    this.length = writeText(this.mem.u8, this.length, text)
    this.endLine()
  }

  private addNumber(value: number): void {
    this.beginWord(integerLength(value))
    this.length = writeInteger(value, this.mem.u8, this.length)
    this.endLine()
  }

  /** Makes room for the whole word. */
  private beginWord(length: number): void {
    this.room(length + 2 * LINE_BYTES_MAX)
    this.header(DOLLAR, length)
  }

  private header(sign: number, value: number): void {
    const { u8 } = this.mem
    u8[this.length] = sign
    this.length = writeInteger(value, u8, this.length + 1)
    this.endLine()
  }

  private endLine(): void {
    const { u8 } = this.mem
    u8[this.length++] = CR
    u8[this.length++] = LF
  }

  private room(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.mem.length) return
    const larger = new Mem(new ArrayBuffer(Math.max(FIRST_BYTES, this.mem.length * 2, needed)))
    copyBytes(larger, 0, this.mem, 0, this.length)
    this.mem = larger
  }
}
