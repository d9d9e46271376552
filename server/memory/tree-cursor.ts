import type { Span } from '../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { readKey } from './key.js'
import { LEAF, type TreeNodes } from './tree-node.js'

/** Walks over the members of a tree in order, in either direction. Good until the tree changes. */
export class TreeCursor {
  score = 0
  /** The member's block; 0 when the cursor stands nowhere. */
  member = 0
  private leaf = 0
  private slot = 0

  constructor(
    private readonly arena: Arena,
    private readonly nodes: TreeNodes,
    private readonly keyAt: number,
  ) {}

  enter(leaf: number, slot: number): boolean {
    this.leaf = leaf
    this.slot = slot
    this.score = this.nodes.score(leaf, slot)
    this.member = this.nodes.member(LEAF, leaf, slot)
    return true
  }

  leave(): false {
    this.member = 0
    return false
  }

  next(): boolean {
    if (this.slot + 1 < this.nodes.count(this.leaf)) return this.enter(this.leaf, this.slot + 1)
    const leaf = this.nodes.next(this.leaf)
    return leaf === 0 ? this.leave() : this.enter(leaf, 0)
  }

  previous(): boolean {
    if (this.slot > 0) return this.enter(this.leaf, this.slot - 1)
    const leaf = this.nodes.previous(this.leaf)
    return leaf === 0 ? this.leave() : this.enter(leaf, this.nodes.count(leaf) - 1)
  }

  /** Points `span` at the member's bytes. */
  key(span: Span): Span {
    const { member } = this
    return readKey(this.arena.mems[member >>> SEGMENT_SHIFT], ((member & UNIT_MASK) << UNIT_SHIFT) + this.keyAt, span)
  }
}
