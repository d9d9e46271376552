/** Writes values as RDB files and DUMP have them, into memory of its own. See encoding.ts. */

import { Mem, Span } from '../../lib/bytes.js'
import { parseInteger } from '../../lib/integer.js'
import { LzfCompressor } from '../../lib/lzf.js'
import { INT16, INT32, INT8, LENGTH_14, LENGTH_32, LENGTH_64, LZF, SPECIAL } from './encoding.js'

/** '-' and the ten digits of 2^31. */
const INTEGER_TEXT_MAX = 11
/** A shorter string is not worth compressing. */
const COMPRESSED_MIN = 21
/** Compression must save at least this. */
const SAVING_MIN = 4
const FIRST_BYTES = 256
const FIRST_MARKS = 16
/** LZF takes no more. */
const COMPRESSED_MAX = 2 ** 30 - 1

/** What a writer wrote, with its memory. */
export interface Detached {
  readonly mem: Mem
  readonly length: number
  /** Of a writer that compresses later: where each string worth compressing begins, and its length, by turns. */
  readonly marks: Uint32Array<ArrayBuffer>
}

/** The bytes of the length of a string that is written as it is. */
export function lengthBytes(length: number): number {
  return length < 64 ? 1 : length < 16384 ? 2 : 5
}

export class ValueWriter {
  private mem: Mem
  private at = 0
  private compressor: LzfCompressor | null = null

  private marks = new Uint32Array(FIRST_MARKS)
  private marked = 0

  /**
   * `compress`: the directive rdbcompression. `later`: strings worth it are only marked, for somebody else to do it.
   * `memory`: whether a thread may be handed what was written.
   */
  constructor(
    private readonly compress: boolean | 'later',
    private readonly memory: 'own' | 'shared' = 'own',
  ) {
    this.mem = this.fresh(FIRST_BYTES)
  }

  /** What has been written since the last `reset`, good until more is. */
  get written(): Span {
    return new Span(this.mem, 0, this.at)
  }

  get length(): number {
    return this.at
  }

  /** Begins anew in the same memory. */
  reset(): void {
    this.at = 0
    this.marked = 0
  }

  /** Gives away what was written, with its memory, and begins anew in another. */
  detach(next: Mem = this.fresh(FIRST_BYTES)): Detached {
    const detached = { mem: this.mem, length: this.at, marks: this.marks.slice(0, this.marked) }
    this.mem = next
    this.reset()
    return detached
  }

  /** Puts behind it what another writer has written. */
  add(other: ValueWriter): void {
    const { marks, marked } = other
    for (let i = 0; i < marked; i += 2) this.mark(this.at + marks[i], marks[i + 1])
    this.bytes(other.written)
  }

  /** Makes sure that so many bytes more go into the memory that there is. */
  reserve(bytes: number): void {
    if (this.at + bytes <= this.mem.length) return
    const larger = this.fresh(Math.max(this.mem.length * 2, (this.at + bytes + 7) & ~7))
    larger.u8.set(this.mem.u8.subarray(0, this.at))
    this.mem = larger
  }

  byte(value: number): void {
    this.reserve(1)
    this.mem.u8[this.at++] = value
  }

  /** Bytes as they are, without a length. */
  bytes(bytes: Span): void {
    this.reserve(bytes.length)
    bytes.copyTo(this.mem, this.at)
    this.at += bytes.length
  }

  uint16(value: number): void {
    this.reserve(2)
    this.mem.dv.setUint16(this.at, value, true)
    this.at += 2
  }

  int32(value: number): void {
    this.reserve(4)
    this.mem.dv.setInt32(this.at, value, true)
    this.at += 4
  }

  /** Little endian, as times in milliseconds are. */
  int64(value: number | bigint): void {
    this.reserve(8)
    this.mem.dv.setBigInt64(this.at, BigInt(value), true)
    this.at += 8
  }

  uint64(value: bigint): void {
    this.reserve(8)
    this.mem.dv.setBigUint64(this.at, value, true)
    this.at += 8
  }

  double(value: number): void {
    this.reserve(8)
    this.mem.dv.setFloat64(this.at, value, true)
    this.at += 8
  }

  /** A count or a length. */
  size(value: number | bigint): void {
    this.reserve(9)
    const { u8, dv } = this.mem
    if (value < 64) {
      u8[this.at++] = Number(value)
    } else if (value < 16384) {
      dv.setUint16(this.at, (LENGTH_14 << 8) | Number(value))
      this.at += 2
    } else if (value < 2 ** 32) {
      u8[this.at] = LENGTH_32
      dv.setUint32(this.at + 1, Number(value))
      this.at += 5
    } else {
      u8[this.at] = LENGTH_64
      dv.setBigUint64(this.at + 1, BigInt(value))
      this.at += 9
    }
  }

  /** A string, in the shortest way it can be written. */
  string(value: Span): void {
    if (value.length <= INTEGER_TEXT_MAX && this.integerText(value)) return
    if (value.length >= COMPRESSED_MIN && value.length <= COMPRESSED_MAX) {
      if (this.compress === 'later') this.mark(this.at, value.length)
      else if (this.compress && this.compressed(value)) return
    }
    this.size(value.length)
    this.bytes(value)
  }

  /** The decimal digits of an integer, as a string. */
  integer(value: number | bigint): void {
    if (typeof value === 'number' && value === (value | 0)) this.smallInteger(value)
    else this.string(Span.of(value.toString()))
  }

  private integerText(value: Span): boolean {
    const integer = parseInteger(value)
    if (integer !== (integer | 0)) return false
    this.smallInteger(integer)
    return true
  }

  private smallInteger(value: number): void {
    if (value === (value << 24) >> 24) {
      this.byte(SPECIAL | INT8)
      this.byte(value)
    } else if (value === (value << 16) >> 16) {
      this.byte(SPECIAL | INT16)
      this.uint16(value & 0xffff)
    } else {
      this.byte(SPECIAL | INT32)
      this.int32(value)
    }
  }

  /** The compressed bytes are written behind a gap for the longest header, and then moved up. */
  private compressed(value: Span): boolean {
    const gap = 1 + 9 + 9
    const start = this.at
    this.reserve(gap + value.length)
    this.compressor ??= new LzfCompressor()
    const length = this.compressor.compress(value, this.mem, start + gap, value.length - SAVING_MIN)
    if (length === 0) return false
    this.byte(SPECIAL | LZF)
    this.size(length)
    this.size(value.length)
    this.mem.u8.copyWithin(this.at, start + gap, start + gap + length)
    this.at += length
    return true
  }

  private mark(at: number, length: number): void {
    if (this.marked === this.marks.length) {
      const larger = new Uint32Array(this.marked * 2)
      larger.set(this.marks)
      this.marks = larger
    }
    this.marks[this.marked++] = at
    this.marks[this.marked++] = length
  }

  private fresh(bytes: number): Mem {
    return this.memory === 'shared' ? Mem.ofSize(bytes) : new Mem(new ArrayBuffer(bytes))
  }
}
