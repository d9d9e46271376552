/**
 * The root block of a big hash: its table, and what is known of the times of its fields.
 *
 *       0  dict       u32: root of the dict
 *       4  timed      u32: fields that have a time to live
 *       8  cursor     u32: where the sweep for dead fields goes on
 *      16  bytes      f64: of the blocks of all fields
 *      24  earliest   f64: unix ms before which no field dies
 *      32  swept      f64: the same for what this round of the sweep has left behind it
 *
 * When the sweep comes round, `swept` becomes `earliest`: a hash of which nothing is due is not looked at.
 */

import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from '../../memory/arena.js'

export const HEAD_BYTES = 40

export class TableHead {
  private root = 0

  constructor(private readonly arena: Arena) {}

  create(dict: number): number {
    const root = this.arena.alloc(HEAD_BYTES)
    this.open(root)
    this.setWord(0, dict)
    this.timed = 0
    this.cursor = 0
    this.bytes = 0
    this.earliest = Infinity
    this.swept = Infinity
    return root
  }

  /** Points this object at the head of a hash. */
  open(root: number): this {
    this.root = root
    return this
  }

  get dict(): number {
    return this.word(0)
  }

  get timed(): number {
    return this.word(1)
  }

  set timed(count: number) {
    this.setWord(1, count)
  }

  get cursor(): number {
    return this.word(2) >>> 0
  }

  set cursor(cursor: number) {
    this.setWord(2, cursor)
  }

  get bytes(): number {
    return this.double(16)
  }

  set bytes(bytes: number) {
    this.setDouble(16, bytes)
  }

  get earliest(): number {
    return this.double(24)
  }

  set earliest(ms: number) {
    this.setDouble(24, ms)
  }

  get swept(): number {
    return this.double(32)
  }

  set swept(ms: number) {
    this.setDouble(32, ms)
  }

  private word(index: number): number {
    return this.arena.mems[this.root >>> SEGMENT_SHIFT].i32[((this.root & UNIT_MASK) << 2) + index]
  }

  private setWord(index: number, value: number): void {
    this.arena.mems[this.root >>> SEGMENT_SHIFT].i32[((this.root & UNIT_MASK) << 2) + index] = value
  }

  private double(at: number): number {
    return this.arena.mem(this.root).dv.getFloat64(((this.root & UNIT_MASK) << UNIT_SHIFT) + at, true)
  }

  private setDouble(at: number, value: number): void {
    this.arena.mem(this.root).dv.setFloat64(((this.root & UNIT_MASK) << UNIT_SHIFT) + at, value, true)
  }
}
