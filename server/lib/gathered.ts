/**
 * Byte strings copied out of wherever they were, one behind the other in one memory: a million of them are neither a
 * million objects nor a million JS strings for the collector to walk. A gift stays the memory it came as.
 */

import { copyBytes, Mem, Span } from './bytes.js'

const FIRST_BYTES = 1024
const FIRST_STRINGS = 32
const INT32_MAX = 2 ** 31 - 1

export class Gathered {
  /** How many there are. */
  count = 0
  private mem = new Mem(new ArrayBuffer(FIRST_BYTES))
  /**
   * Where each one ends; the next begins there. They may sum to more than 2 GB; until they do these are integers to V8
   * as well: one double in a span, and V8 would take positions for doubles in all of them, for good.
   */
  private ends: Int32Array | Float64Array = new Int32Array(FIRST_STRINGS)
  /** By index: those that were gifts. */
  private readonly gifts = new Map<number, Span>()
  private giftBytes = 0

  /** Bytes that they have together. */
  get bytes(): number {
    return this.end + this.giftBytes
  }

  add({ mem, start, length }: Span): void {
    if (mem.isGift) this.keep(new Span(mem, start, length))
    else this.copy(mem, start, length)
  }

  /** Points `span` at string `index`; good until the next `add`. */
  view(index: number, span: Span): Span {
    const gift = this.giftBytes > 0 ? this.gifts.get(index) : undefined
    if (gift !== undefined) return span.set(gift.mem, gift.start, gift.length)
    const start = index === 0 ? 0 : this.ends[index - 1]
    return span.set(this.mem, start, this.ends[index] - start)
  }

  private get end(): number {
    return this.count === 0 ? 0 : this.ends[this.count - 1]
  }

  private keep(gift: Span): void {
    this.gifts.set(this.count, gift)
    this.giftBytes += gift.length
    this.copy(gift.mem, 0, 0)
  }

  private copy(mem: Mem, start: number, length: number): void {
    const at = this.end
    const end = at + length
    if (end > this.mem.length) this.widen(end)
    if (this.count === this.ends.length) this.lengthen()
    if (end > INT32_MAX && this.ends instanceof Int32Array) this.ends = Float64Array.from(this.ends)
    copyBytes(this.mem, at, mem, start, length)
    this.ends[this.count++] = end
  }

  private widen(bytes: number): void {
    const wider = new Mem(new ArrayBuffer(Math.max(bytes, this.mem.length * 2)))
    copyBytes(wider, 0, this.mem, 0, this.end)
    this.mem = wider
  }

  private lengthen(): void {
    const { ends } = this
    const length = ends.length * 2
    const longer = ends instanceof Int32Array ? new Int32Array(length) : new Float64Array(length)
    longer.set(ends)
    this.ends = longer
  }
}
