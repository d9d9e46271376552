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
 * The output differs from liblzf's byte for byte (another hash), as the format allows; any LZF reads it.
 * The decompressor trusts nothing: its input may come from a RESTORE.
 */

const LITERAL_MAX = 32
const OFFSET_MAX = 1 << 13
const MATCH_MIN = 3
const MATCH_MAX = 264
/** From this length on a back reference spends a byte of its own on the length. */
const LONG_MATCH_MIN = 9

const HASH_BITS = 14
const BASE_MAX = 2 ** 30

/** The target between two calls: a compressor at rest keeps nobody's memory alive. */
const NOTHING = new Uint8Array(0)

/** Owns the table that compression needs; use one again and again. */
export class LzfCompressor {
  private readonly seen = new Int32Array(1 << HASH_BITS)
  /** Position p of the current input is stored as base + p, always above 0. */
  private base = 1
  private target: Uint8Array = NOTHING
  private at = 0
  private end = 0

  /**
   * Compresses `length` bytes into `target[at ...]` and returns how many bytes that took, or 0 when it would take
   * more than `room`. Inputs are shorter than 2^30.
   */
  compress(
    u8: Uint8Array,
    start: number,
    length: number,
    target: Uint8Array,
    at: number,
    room: number,
  ): number {
    if (this.base > BASE_MAX) this.forget()
    this.target = target
    this.at = at
    this.end = at + room
    const fits = this.run(u8, start, start + length)
    this.base += length
    this.target = NOTHING
    return fits ? this.at - at : 0
  }

  private run(u8: Uint8Array, start: number, end: number): boolean {
    const lastTriple = end - MATCH_MIN
    let literals = start
    let i = start
    while (i <= lastTriple) {
      const candidate = this.lastSeen(u8, i, start)
      const length = candidate < 0 ? 0 : matchLength(u8, candidate, i, end)
      if (length < MATCH_MIN) {
        i++
        continue
      }
      if (!this.literals(u8, literals, i) || !this.reference(i - candidate - 1, length)) return false
      i += length
      literals = i
      // Two triples inside the match are remembered, so that what follows it can be found in context.
      if (i <= lastTriple) {
        this.lastSeen(u8, i - 2, start)
        this.lastSeen(u8, i - 1, start)
      }
    }
    return this.literals(u8, literals, end)
  }

  /** Where the three bytes at `i` were seen last within reach, or -1; from now on, they were seen at `i`. */
  private lastSeen(u8: Uint8Array, i: number, start: number): number {
    const triple = u8[i] | (u8[i + 1] << 8) | (u8[i + 2] << 16)
    const slot = Math.imul(triple, 0x9e3779b1) >>> (32 - HASH_BITS)
    const position = this.seen[slot] - this.base
    this.seen[slot] = this.base + i - start
    return position >= 0 && i - start - position <= OFFSET_MAX ? start + position : -1
  }

  private literals(u8: Uint8Array, from: number, to: number): boolean {
    for (let i = from; i < to; i += LITERAL_MAX) {
      const count = Math.min(LITERAL_MAX, to - i)
      if (this.at + 1 + count > this.end) return false
      this.target[this.at++] = count - 1
      for (let k = 0; k < count; k++) this.target[this.at++] = u8[i + k]
    }
    return true
  }

  private reference(offset: number, length: number): boolean {
    const long = length >= LONG_MATCH_MIN
    if (this.at + (long ? 3 : 2) > this.end) return false
    this.target[this.at++] = ((long ? 7 : length - 2) << 5) | (offset >> 8)
    if (long) this.target[this.at++] = length - LONG_MATCH_MIN
    this.target[this.at++] = offset & 255
    return true
  }

  private forget(): void {
    this.seen.fill(0)
    this.base = 1
  }
}

function matchLength(u8: Uint8Array, earlier: number, later: number, end: number): number {
  const limit = Math.min(MATCH_MAX, end - later)
  let length = 0
  while (length < limit && u8[earlier + length] === u8[later + length]) length++
  return length
}

/**
 * Decompresses `length` bytes into `target[at ... at + size]`. False when the input is damaged or does not give
 * exactly `size` bytes; the target then holds anything, but nothing outside its range was touched.
 */
export function lzfDecompress(
  u8: Uint8Array,
  start: number,
  length: number,
  target: Uint8Array,
  at: number,
  size: number,
): boolean {
  const end = start + length
  const limit = at + size
  let i = start
  let to = at
  while (i < end) {
    const control = u8[i++]
    if (control < LITERAL_MAX) {
      const count = control + 1
      if (i + count > end || to + count > limit) return false
      for (let k = 0; k < count; k++) target[to++] = u8[i++]
      continue
    }
    const long = control >>> 5 === 7
    if (i + (long ? 2 : 1) > end) return false
    const count = long ? u8[i++] + LONG_MATCH_MIN : (control >>> 5) + 2
    const from = to - (((control & 31) << 8) | u8[i++]) - 1
    if (from < at || to + count > limit) return false
    // Byte by byte: the ranges overlap when a pattern repeats, and then the copy feeds itself.
    for (let k = 0; k < count; k++) target[to++] = target[from + k]
  }
  return to === limit
}
