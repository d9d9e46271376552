/** The text of effects: RESP arrays, one behind the other, in a memory that grows and serves again. */

import { Mem, Span, copyBytes } from '../lib/bytes.js'
import { integerLength, writeInteger } from '../lib/integer.js'
import type { Request } from '../resp/request.js'
import { endAsSent, headerBytes, startAsSent } from './as-sent.js'
import type { EffectWord } from './context.js'

const STAR = 42
const DOLLAR = 36
const CR = 13
const LF = 10
/** Of a header, and of a number with the end of its line. */
const LINE_BYTES_MAX = 24
const FIRST_BYTES = 16 * 1024
/** A larger memory is not kept. */
const KEPT_BYTES = 1 << 20

export class EffectText {
  mem = new Mem(new ArrayBuffer(FIRST_BYTES))
  length = 0

  addWords(words: readonly EffectWord[]): void {
    this.header(STAR, words.length)
    for (const word of words) this.word(word)
  }

  addRequest(request: Request): void {
    const start = startAsSent(request)
    if (start >= 0) {
      this.bytes(request.words[0].mem, start, endAsSent(request) - start)
      return
    }
    this.header(STAR, request.count)
    for (let i = 0; i < request.count; i++) this.span(request.words[i])
  }

  /** The request with another word in place of one of its own. */
  addEdited(request: Request, index: number, word: Span): void {
    const start = startAsSent(request)
    if (start < 0) {
      this.addWords(request.words.slice(0, request.count).with(index, word))
      return
    }
    const { mem, start: wordAt, length } = request.words[index]
    const behind = wordAt + length + 2
    this.bytes(mem, start, wordAt - headerBytes(length) - start)
    this.span(word)
    this.bytes(mem, behind, endAsSent(request) - behind)
  }

  clear(): void {
    this.length = 0
    if (this.mem.length > KEPT_BYTES) this.mem = new Mem(new ArrayBuffer(FIRST_BYTES))
  }

  private word(word: EffectWord): void {
    if (word instanceof Span) this.span(word)
    else if (typeof word === 'string') this.text(word)
    else if (word instanceof Uint8Array) this.span(Span.of(word))
    else if (Number.isSafeInteger(word)) this.integer(Number(word))
    else this.text(word.toString())
  }

  private span({ mem, start, length }: Span): void {
    this.header(DOLLAR, length)
    this.bytes(mem, start, length)
    this.lineEnd()
  }

  private text(text: string): void {
    this.header(DOLLAR, text.length)
    this.room(text.length)
    this.length += this.mem.u8.latin1Write(text, this.length)
    this.lineEnd()
  }

  private integer(value: number): void {
    this.header(DOLLAR, integerLength(value))
    this.room(LINE_BYTES_MAX)
    this.length = writeInteger(value, this.mem.u8, this.length)
    this.lineEnd()
  }

  private header(type: number, value: number): void {
    this.room(LINE_BYTES_MAX)
    const { u8 } = this.mem
    u8[this.length] = type
    this.length = writeInteger(value, u8, this.length + 1)
    this.lineEnd()
  }

  private lineEnd(): void {
    this.room(2)
    const { u8 } = this.mem
    u8[this.length++] = CR
    u8[this.length++] = LF
  }

  private bytes(from: Mem, start: number, length: number): void {
    this.room(length)
    copyBytes(this.mem, this.length, from, start, length)
    this.length += length
  }

  private room(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.mem.length) return
    const larger = new Mem(new ArrayBuffer((Math.max(this.mem.length * 2, needed) + 7) & ~7))
    copyBytes(larger, 0, this.mem, 0, this.length)
    this.mem = larger
  }
}
