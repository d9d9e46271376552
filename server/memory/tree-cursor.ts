import type { Mem, Span } from '../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { readKey } from './key.js'
import { LEAF, type TreeNodes, membersAt, scoresAt } from './tree-node.js'

/** As many members as `takeRow` takes at once. */
export const ROW_MAX = LEAF.max

/**
 * Walks over the members of a tree in order, in either direction. Good until the tree changes.
 *
 * A range of a hundred members is a hundred steps: so a step within a leaf touches the leaf's words alone.
 */
export class TreeCursor {
  /** The member's block; 0 when the cursor stands nowhere. */
  member = 0
  private leaf = 0
  private slot = 0
  private count = 0
  private mem!: Mem
  /** The word of the leaf's first member. */
  private members = 0

  constructor(
    private readonly arena: Arena,
    private readonly nodes: TreeNodes,
    private readonly keyAt: number,
  ) {}

  enter(leaf: number, slot: number): boolean {
    this.leaf = leaf
    this.mem = this.arena.mems[leaf >>> SEGMENT_SHIFT]
    this.members = membersAt(LEAF, leaf)
    this.count = this.nodes.count(leaf)
    return this.stand(slot)
  }

  leave(): false {
    this.member = 0
    return false
  }

  get score(): number {
    return this.mem.dv.getFloat64(scoresAt(this.leaf) + (this.slot << 3), true)
  }

  next(): boolean {
    if (this.slot + 1 < this.count) return this.stand(this.slot + 1)
    const leaf = this.nodes.next(this.leaf)
    return leaf === 0 ? this.leave() : this.enter(leaf, 0)
  }

  previous(): boolean {
    if (this.slot > 0) return this.stand(this.slot - 1)
    const leaf = this.nodes.previous(this.leaf)
    return leaf === 0 ? this.leave() : this.enter(leaf, this.nodes.count(leaf) - 1)
  }

  /** Takes up to `most` members from here to the end of the leaf, and goes on behind them. Answers how many. */
  takeRow(into: Int32Array, most: number, reverse: boolean): number {
    const { slot, members } = this
    const { i32 } = this.mem
    const taken = Math.min(most, reverse ? slot + 1 : this.count - slot)
    if (reverse) {
      for (let i = 0; i < taken; i++) into[i] = i32[members + slot - i]
      this.slot = slot - taken + 1
      this.previous()
    } else {
      for (let i = 0; i < taken; i++) into[i] = i32[members + slot + i]
      this.slot = slot + taken - 1
      this.next()
    }
    return taken
  }

  /** Points `span` at the member's bytes. */
  key(span: Span): Span {
    const { member } = this
    return readKey(
      this.arena.mems[member >>> SEGMENT_SHIFT],
      ((member & UNIT_MASK) << UNIT_SHIFT) + this.keyAt,
      span,
    )
  }

  private stand(slot: number): true {
    this.slot = slot
    this.member = this.mem.i32[this.members + slot]
    return true
  }
}
