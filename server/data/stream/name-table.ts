/**
 * Names in the order of their bytes, each with the block it names: the groups of a stream, the consumers of a group.
 *
 * There are a handful, rarely thousands, so they are one array of references that is searched by halves. A block
 * holds its own name, `nameAt` bytes from its start. The table's state is three words in a block of the owner's:
 * array, count, room.
 */

import { compareBytes, copyBytes, type Mem, Span } from '../../lib/bytes.js'
import { type Arena, offsetOf, SEGMENT_SHIFT, UNIT_MASK } from '../../memory/arena.js'
import { readKey } from '../../memory/key.js'

const ROOM_MIN = 4

export class NameTable {
  private state!: Int32Array
  private word = 0
  private readonly name: Span

  constructor(
    private readonly arena: Arena,
    private readonly nameAt: number,
  ) {
    this.name = Span.of('')
  }

  create(block: number, offset: number): void {
    this.open(block, offset)
    this.state.fill(0, this.word, this.word + 3)
  }

  open(block: number, offset: number): this {
    this.state = this.arena.mems[block >>> SEGMENT_SHIFT].i32
    this.word = ((block & UNIT_MASK) << 2) + (offset >>> 2)
    return this
  }

  get count(): number {
    return this.state[this.word + 1]
  }

  /** The block that has this name, or 0. */
  find(name: Span): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.compareAt(middle, name)
      if (order === 0) return this.at(middle)
      if (order < 0) low = middle + 1
      else high = middle
    }
    return 0
  }

  /** The block at a place in the order. */
  at(index: number): number {
    const array = this.state[this.word]
    return this.arena.mem(array).i32[(offsetOf(array) >>> 2) + index]
  }

  /** Takes in a block whose name is not there. */
  insert(name: Span, block: number): void {
    const { count } = this
    const index = this.indexOf(name)
    if (count === this.state[this.word + 2]) this.resize(Math.max(ROOM_MIN, count * 2))
    const { mem, start } = this.array()
    copyBytes(mem, start + index * 4 + 4, mem, start + index * 4, (count - index) * 4)
    mem.i32[(start >>> 2) + index] = block
    this.state[this.word + 1] = count + 1
  }

  /** Takes out a name that is there. */
  remove(name: Span): void {
    const index = this.indexOf(name)
    const count = this.count - 1
    const { mem, start } = this.array()
    copyBytes(mem, start + index * 4, mem, start + index * 4 + 4, (count - index) * 4)
    this.state[this.word + 1] = count
    if (count === 0) this.resize(0)
  }

  /** Takes out the last of them and answers its block. */
  pop(): number {
    const block = this.at(this.count - 1)
    this.state[this.word + 1]--
    if (this.count === 0) this.resize(0)
    return block
  }

  /** The table's own block. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    if (this.count > 0) yield [this.state[this.word], this.state[this.word + 2] * 4]
  }

  /** The first place whose name is not before `name`. */
  private indexOf(name: Span): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.compareAt(middle, name) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  private compareAt(index: number, name: Span): number {
    const block = this.at(index)
    const { mem, start, length } = readKey(this.arena.mem(block), offsetOf(block) + this.nameAt, this.name)
    return compareBytes(mem, start, length, name.mem, name.start, name.length)
  }

  private array(): { mem: Mem; start: number } {
    const array = this.state[this.word]
    return { mem: this.arena.mem(array), start: offsetOf(array) }
  }

  private resize(room: number): void {
    const { mem, start } = this.array()
    const old = this.state[this.word]
    const made = room === 0 ? 0 : this.arena.alloc(room * 4)
    if (made !== 0) copyBytes(this.arena.mem(made), offsetOf(made), mem, start, this.count * 4)
    if (old !== 0) this.arena.free(old, this.state[this.word + 2] * 4)
    this.state[this.word] = made
    this.state[this.word + 2] = room
  }
}
