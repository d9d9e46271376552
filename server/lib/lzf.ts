/**
 * LZF (Marc Lehmann): the compression of strings in RDB files and of cold list nodes.
 *
 * The compressed form is a sequence of
 *
 *   000LLLLL <L+1 bytes>              literal run: copy 1 to 32 bytes
 *   LLLooooo oooooooo                 back reference: copy L+2 bytes (3 to 8) from offset o+1 back
 *   111ooooo LLLLLLLL oooooooo        back reference: copy L+9 bytes (9 to 264)
 *
 * The compressor remembers, in a hash table over three bytes, where each triple was seen last, and takes the
 * match it finds there; no lazy matching, no chains. Speed is the point: what it saves must be worth less than
 * the disk it would have written.
 *
 * Clearing the table would cost more than compressing a short string. So positions are stored with a base that
 * grows by each input's length: entries of earlier inputs lie below the base and read as empty.
 *
 * Bytes are looked at four at a time wherever they are compared or copied. And where nothing has matched for a while,
 * little will: the search then takes longer and longer strides, so that what cannot be compressed passes at the speed
 * of a copy rather than at a twentieth of it.
 *
 * Sums of positions end in `| 0`: then V8 keeps them in registers as int32, and does not ask of each whether it has
 * overflowed, which took a fifth of the time.
 *
 * The output differs from liblzf's byte for byte (another hash, strides), as the format allows; any LZF reads it.
 * The decompressor trusts nothing: its input may come from a RESTORE.
 */

import { type Mem, type Span, copyBytes } from './bytes.js'

const LITERAL_MAX = 32
const SHORT_LITERALS_MAX = 8
const OFFSET_MAX = 1 << 13
const MATCH_MIN = 3
const MATCH_MAX = 264
/** From this length on a back reference spends a byte of its own on the length. */
const LONG_MATCH_MIN = 9
const LONG_REFERENCE_BYTES = 3

const HASH_BITS = 14
const BASE_MAX = 2 ** 30
/** Positions are int32, and a match or a run of literals is added to them before the limit is looked at. */
const POSITION_MAX = 2 ** 31 - 1024

/** After so many literals in a row, as a power of two, each stride is a byte longer. */
const PATIENCE_SHIFT = 6
const STRIDE_MAX = 16

const WORD = 4
/** What a copy in whole words may write beyond its end, and read. */
const SLACK = WORD - 1

/** The answer of whoever writes, when the room does not suffice. */
const NO_ROOM = -1

/** Owns the table that compression needs; use one again and again. */
export class LzfCompressor {
  private readonly seen = new Int32Array(1 << HASH_BITS)
  /** Position p of the current input is stored as base + p, always above 0. */
  private base = 1

  /**
   * Compresses bytes, fewer than 2^30, to `to` at `at` and answers how many that took, or 0 when it would take more
   * than `room` or a byte less, or when either lies beyond the first 2 GB of its memory.
   */
  compress({ mem, start, length }: Span, to: Mem, at: number, room: number): number {
    if (start + length > POSITION_MAX || at + room > POSITION_MAX) return 0
    if (this.base > BASE_MAX) this.forget()
    const end = this.run(mem, start, start + length, to, at, at + room)
    this.base += length
    return end === NO_ROOM ? 0 : end - at
  }

  /** Answers where the compressed bytes end, or NO_ROOM. */
  private run(from: Mem, first: number, behind: number, to: Mem, target: number, most: number): number {
    const { seen } = this
    const { dv } = from
    const out = to.u8
    const start = first | 0
    const end = behind | 0
    const limit = most | 0
    const shift = (this.base - start) | 0
    const lastWord = (end - WORD) | 0
    let at = target | 0
    let literals = start
    let i = start
    while (i <= lastWord) {
      const word = dv.getInt32(i, true)
      const slot = slotOf(word)
      const earlier = (seen[slot] - shift) | 0
      seen[slot] = (i + shift) | 0
      const offset = (i - earlier - 1) | 0
      if (earlier < start || offset >= OFFSET_MAX || !sameTriple(word, dv.getInt32(earlier, true))) {
        const literal = (i - literals) | 0
        i = (i + 1 + Math.min(literal >> PATIENCE_SHIFT, STRIDE_MAX)) | 0
        continue
      }
      at = putLiterals(from, literals, i, to, at, limit)
      if (at === NO_ROOM || at + LONG_REFERENCE_BYTES > limit) return NO_ROOM
      const matchEnd = endOfMatch(from, earlier, i, end)
      at = putReference(offset, (matchEnd - i) | 0, out, at)
      i = literals = matchEnd
      // Two triples inside the match are remembered, so that what follows it can be found in context.
      if (i > lastWord) break
      seen[slotOf(dv.getInt32((i - 2) | 0, true))] = (i - 2 + shift) | 0
      seen[slotOf(dv.getInt32((i - 1) | 0, true))] = (i - 1 + shift) | 0
    }
    return putLiterals(from, literals, end, to, at, limit)
  }

