/** The words of one command, as spans of whatever memory they arrived in. The spans are reused. */

import { Mem, Span } from '../lib/bytes.js'

const NOWHERE = new Mem(new ArrayBuffer(0))
/** The spans of a request longer than this go back to the collector when nothing as long has come for a while. */
const KEPT_WORDS = 1024

export class Request {
  readonly words: Span[] = []
  count = 0
  /** The most words of a request since the last `trim`. */
  private longest = 0

  /** A request made of words of its own: scripts, in-process calls, tests. */
  static of(words: readonly (string | Uint8Array)[]): Request {
    const request = new Request()
    for (const word of words) {
      const span = Span.of(word)
      request.pushSpan(span)
    }
    return request
  }

  word(index: number): Span {
    return this.words[index]
  }

  clear(): void {
    if (this.count > this.longest) this.longest = this.count
    this.count = 0
  }

  /** To be called now and then: gives back spans that no request since the last time needed. */
  trim(): void {
    const kept = Math.max(KEPT_WORDS, this.longest, this.count)
    if (this.words.length > kept) this.words.length = kept
    this.longest = 0
  }

  /** Clears, and holds on to no memory. */
  forget(): void {
    for (let i = 0; i < this.count; i++) this.words[i].set(NOWHERE, 0, 0)
    this.clear()
  }

  /** `hash`: as in a span, where it is known. */
  push(mem: Mem, start: number, length: number, hash = 0): void {
    const span = this.words.length > this.count ? this.words[this.count] : this.addSpan()
    if (span.mem !== mem) span.mem = mem
    span.start = start
    span.length = length
    span.hash = hash
    this.count++
  }

  pushSpan({ mem, start, length }: Span): void {
    this.push(mem, start, length)
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
    for (let i = 0; i < this.count; i++) sum += this.words[i].length
    return sum
  }

  private copyFrom(source: Request): void {
    const mem = new Mem(new ArrayBuffer((source.bytes + 7) & ~7))
    const count = source.count
    let at = 0
    this.count = 0
    for (let i = 0; i < count; i++) {
      const span = source.words[i]
      const length = span.length
      span.copyTo(mem, at)
      this.push(mem, at, length)
      at += length
    }
  }

  private addSpan(): Span {
    const span = new Span(NOWHERE, 0, 0)
    this.words.push(span)
    return span
  }
}
