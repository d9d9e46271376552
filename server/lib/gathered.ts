/**
 * Byte strings copied out of wherever they were, one behind the other in one memory: a million of them are neither a
 * million objects nor a million JS strings for the collector to walk.
 */

import { copyBytes, Mem, type Span } from './bytes.js'

const FIRST_BYTES = 1024
const FIRST_STRINGS = 32

export class Gathered {
  /** How many there are. */
  count = 0
  private mem = new Mem(new ArrayBuffer(FIRST_BYTES))
  /** Where each one ends; the next begins there. They may sum to more than 4 GB. */
  private ends = new Float64Array(FIRST_STRINGS)

  /** Bytes that they have together. */
  get bytes(): number {
    return this.count === 0 ? 0 : this.ends[this.count - 1]
  }

  add({ mem, start, length }: Span): void {
    const at = this.bytes
    if (at + length > this.mem.length) this.widen(at + length)
    if (this.count === this.ends.length) this.lengthen()
    copyBytes(this.mem, at, mem, start, length)
    this.ends[this.count++] = at + length
  }

  /** Points `span` at string `index`; good until the next `add`. */
  view(index: number, span: Span): Span {
    const start = index === 0 ? 0 : this.ends[index - 1]
    return span.set(this.mem, start, this.ends[index] - start)
  }

  private widen(bytes: number): void {
    const wider = new Mem(new ArrayBuffer(Math.max(bytes, this.mem.length * 2)))
    copyBytes(wider, 0, this.mem, 0, this.bytes)
    this.mem = wider
  }

  private lengthen(): void {
    const longer = new Float64Array(this.ends.length * 2)
    longer.set(this.ends)
    this.ends = longer
  }
}
