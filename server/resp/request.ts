/** The words of one command, as spans of whatever memory they arrived in. The spans are reused. */

import { Mem, Span } from '../lib/bytes.js'
import { FarWords } from './far-words.js'

const NOWHERE = new Mem(new ArrayBuffer(0))
/** So many words have a span that stays: more are kept in another way, and a span is made of one when it is asked for. */
const NEAR_WORDS = 1024
/** What a word with a span takes beside its bytes: an object on the heap, and its place in the list. */
const NEAR_WORD_BYTES = 64

export class Request {
  count = 0
  private readonly near: Span[] = []
  /** Those from NEAR_WORDS on. */
  private far: FarWords | null = null

  /** A request made of words of its own: scripts, in-process calls, tests. */
  static of(words: readonly (string | Uint8Array)[]): Request {
    const request = new Request()
    const bytes = words.map(word => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word))
    const mem = Mem.copyOf(Buffer.concat(bytes))
    let at = 0
    for (const { length } of bytes) {
      request.push(mem, at, length)
      at += length
    }
    return request
  }

  /**
   * Good until the command ends, and of many words not the same object every time. It is so short that V8 always inlines
   * it (no more than 27 bytes of code; a comparison with NEAR_WORDS takes 32).
   */
  word(index: number): Span {
    return (this.near as (Span | undefined)[])[index] ?? this.farWord(index)
  }

  /** The words from `from` up to `to`, as a list. */
  list(from = 0, to = this.count): Span[] {
    const words: Span[] = []
    for (let i = from; i < to; i++) words.push(this.word(i))
    return words
  }

  clear(): void {
    this.count = 0
  }

  /** Clears, and gives back what only a long request needs. */
  release(): void {
    this.count = 0
    this.far = null
  }

  /** Clears, and holds on to no memory: neither that of its words nor that of the longer requests before it. */
  forget(): void {
    for (const span of this.near) span.set(NOWHERE, 0, 0)
    this.release()
  }

  /** None of its words lies in this memory: those of the requests before it hold on to it no longer. */
  letGo(mem: Mem): void {
    for (let i = this.count; i < this.near.length; i++) {
      if (this.near[i].mem === mem) this.near[i].set(NOWHERE, 0, 0)
    }
  }

  /** `hash`: as in a span, where it is known. */
  push(mem: Mem, start: number, length: number, hash = 0): void {
    const { near, count } = this
    if (count >= near.length) return this.pushNew(mem, start, length, hash)
    const span = near[count]
    if (span.mem !== mem) span.mem = mem
    span.start = start
    span.length = length
    span.hash = hash
    this.count = count + 1
  }

  pushSpan({ mem, start, length }: Span): void {
    this.push(mem, start, length)
  }

  /** Notes the keyspace's hash of a word, for who asks for the word next. */
  setHash(index: number, hash: number): void {
    if (index < NEAR_WORDS) this.near[index].hash = hash
    else this.far?.setHash(index - NEAR_WORDS, hash)
  }

  /** The words that lie in `from` lie in `to` now, so many bytes further on. */
  move(from: Mem, to: Mem, by: number): void {
    const near = Math.min(this.count, NEAR_WORDS)
    for (let i = 0; i < near; i++) {
      const word = this.near[i]
      if (word.mem === from) word.set(to, word.start + by, word.length)
    }
    this.far?.move(from, to, by)
  }

  /** A copy that stays valid: all words in one memory of their own. */
  clone(): Request {
    const copy = new Request()
    copy.copyFrom(this)
    return copy
  }

  /** The sum of the words' lengths. */
  get bytes(): number {
    let sum = 0
    for (let i = 0; i < this.count; i++) sum += this.lengthOf(i)
    return sum
  }

  /** What the list of the words takes, beside their bytes. */
  get listBytes(): number {
    return Math.min(this.count, NEAR_WORDS) * NEAR_WORD_BYTES + (this.far?.listBytes ?? 0)
  }

  /** The length of a word. */
  lengthOf(index: number): number {
    return index < NEAR_WORDS ? this.near[index].length : this.far!.lengthOf(index - NEAR_WORDS)
  }

  private farWord(index: number): Span {
    if (this.far === null || index >= this.count) {
      throw new RangeError(`a request of ${this.count} words has none ${index}`)
    }
    return this.far.word(index - NEAR_WORDS)
  }

  /** Pushes a word for which no span stands ready. */
  private pushNew(mem: Mem, start: number, length: number, hash: number): void {
    const { near } = this
    const index = this.count++
    if (index >= NEAR_WORDS) {
      if (index === NEAR_WORDS || this.far === null) this.far = new FarWords(near[0].mem)
      this.far.add(mem, start, length)
    } else {
      const span = new Span(mem, start, length)
      span.hash = hash
      near.push(span)
    }
  }

  private copyFrom(source: Request): void {
    const mem = new Mem(new ArrayBuffer((source.bytes + 7) & ~7))
    const count = source.count
    let at = 0
    this.count = 0
    for (let i = 0; i < count; i++) {
      const span = source.word(i)
      const length = span.length
      span.copyTo(mem, at)
      this.push(mem, at, length)
      at += length
    }
  }
}
