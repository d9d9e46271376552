/**
 * The longest common subsequence of two strings.
 *
 * The textbook fills a table of (n+1)(m+1) counts and walks back through it: two strings of 10 KB need
 * 400 MB and a third of a second on the one thread that serves everybody. Here a cell is one bit.
 *
 * Along a row of the table a count grows by 0 or 1 per column, so a row is a string of bits, and the next row
 * follows from it by one addition, thirty-two columns at a time (Crochemore et al. 2001, Hyyrö 2004). With
 * V the row's bits, 0 where the count grows, and M the columns whose byte equals the row's:
 *
 *     U  = V & M
 *     V' = (V + U) | (V & ~M)
 *
 * The walk back needs no more than those bits. It stands at (i, j); when the bytes there are equal it goes
 * diagonally. Otherwise it goes up if the count above exceeds the count to the left, else left; and the
 * count here is the greater of the two, so "above exceeds left" says just that the row grows at this column.
 * Ties go left, as in Redis: which of several longest subsequences is found is visible to clients.
 *
 * What it does not save: the work is still n times m, over 32, in one go. Redis refuses strings whose table
 * would be too large, and so must a caller, by `lcsTableBytes`: memory stays below that, usually far below.
 */
import type { Span } from '../lib/bytes.js'
import { popcount } from './bits.js'

/** A stretch both strings share: the places of its first byte in each, and how many bytes. */
export interface CommonRun {
  readonly a: number
  readonly b: number
  readonly length: number
}

/** What the textbook's table would take: Redis refuses what exceeds `proto-max-bulk-len`. */
export function lcsTableBytes(a: Span, b: Span): number {
  return (a.length + 1) * (b.length + 1) * 4
}

export function lcsLength(a: Span, b: Span): number {
  const masks = new ColumnMasks(a, b)
  const row = new Int32Array(masks.words).fill(-1)
  for (let i = 0; i < a.length; i++) nextRow(row, 0, row, 0, masks, a.at(i))
  return growth(row, 0, masks.words)
}

/** The subsequence itself. */
export function lcsBytes(a: Span, b: Span): Buffer {
  const table = new LcsTable(a, b)
  const bytes = Buffer.allocUnsafe(table.length)
  let end = bytes.length
  table.walk(run => {
    end -= run.length
    bytes.set(a.bytes().subarray(run.a, run.a + run.length), end)
  })
  return bytes
}

/** The runs of at least `minLength` bytes that make up the subsequence, last first; and its whole length. */
export function lcsRuns(a: Span, b: Span, minLength: number): { length: number; runs: CommonRun[] } {
  const table = new LcsTable(a, b)
  const runs: CommonRun[] = []
  table.walk(run => {
    if (run.length >= minLength) runs.push(run)
  })
  return { length: table.length, runs }
}

/** All rows, kept for the walk back. Row 0 is that of the empty prefix of `a`. */
class LcsTable {
  readonly length: number
  private readonly words: number
  private readonly rows: Int32Array

  constructor(
    private readonly a: Span,
    private readonly b: Span,
  ) {
    const masks = new ColumnMasks(a, b)
    const { words } = masks
    this.words = words
    this.rows = new Int32Array((a.length + 1) * words).fill(-1, 0, words)
    for (let i = 0; i < a.length; i++)
      nextRow(this.rows, i * words, this.rows, (i + 1) * words, masks, a.at(i))
    this.length = growth(this.rows, a.length * words, words)
  }

  /** Calls `visit` for each run of the subsequence, from the end of the strings to their beginning. */
  walk(visit: (run: CommonRun) => void): void {
    const { a, b } = this
    let i = a.length
    let j = b.length
    while (i > 0 && j > 0) {
      const length = this.runEndingAt(i, j)
      if (length > 0) {
        i -= length
        j -= length
        visit({ a: i, b: j, length })
      } else if (this.growsAt(i, j)) i--
      else j--
    }
  }

  /** How many bytes before `i` in a and `j` in b are equal. */
  private runEndingAt(i: number, j: number): number {
    const { a, b } = this
    let length = 0
    while (length < i && length < j && a.at(i - 1 - length) === b.at(j - 1 - length)) length++
    return length
  }

  /** True when row `i` counts one more with column `j` (from 1) than without it. */
  private growsAt(i: number, j: number): boolean {
    const word = this.rows[i * this.words + ((j - 1) >>> 5)]
    return (word & (1 << ((j - 1) & 31))) === 0
  }
}

/** For each byte that occurs in `a`, the columns (bytes of `b`) equal to it, as bits. */
class ColumnMasks {
  /** Words in a row. */
  readonly words: number
  readonly bits: Int32Array
  private readonly startOf = new Int32Array(256).fill(-1)

  constructor(a: Span, b: Span) {
    this.words = Math.ceil(b.length / 32)
    this.bits = new Int32Array(this.assign(a) * this.words)
    for (let j = 0; j < b.length; j++) {
      const start = this.startOf[b.at(j)]
      if (start >= 0) this.bits[start + (j >>> 5)] |= 1 << (j & 31)
    }
  }

  of(byte: number): number {
    return this.startOf[byte]
  }

  /** Gives each byte of `a` its place; returns how many different ones there are. */
  private assign(a: Span): number {
    let distinct = 0
    for (let i = 0; i < a.length; i++) {
      const byte = a.at(i)
      if (this.startOf[byte] < 0) this.startOf[byte] = distinct++ * this.words
    }
    return distinct
  }
}

/** Computes a row from the one before it; both may be the same. The carry runs through all words. */
function nextRow(
  from: Int32Array,
  fromAt: number,
  to: Int32Array,
  toAt: number,
  masks: ColumnMasks,
  byte: number,
): void {
  const { bits, words } = masks
  const maskAt = masks.of(byte)
  let carry = 0
  for (let w = 0; w < words; w++) {
    const v = from[fromAt + w]
    const mask = bits[maskAt + w]
    const u = v & mask
    const sum = (v + u + carry) | 0
    carry = ((v & u) | ((v | u) & ~sum)) >>> 31
    to[toAt + w] = sum | (v & ~mask)
  }
}

/** The number of columns at which a row grows: the clear bits. The unused bits of the last word stay set. */
function growth(rows: Int32Array, at: number, words: number): number {
  let count = 0
  for (let w = 0; w < words; w++) count += popcount(~rows[at + w])
  return count
}
