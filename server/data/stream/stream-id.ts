/**
 * The id of a stream's entry: milliseconds and a sequence number, 64 bits each, in this order of weight.
 *
 * Ids are compared, counted on and stored far more often than they are shown, and neither half fits a JS number when
 * a client picks it. So an id is four int32 words, kept in an object that is aimed again and again. In memory it is
 * 16 bytes, big endian: the order of the bytes is the order of the ids, and RDB files have them so.
 */

import type { Mem } from '../../lib/bytes.js'
import { writeInteger } from '../../lib/integer.js'

const WORD = 2 ** 32
const DASH = 45

/** The bytes of an id in memory. */
export const ID_BYTES = 16
/** Two numbers of 20 digits and the dash. */
export const ID_TEXT_MAX = 41

export class StreamId {
  msHigh = 0
  msLow = 0
  seqHigh = 0
  seqLow = 0

  static least(): StreamId {
    return new StreamId()
  }

  static greatest(): StreamId {
    return new StreamId().setGreatest()
  }

  set(other: StreamId): this {
    return this.setWords(other.msHigh, other.msLow, other.seqHigh, other.seqLow)
  }

  setWords(msHigh: number, msLow: number, seqHigh: number, seqLow: number): this {
    this.msHigh = msHigh
    this.msLow = msLow
    this.seqHigh = seqHigh
    this.seqLow = seqLow
    return this
  }

  setLeast(): this {
    return this.setWords(0, 0, 0, 0)
  }

  setGreatest(): this {
    return this.setWords(-1, -1, -1, -1)
  }

  /** `ms`-0. */
  setMs(ms: number): this {
    return this.setWords(Math.floor(ms / WORD) | 0, ms | 0, 0, 0)
  }

  clone(): StreamId {
    return new StreamId().set(this)
  }

  get isLeast(): boolean {
    return (this.msHigh | this.msLow | this.seqHigh | this.seqLow) === 0
  }

  get isGreatest(): boolean {
    return (this.msHigh & this.msLow & this.seqHigh & this.seqLow) === -1
  }

  get hasGreatestSequence(): boolean {
    return (this.seqHigh & this.seqLow) === -1
  }

  equals(other: StreamId): boolean {
    return (
      this.seqLow === other.seqLow &&
      this.msLow === other.msLow &&
      this.seqHigh === other.seqHigh &&
      this.msHigh === other.msHigh
    )
  }

  hasMsOf(other: StreamId): boolean {
    return this.msLow === other.msLow && this.msHigh === other.msHigh
  }

  /** Whether it is the id behind `other`, with the same milliseconds. */
  follows(other: StreamId): boolean {
    return (
      this.seqLow === ((other.seqLow + 1) | 0) &&
      this.seqLow !== 0 &&
      this.msLow === other.msLow &&
      this.msHigh === other.msHigh &&
      this.seqHigh === other.seqHigh
    )
  }

  /** Below, at or above 0. */
  compare(other: StreamId): number {
    if (this.msHigh !== other.msHigh) return order(this.msHigh, other.msHigh)
    if (this.msLow !== other.msLow) return order(this.msLow, other.msLow)
    if (this.seqHigh !== other.seqHigh) return order(this.seqHigh, other.seqHigh)
    return this.seqLow === other.seqLow ? 0 : order(this.seqLow, other.seqLow)
  }

  /** Compares with the id that stands in memory, as `compare` does. */
  compareAt({ dv }: Mem, at: number): number {
    const msHigh = dv.getInt32(at)
    if (this.msHigh !== msHigh) return order(this.msHigh, msHigh)
    const msLow = dv.getInt32(at + 4)
    if (this.msLow !== msLow) return order(this.msLow, msLow)
    const seqHigh = dv.getInt32(at + 8)
    if (this.seqHigh !== seqHigh) return order(this.seqHigh, seqHigh)
    const seqLow = dv.getInt32(at + 12)
    return this.seqLow === seqLow ? 0 : order(this.seqLow, seqLow)
  }

  /** To the next id there can be; false, and unchanged, at the greatest. */
  increment(): boolean {
    if (this.isGreatest) return false
    this.seqLow = (this.seqLow + 1) | 0
    if (this.seqLow !== 0) return true
    this.seqHigh = (this.seqHigh + 1) | 0
    if (this.seqHigh !== 0) return true
    this.msLow = (this.msLow + 1) | 0
    if (this.msLow === 0) this.msHigh = (this.msHigh + 1) | 0
    return true
  }

  /** To the id before; false, and unchanged, at 0-0. */
  decrement(): boolean {
    if (this.isLeast) return false
    const borrows = this.seqLow === 0
    this.seqLow = (this.seqLow - 1) | 0
    if (!borrows) return true
    const borrowsMs = this.seqHigh === 0
    this.seqHigh = (this.seqHigh - 1) | 0
    if (!borrowsMs) return true
    if (this.msLow === 0) this.msHigh = (this.msHigh - 1) | 0
    this.msLow = (this.msLow - 1) | 0
    return true
  }

  read({ dv }: Mem, at: number): this {
    return this.setWords(dv.getInt32(at), dv.getInt32(at + 4), dv.getInt32(at + 8), dv.getInt32(at + 12))
  }

  write({ dv }: Mem, at: number): void {
    dv.setInt32(at, this.msHigh)
    dv.setInt32(at + 4, this.msLow)
    dv.setInt32(at + 8, this.seqHigh)
    dv.setInt32(at + 12, this.seqLow)
  }

  /** Writes `ms-` at `at` and answers where it ends; with `printSeq` behind it, at most ID_TEXT_MAX bytes. */
  printMs(u8: Buffer, at: number): number {
    const dash = printWord(this.msHigh, this.msLow, u8, at)
    u8[dash] = DASH
    return dash + 1
  }

  printSeq(u8: Buffer, at: number): number {
    return printWord(this.seqHigh, this.seqLow, u8, at)
  }

  toString(): string {
    return `${decimal(this.msHigh, this.msLow)}-${decimal(this.seqHigh, this.seqLow)}`
  }

  /** Both halves, as RDB files have them. */
  get ms(): bigint {
    return wide(this.msHigh, this.msLow)
  }

  get seq(): bigint {
    return wide(this.seqHigh, this.seqLow)
  }

  setParts(ms: bigint, seq: bigint): this {
    return this.setWords(
      Number(ms >> 32n) | 0,
      Number(ms & 0xffffffffn) | 0,
      Number(seq >> 32n) | 0,
      Number(seq & 0xffffffffn) | 0,
    )
  }
}

/** The order of two different words, unsigned. */
function order(a: number, b: number): number {
  return a >>> 0 < b >>> 0 ? -1 : 1
}

function wide(high: number, low: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)
}

function decimal(high: number, low: number): number | bigint {
  const value = (high >>> 0) * WORD + (low >>> 0)
  return value <= Number.MAX_SAFE_INTEGER ? value : wide(high, low)
}

function printWord(high: number, low: number, u8: Buffer, at: number): number {
  const value = (high >>> 0) * WORD + (low >>> 0)
  if (value <= Number.MAX_SAFE_INTEGER) return writeInteger(value, u8, at)
  return at + u8.latin1Write(wide(high, low).toString(), at)
}
