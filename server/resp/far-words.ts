/**
 * The words of a long request, beyond those that have spans: two numbers each, in arrays that the collector does not look
 * into. A million spans that live as long as their request were most of what such a request cost: V8 moves them twice
 * before it lets them be. A span is made for who asks, and dies young.
 *
 * Nearly all words lie in one memory, at places counted from an `origin`: when a request that is not complete moves to
 * another memory, nothing else changes. Words that lie elsewhere (a big bulk, a word typed by hand) are kept as spans.
 */

import { type Mem, Span } from '../lib/bytes.js'

const FIRST_WORDS = 1024
/** What a span takes, and its place in a map. */
const OTHER_BYTES = 128

export class FarWords {
  count = 0
  private origin = 0
  private starts = new Uint32Array(FIRST_WORDS)
  private lengths = new Uint32Array(FIRST_WORDS)
  /** The keyspace's hashes, where somebody has computed them: none at first. */
  private hashes = new Int32Array(0)
  private readonly others = new Map<number, Span>()

  /** `mem`: where nearly all of them will lie. */
  constructor(private mem: Mem) {}

  /** Bytes that the list itself takes. */
  get listBytes(): number {
    const { starts, lengths, hashes, others } = this
    return starts.byteLength + lengths.byteLength + hashes.byteLength + others.size * OTHER_BYTES
  }

  add(mem: Mem, start: number, length: number): void {
    const index = this.count++
    if (index === this.starts.length) this.lengthen()
    this.lengths[index] = length
    if (mem === this.mem) this.starts[index] = start - this.origin
    else this.others.set(index, new Span(mem, start, length))
  }

  /** A new span. */
  word(index: number): Span {
    const other = this.others.size > 0 ? this.others.get(index) : undefined
    if (other !== undefined) return other
    const span = new Span(this.mem, this.origin + this.starts[index], this.lengths[index])
    if (index < this.hashes.length) span.hash = this.hashes[index]
    return span
  }

  lengthOf(index: number): number {
    return this.lengths[index]
  }

  setHash(index: number, hash: number): void {
    const other = this.others.get(index)
    if (other !== undefined) other.hash = hash
    if (this.hashes.length < this.count) this.hashes = new Int32Array(this.starts.length)
    this.hashes[index] = hash
  }

  /** The words that lie in `from` lie in `to` now, so many bytes further on. */
  move(from: Mem, to: Mem, by: number): void {
    for (const word of this.others.values()) if (word.mem === from) word.set(to, word.start + by, word.length)
    if (this.mem !== from) return
    this.mem = to
    this.origin += by
  }

  private lengthen(): void {
    this.starts = twice(this.starts)
    this.lengths = twice(this.lengths)
  }
}

function twice(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const longer = new Uint32Array(numbers.length * 2)
  longer.set(numbers)
  return longer
}
