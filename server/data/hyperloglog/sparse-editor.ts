/**
 * Raising one register of a sparse sketch, in place.
 *
 * The opcode that covers the register is found and split: `Z:16384` around register 1000 becomes
 * `Z:1000 v:2,1 Z:15383`. Then neighbouring VALs of equal value grow together again. Many writings of the
 * same registers would be valid; this one makes the cuts and the joins that Redis makes, in its order, so
 * that two servers given the same elements hold the same bytes.
 *
 * Finding the opcode is a walk from the front, and a PFMERGE raises a thousand registers in ascending order:
 * walking afresh each time costs milliseconds. The editor remembers the opcode before the last one it
 * touched and resumes there. That place stays an opcode boundary with the same first register whatever
 * happens behind it, because edits begin behind it and joins keep the left end where it was.
 */
import type { Span } from '../../lib/bytes.js'
import { HEADER_BYTES } from './format.js'
import {
  VAL_MAX,
  VAL_RUN_MAX,
  XZERO_BIT,
  ZERO_RUN_MAX,
  isVal,
  isXzero,
  valOpcode,
  valRun,
  valValue,
  xzeroRun,
  zeroRun,
} from './sparse.js'

/** `full`: the result would not fit the sparse writing or its limit, and nothing was changed. */
export type Edit = 'raised' | 'kept' | 'full' | 'corrupt'

/** The bytes one edit can add: an XZERO of two becomes XZERO VAL XZERO. */
export const GROWTH_MAX = 3

/** How many opcodes a join looks at, from the one before the edit on. */
const JOIN_SCAN = 5

const NONE = -1

export class SparseEditor {
  /** Where the next walk starts: an opcode and the first register it covers. */
  private resumeAt = HEADER_BYTES
  private resumeFirst = 0

  /** The opcode found by the last walk: its place, first register and run; and the one before it. */
  private at = HEADER_BYTES
  private first = 0
  private run = 0
  private previous = NONE
  private previousFirst = 0

  private readonly replacement = new Uint8Array(2 + 1 + 2)

  /** Edits `sketch`, whose memory must have room for GROWTH_MAX more bytes behind its end at every raise. */
  constructor(private readonly sketch: Span) {}

  /** To be called whenever the sketch was changed by somebody else. */
  rewind(): void {
    this.resumeAt = HEADER_BYTES
    this.resumeFirst = 0
  }

  /** Lifts a register to `rank`, unless the sketch would then grow beyond `bytesMax`. */
  raise(index: number, rank: number, bytesMax: number): Edit {
    if (rank > VAL_MAX) return 'full'
    if (!this.locate(index)) return 'corrupt'
    const opcode = this.sketch.at(this.at)
    if (isVal(opcode) && valValue(opcode) >= rank) return 'kept'
    if (this.run === 1 && !isXzero(opcode)) this.put(this.at, valOpcode(rank, 1))
    else if (!this.split(opcode, index, rank, bytesMax)) return 'full'
    this.join()
    return 'raised'
  }

  /** Finds the opcode that covers a register, and the one before it; false when no opcode does. */
  private locate(index: number): boolean {
    if (index < this.resumeFirst) this.rewind()
    if (!this.walkTo(index)) return false
    if (this.previous === NONE && this.at !== HEADER_BYTES) {
      this.rewind()
      this.walkTo(index)
    }
    this.resumeAt = this.previous === NONE ? HEADER_BYTES : this.previous
    this.resumeFirst = this.previousFirst
    return true
  }

  private walkTo(index: number): boolean {
    const { mem, start, length } = this.sketch
    const u8 = mem.u8
    const end = start + length
    let at = start + this.resumeAt
    let first = this.resumeFirst
    let previous = NONE
    let previousFirst = 0
    while (at < end) {
      const opcode = u8[at]
      const wide = isXzero(opcode)
      if (wide && at + 1 >= end) return false
      const run = wide ? xzeroRun(opcode, u8[at + 1]) : isVal(opcode) ? valRun(opcode) : zeroRun(opcode)
      if (index < first + run) {
        this.found(at - start, first, run, previous, previousFirst)
        return true
      }
      previous = at - start
      previousFirst = first
      at += wide ? 2 : 1
      first += run
    }
    return false
  }

  private found(at: number, first: number, run: number, previous: number, previousFirst: number): void {
    this.at = at
    this.first = first
    this.run = run
    this.previous = previous
    this.previousFirst = previousFirst
  }

  /** Replaces the found opcode by what is left of it before `index`, the new VAL, and what is left behind. */
  private split(opcode: number, index: number, rank: number, bytesMax: number): boolean {
    let count = this.remainder(0, opcode, index - this.first)
    this.replacement[count++] = valOpcode(rank, 1)
    count = this.remainder(count, opcode, this.first + this.run - 1 - index)

    const replaced = isXzero(opcode) ? 2 : 1
    const growth = count - replaced
    if (growth > 0 && this.sketch.length + growth > bytesMax) return false
    this.moveTail(this.at + replaced, growth)
    for (let i = 0; i < count; i++) this.put(this.at + i, this.replacement[i])
    return true
  }

  /** Appends to the replacement a shorter run of what `opcode` says; returns the new count of its bytes. */
  private remainder(count: number, opcode: number, run: number): number {
    const bytes = this.replacement
    if (run === 0) return count
    if (isVal(opcode)) {
      bytes[count] = valOpcode(valValue(opcode), run)
    } else if (run <= ZERO_RUN_MAX) {
      bytes[count] = run - 1
    } else {
      bytes[count++] = XZERO_BIT | ((run - 1) >> 8)
      bytes[count] = run - 1
    }
    return count + 1
  }

  /** Joins equal VALs next to each other, around the edit. */
  private join(): void {
    let at = this.previous === NONE ? HEADER_BYTES : this.previous
    for (let scanned = 0; scanned < JOIN_SCAN && at < this.sketch.length; scanned++) {
      const opcode = this.sketch.at(at)
      if (isXzero(opcode)) at += 2
      else if (!isVal(opcode) || !this.joinNext(at, opcode)) at++
    }
  }

  /** Takes the VAL behind `at` into the one at `at`, where value and run length allow. */
  private joinNext(at: number, opcode: number): boolean {
    if (at + 1 >= this.sketch.length) return false
    const next = this.sketch.at(at + 1)
    const run = valRun(opcode) + valRun(next)
    if (!isVal(next) || valValue(next) !== valValue(opcode) || run > VAL_RUN_MAX) return false
    this.put(at, valOpcode(valValue(opcode), run))
    this.moveTail(at + 2, -1)
    return true
  }

  private put(at: number, byte: number): void {
    this.sketch.mem.u8[this.sketch.start + at] = byte
  }

  /** Moves everything from `from` on by `by` bytes, and the end with it. */
  private moveTail(from: number, by: number): void {
    const { mem, start, length } = this.sketch
    if (by !== 0) mem.u8.copyWithin(start + from + by, start + from, start + length)
    this.sketch.length += by
  }
}
