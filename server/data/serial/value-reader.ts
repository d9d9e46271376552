/**
 * Reads values as RDB files and DUMP have them. Trusts nothing: what it reads may come from anybody. See encoding.ts.
 *
 * Where the bytes come from is the source's matter: a span here, a file that arrives in pieces elsewhere.
 */

import { Mem, Span } from '../../lib/bytes.js'
import { writeInteger } from '../../lib/integer.js'
import { lzfDecompress } from '../../lib/lzf.js'
import {
  CUT_SHORT,
  LENGTH_TOO_LARGE,
  LZF_DAMAGED,
  STRING_TOO_LARGE,
  UNKNOWN_LENGTH,
  UNKNOWN_STRING,
} from './bad-data.js'
import { INT16, INT32, INT8, LENGTH_32, LENGTH_64, LZF, SPECIAL } from './encoding.js'

export interface ByteSource {
  /** The next `count` bytes in one run, in a span that is good until the next call. Throws when there are not so many. */
  take(count: number): Span
  /** The bytes that are there, where that is known. */
  readonly left?: number
}

/** No string is longer, whatever the file says: the largest proto-max-bulk-len. */
const STRING_MAX = 2 ** 32 - 1
/** LZF makes at most 264 bytes of 3: a larger promise is a lie, found out before memory is spent on it. */
const LZF_RATIO_MAX = 88
/** A node of a list or of a stream goes into it. */
const SCRATCH_BYTES = 16384
/** Where nobody knows how many bytes there are, room is made for no more elements than these. */
const RESERVED_MAX = 1 << 16

export class ValueReader {
  /** Where short strings are put together, once there has been one. */
  private spare: Mem | null = null
  private readonly text = new Span(NOWHERE, 0, 0)

  constructor(private readonly source: ByteSource) {}

  byte(): number {
    const { mem, start } = this.source.take(1)
    return mem.u8[start]
  }

  /** Bytes as they are; good until the next read. */
  bytes(count: number): Span {
    return this.source.take(count)
  }

  uint16(): number {
    const { mem, start } = this.source.take(2)
    return mem.dv.getUint16(start, true)
  }

  int32(): number {
    const { mem, start } = this.source.take(4)
    return mem.dv.getInt32(start, true)
  }

  int64(): bigint {
    const { mem, start } = this.source.take(8)
    return mem.dv.getBigInt64(start, true)
  }

  uint64(): bigint {
    const { mem, start } = this.source.take(8)
    return mem.dv.getBigUint64(start, true)
  }

  double(): number {
    const { mem, start } = this.source.take(8)
    return mem.dv.getFloat64(start, true)
  }

  /** A count or a length that a structure of ours can have. */
  size(): number {
    const first = this.byte()
    if (first >= SPECIAL) throw UNKNOWN_LENGTH
    return this.sizeAfter(first)
  }

  /** For how many of the elements that are promised to make room at once: each takes a byte at least. */
  reservable(promised: number): number {
    return Math.min(promised, this.source.left ?? RESERVED_MAX)
  }

  /** A number of up to 64 bits written as a length is: the parts of stream ids. */
  wideSize(): bigint {
    const first = this.byte()
    if (first >= SPECIAL) throw UNKNOWN_LENGTH
    if (first !== LENGTH_64) return BigInt(this.sizeAfter(first))
    const { mem, start } = this.source.take(8)
    return mem.dv.getBigUint64(start)
  }

  /** A string in whatever way it is written; good until the next read. */
  string(): Span {
    const first = this.byte()
    if (first < SPECIAL) return this.source.take(this.sizeAfter(first))
    switch (first & ~SPECIAL) {
      case INT8:
        return this.digits((this.byte() << 24) >> 24)
      case INT16:
        return this.digits((this.uint16() << 16) >> 16)
      case INT32:
        return this.digits(this.int32())
      case LZF:
        return this.compressed()
      default:
        throw UNKNOWN_STRING
    }
  }

  private sizeAfter(first: number): number {
    if (first < 64) return first
    if (first < LENGTH_32) return ((first & 63) << 8) | this.byte()
    if (first === LENGTH_32) return this.bigEndian32()
    if (first !== LENGTH_64) throw UNKNOWN_LENGTH
    const high = this.bigEndian32()
    const low = this.bigEndian32()
    if (high !== 0) throw LENGTH_TOO_LARGE
    return low
  }

  private bigEndian32(): number {
    const { mem, start } = this.source.take(4)
    return mem.dv.getUint32(start)
  }

  private get scratch(): Mem {
    this.spare ??= new Mem(new ArrayBuffer(SCRATCH_BYTES))
    return this.spare
  }

  private digits(value: number): Span {
    const { scratch } = this
    return this.text.set(scratch, 0, writeInteger(value, scratch.u8, 0))
  }

  private compressed(): Span {
    const packed = this.size()
    const full = this.size()
    if (full > STRING_MAX || full > packed * LZF_RATIO_MAX) throw STRING_TOO_LARGE
    const bytes = this.source.take(packed)
    const target = full <= SCRATCH_BYTES ? this.scratch : new Mem(new ArrayBuffer((full + 7) & ~7))
    if (!lzfDecompress(bytes, target, 0, full)) throw LZF_DAMAGED
    return this.text.set(target, 0, full)
  }
}

/** Reads from a span. */
export class SpanSource implements ByteSource {
  private at: number
  private readonly end: number
  private readonly taken: Span

  constructor({ mem, start, length }: Span) {
    this.at = start
    this.end = start + length
    this.taken = new Span(mem, start, 0)
  }

  get left(): number {
    return this.end - this.at
  }

  take(count: number): Span {
    if (count > this.left) throw CUT_SHORT
    const { at } = this
    this.at = at + count
    return this.taken.set(this.taken.mem, at, count)
  }
}

const NOWHERE = new Mem(new ArrayBuffer(0))