  private forget(): void {
    this.seen.fill(0)
    this.base = 1
  }
}

/** The place in the table for the first three bytes of a word. */
function slotOf(word: number): number {
  return Math.imul(word << 8, 0x9e3779b1) >>> (32 - HASH_BITS)
}

function sameTriple(a: number, b: number): boolean {
  return (a ^ b) << 8 === 0
}

/** Where the bytes, up to `end`, are no longer the same as at an earlier place, from a triple on that is. */
function endOfMatch({ dv, u8 }: Mem, earlier: number, later: number, end: number): number {
  const limit = Math.min(end, later + MATCH_MAX)
  const back = (later - earlier) | 0
  let i = (later + MATCH_MIN) | 0
  for (; i <= limit - WORD; i = (i + WORD) | 0) {
    const difference = dv.getInt32((i - back) | 0, true) ^ dv.getInt32(i, true)
    if (difference !== 0) return (i + (trailingZeros(difference) >>> 3)) | 0
  }
  while (i < limit && u8[i - back] === u8[i]) i = (i + 1) | 0
  return i
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word)
}

/** Runs of literals are mostly a byte or two, which a loop copies before `copyBytes` has asked its questions. */
function putLiterals(from: Mem, start: number, end: number, to: Mem, at: number, limit: number): number {
  const count = (end - start) | 0
  if (count > SHORT_LITERALS_MAX) return putLongLiterals(from, start, end, to, at, limit)
  if (count === 0) return at
  if (at + count >= limit) return NO_ROOM
  const source = from.u8
  const target = to.u8
  const shift = (at + 1 - start) | 0
  target[at] = count - 1
  for (let i = start; i < end; i = (i + 1) | 0) target[(i + shift) | 0] = source[i]
  return (at + 1 + count) | 0
}

function putLongLiterals(from: Mem, start: number, end: number, to: Mem, at: number, limit: number): number {
  for (let i = start; i < end; i += LITERAL_MAX) {
    const count = Math.min(LITERAL_MAX, end - i)
    if (at + 1 + count > limit) return NO_ROOM
    to.u8[at++] = count - 1
    copyBytes(to, at, from, i, count)
    at += count
  }
  return at
}

function putReference(offset: number, length: number, u8: Buffer, at: number): number {
  const long = length >= LONG_MATCH_MIN
  u8[at] = ((long ? 7 : length - 2) << 5) | (offset >> 8)
  if (!long) {
    u8[(at + 1) | 0] = offset
    return (at + 2) | 0
  }
  u8[(at + 1) | 0] = length - LONG_MATCH_MIN
  u8[(at + 2) | 0] = offset
  return (at + LONG_REFERENCE_BYTES) | 0
}

/**
 * Decompresses into `to` from `start` to `start + size`. False when the input is damaged or does not give exactly
 * `size` bytes; the target then holds anything, but nothing outside its range was touched.
 */
export function lzfDecompress(packed: Span, to: Mem, start: number, size: number): boolean {
  const { mem } = packed
  const { u8 } = mem
  const end = packed.start + packed.length
  const limit = start + size
  let i = packed.start
  let at = start
  while (i < end) {
    const control = u8[i++]
    if (control < LITERAL_MAX) {
      const count = control + 1
      if (i + count > end || at + count > limit) return false
      if (i + count + SLACK <= end && at + count + SLACK <= limit) copyLoosely(to.dv, at, mem.dv, i, count)
      else copyBytes(to, at, mem, i, count)
      i += count
      at += count
      continue
    }
    const long = control >>> 5 === 7
    if (i + (long ? 2 : 1) > end) return false
    const count = long ? u8[i++] + LONG_MATCH_MIN : (control >>> 5) + 2
    const distance = (((control & 31) << 8) | u8[i++]) + 1
    if (at - distance < start || at + count > limit) return false
    if (distance >= WORD && at + count + SLACK <= limit) copyLoosely(to.dv, at, to.dv, at - distance, count)
    else repeat(to, at, distance, count)
    at += count
  }
  return at === limit
}

/** Copies in whole words, each read when those before it have been written. What is beyond the end comes later. */
function copyLoosely(to: DataView, at: number, from: DataView, start: number, count: number): void {
  for (let i = 0; i < count; i += WORD) to.setInt32(at + i, from.getInt32(start + i, true), true)
}

/**
 * Copies what stands `distance` bytes before, up to itself: a pattern that repeats feeds itself. One shorter than a word
 * is doubled until it is not.
 */
function repeat({ u8, dv }: Mem, start: number, distance: number, count: number): void {
  const end = start + count
  let at = start
  for (; distance < WORD && at + distance <= end; distance *= 2)
    for (const copied = at + distance; at < copied; at++) u8[at] = u8[at - distance]
  if (distance >= WORD)
    for (; at + WORD <= end; at += WORD) dv.setInt32(at, dv.getInt32(at - distance, true), true)
  for (; at < end; at++) u8[at] = u8[at - distance]
}
