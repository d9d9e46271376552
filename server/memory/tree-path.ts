/**
 * A tree's state, and the way down into it: the nodes from the root to the leaf where an operation works, with the
 * slot in each. See ordered-tree.ts.
 */

import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { INNER, LEAF, type TreeNodes } from './tree-node.js'
import type { TreeProbe } from './tree-probe.js'

/** The bytes of a tree's state: root, height, units of its nodes, members. */
export const TREE_STATE_BYTES = 16

const UNIT_BYTES = 1 << UNIT_SHIFT

/** 50 ^ 10 is more than there can be. */
const DEPTH_MAX = 12

export class TreePath {
  /** The state's first two words, which every step asks for. */
  root = 0
  /** Levels of inner nodes above the leaves. */
  height = 0
  /** The leaf at the end, and the slot in it. */
  leaf = 0
  slot = 0
  private readonly path = new Int32Array(DEPTH_MAX)
  private readonly slots = new Int32Array(DEPTH_MAX)
  private state: Int32Array = new Int32Array(TREE_STATE_BYTES >>> 2)
  private at = 0

  constructor(
    private readonly arena: Arena,
    private readonly nodes: TreeNodes,
    private readonly probe: TreeProbe,
  ) {}

  /** Begins a tree without nodes whose state is at the head of `block`. */
  create(block: number): void {
    this.open(block)
    this.setRoot(0, 0)
    this.state.fill(0, this.at + 2, this.at + 4)
  }

  /** Turns to the tree whose state is at the head of `block`. */
  open(block: number): void {
    this.state = this.arena.mems[block >>> SEGMENT_SHIFT].i32
    this.at = (block & UNIT_MASK) << 2
    this.root = this.state[this.at]
    this.height = this.state[this.at + 1]
  }

  /** Another node becomes the root, so many levels of inner nodes above the leaves. */
  setRoot(root: number, height: number): void {
    this.root = root
    this.height = height
    this.state[this.at] = root
    this.state[this.at + 1] = height
  }

  /** Bytes of all nodes. */
  get bytes(): number {
    return (this.state[this.at + 2] >>> 0) * UNIT_BYTES
  }

  set bytes(bytes: number) {
    this.state[this.at + 2] = bytes / UNIT_BYTES
  }

  get members(): number {
    return this.state[this.at + 3]
  }

  nodeAt(depth: number): number {
    return this.path[depth]
  }

  slotAt(depth: number): number {
    return this.slots[depth]
  }

  /** Goes to the probe's place: the first entry that does not come before it. */
  descend(): void {
    const { path, slots, probe, height } = this
    let node = this.root
    for (let depth = 0; depth < height; depth++) {
      const slot = Math.max(0, probe.countBefore(INNER, node, true) - 1)
      path[depth] = node
      slots[depth] = slot
      node = this.nodes.child(node, slot)
    }
    this.leaf = node
    this.slot = probe.countBefore(LEAF, node, false)
  }

  /** Goes to the entry of a rank, which is there. */
  descendTo(rank: number): void {
    const { path, slots, nodes, height } = this
    let node = this.root
    for (let depth = 0; depth < height; depth++) {
      let slot = 0
      for (let size = nodes.size(node, 0); rank >= size; size = nodes.size(node, ++slot)) rank -= size
      path[depth] = node
      slots[depth] = slot
      node = nodes.child(node, slot)
    }
    this.leaf = node
    this.slot = rank
  }

  /** Goes to the first entry, or to the last; where there is none, before it. */
  descendToEnd(last: boolean): void {
    const { path, slots, nodes, height } = this
    let node = this.root
    for (let depth = 0; depth < height; depth++) {
      const slot = last ? nodes.count(node) - 1 : 0
      path[depth] = node
      slots[depth] = slot
      node = nodes.child(node, slot)
    }
    this.leaf = node
    this.slot = last ? nodes.count(node) - 1 : 0
  }

  /** Goes behind the last entry, if there is one. */
  descendBehind(): void {
    this.descendToEnd(true)
    this.slot++
  }

  /** How many entries come before the end of the path. */
  rank(): number {
    let rank = this.slot
    for (let depth = 0; depth < this.height; depth++) {
      rank += this.nodes.sizeBefore(this.path[depth], this.slots[depth])
    }
    return rank
  }

  /** Counts an entry more or less at the end of the path, in the tree and in every node on the way. */
  resize(by: number): void {
    this.state[this.at + 3] += by
    for (let depth = 0; depth < this.height; depth++)
      this.nodes.addSize(this.path[depth], this.slots[depth], by)
  }

  /** The first entry of the leaf at the end is another: tells the nodes above that name it. */
  tell(score: number, member: number): void {
    for (let depth = this.height - 1; depth >= 0; depth--) {
      this.nodes.setEntry(INNER, this.path[depth], this.slots[depth], score, member)
      if (this.slots[depth] > 0) return
    }
  }

  /** Whether the entry at the end could have the probe's score where it stands. */
  suitsProbe(): boolean {
    const { nodes, probe, leaf, slot } = this
    const after = slot === 0 ? nodes.previous(leaf) === 0 : probe.follows(LEAF, leaf, slot - 1)
    if (!after) return false
    return slot === nodes.count(leaf) - 1 ? nodes.next(leaf) === 0 : !probe.follows(LEAF, leaf, slot + 1)
  }
}
