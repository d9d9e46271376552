/**
 * The ordered tree: members of a big sorted set, in the order of (score, bytes of the member).
 *
 * The problem. A sorted set is asked three ways: by member, by order, and by *rank* ("the 1,000 best", "how many
 * between these scores"). A hash table answers the first. Redis answers the others with a skiplist whose links carry
 * widths: one node per member, 1.33 links of 16 bytes each on average, and a cache miss for every step of a search.
 * A plain sorted array answers everything fast and moves megabytes for every insertion.
 *
 * The idea: a B+ tree with counts. Leaves of 1 KiB hold up to 84 scores and references of members; inner nodes hold,
 * for each of up to 50 subtrees, its first score and member and how many members it has.
 *
 *      inner   | 1.0 'a' 4712 | 7.5 'k' 3890 | 9.0 'c' 51 |          first score, first member, size
 *                     |               |            |
 *      leaf    | 1.0 a | 1.0 b | 2.0 a |  <->  ...  <->  | 9.0 c | 9.5 b |
 *
 * A search reads scores only and follows a reference to a member's bytes only where scores are equal. Sizes turn
 * bounds into ranks and ranks into places on the way down, so that every range there is (by rank, by score, by
 * member) becomes "from this rank, so many", in O(log n), and a walk over leaves that are chained both ways. A
 * million members take 18 bytes each when they come at random, 13 when they come in order: a leaf split by an
 * append stays full.
 *
 * What must hold. The first score and member that an inner node knows of a subtree are exactly those of the
 * subtree's first entry: whoever changes a leaf's first entry tells the nodes above (`tell`). All leaves have the
 * same depth. But for the root, an inner node has two children at least, and a leaf one entry.
 *
 * A member is a block of its owner's, with its key (key.ts) at `keyAt`; the tree never writes to it. The state of a
 * tree is four words at the head of a block of its owner's: root, height, nodes, members. One object works on many
 * trees, one at a time: `open(block)`; what it changes it writes back at once.
 *
 * What it does not promise: that a member is in it once (the owner looks before it inserts). Scores may be equal,
 * 0 and -0 are; none is NaN.
 */

import type { Span } from '../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { readKey } from './key.js'
import { INNER, LEAF, NODE_BYTES, type Shape, TreeNodes } from './tree-node.js'
import { TreeProbe } from './tree-probe.js'

/** The bytes of a tree's state. */
export const TREE_STATE_BYTES = 16

/** 50 ^ 10 is more than there can be. */
const DEPTH_MAX = 12

export class OrderedTree {
  readonly nodes: TreeNodes
  private readonly probe: TreeProbe
  /** The nodes from the root down to where an operation works, and the slot in each. */
  private readonly path = new Int32Array(DEPTH_MAX)
  private readonly slots = new Int32Array(DEPTH_MAX)
  private state = new Int32Array(4)
  private at = 0

  constructor(
    private readonly arena: Arena,
    /** Where a member's block holds its key. */
    private readonly keyAt: number,
  ) {
    this.nodes = new TreeNodes(arena)
    this.probe = new TreeProbe(arena, this.nodes, keyAt)
  }

  /** Makes an empty tree whose state is at the head of `block`, and opens it. */
  create(block: number): void {
    this.open(block)
    this.root = this.nodes.alloc()
    this.height = 0
    this.nodeCount = 1
    this.count = 0
  }

  open(block: number): this {
    this.state = this.arena.mems[block >>> SEGMENT_SHIFT].i32
    this.at = (block & UNIT_MASK) << 2
    return this
  }

  /** Members in the tree. */
  get count(): number {
    return this.state[this.at + 3]
  }

  /** Bytes of its nodes. */
  get bytes(): number {
    return this.nodeCount * NODE_BYTES
  }

  // Changing ------------------------------------------------------------------------------------------------

  insert(score: number, member: number): void {
    this.probe.aim(score, member)
    this.descend()
    this.insertHere(score, member)
  }

  /** Takes out a member that is there, with this score. */
  remove(score: number, member: number): void {
    this.find(score, member)
    this.removeHere()
  }

  /** Takes out the member of a rank and answers it. */
  removeAt(rank: number): number {
    this.descendTo(rank)
    const member = this.nodes.member(LEAF, this.path[this.height], this.slots[this.height])
    this.removeHere()
    return member
  }

  /** Gives a member another score. Where it stays between its neighbours nothing moves. */
  rescore(from: number, member: number, to: number): void {
    this.find(from, member)
    this.probe.aim(to, member)
    if (this.staysInPlace()) {
      const leaf = this.path[this.height]
      const slot = this.slots[this.height]
      this.nodes.setScore(leaf, slot, to)
      if (slot === 0) this.tell(to, member)
    } else {
      this.removeHere()
      this.descend()
      this.insertHere(to, member)
    }
  }

  // Asking --------------------------------------------------------------------------------------------------

  /** The rank of a member that is there, with this score. */
  rank(score: number, member: number): number {
    this.find(score, member)
    return this.rankHere()
  }

  /** How many members have a score below `score`; `orEqual`: or just this one. */
  countBelow(score: number, orEqual: boolean): number {
    this.probe.aimAtScore(score, orEqual)
    this.descend()
    return this.rankHere()
  }

  /** How many members come before `bytes`; `orEqual`: or are just that. Only where all scores are equal. */
  countBefore(bytes: Span, orEqual: boolean): number {
    this.probe.aimAtBytes(bytes, orEqual)
    this.descend()
    return this.rankHere()
  }

  /** Points a cursor at the member of a rank; false when there is none. */
  seek(rank: number, cursor: TreeCursor): boolean {
    if (rank < 0 || rank >= this.count) return cursor.leave()
    this.descendTo(rank)
    return cursor.enter(this.path[this.height], this.slots[this.height])
  }

  cursor(): TreeCursor {
    return new TreeCursor(this.arena, this.nodes, this.keyAt)
  }

  // Dying ---------------------------------------------------------------------------------------------------

  /** Frees up to `budget` nodes, the last leaves first; true when none is left. Nothing else may be asked after. */
  free(budget: number): boolean {
    for (; budget > 0 && this.root !== 0; budget--) this.freeLast()
    return this.root === 0
  }

  /** The nodes, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    if (this.root !== 0) yield* this.blocksBelow(this.root, this.height)
  }

  // Going down ----------------------------------------------------------------------------------------------

  /** To the place of the probe: the path ends at the first entry that does not come before it. */
  private descend(): void {
    const { path, slots, probe, height } = this
    let node = this.root
    for (let depth = 0; depth < height; depth++) {
      const slot = Math.max(0, probe.countBefore(INNER, node, true) - 1)
      path[depth] = node
      slots[depth] = slot
      node = this.nodes.child(node, slot)
    }
    path[height] = node
    slots[height] = probe.countBefore(LEAF, node, false)
  }

  private find(score: number, member: number): void {
    this.probe.aim(score, member)
    this.descend()
    const leaf = this.path[this.height]
    const slot = this.slots[this.height]
    const found = slot < this.nodes.count(leaf) && this.nodes.member(LEAF, leaf, slot) === member
    if (!found) throw new Error('ordered tree: no such member')
  }

  private descendTo(rank: number): void {
    const { path, slots, nodes, height } = this
    let node = this.root
    for (let depth = 0; depth < height; depth++) {
      let slot = 0
      for (let size = nodes.size(node, 0); rank >= size; size = nodes.size(node, ++slot)) rank -= size
      path[depth] = node
      slots[depth] = slot
      node = nodes.child(node, slot)
    }
    path[height] = node
    slots[height] = rank
  }

  private rankHere(): number {
    let rank = this.slots[this.height]
    for (let depth = 0; depth < this.height; depth++) {
      rank += this.nodes.sizeBefore(this.path[depth], this.slots[depth])
    }
    return rank
  }

  /** Whether the entry at the end of the path could have the probe's score where it is. */
  private staysInPlace(): boolean {
    const { nodes, probe } = this
    const leaf = this.path[this.height]
    const slot = this.slots[this.height]
    const after = slot === 0 ? nodes.previous(leaf) === 0 : probe.follows(LEAF, leaf, slot - 1)
    if (!after) return false
    return slot === nodes.count(leaf) - 1 ? nodes.next(leaf) === 0 : !probe.follows(LEAF, leaf, slot + 1)
  }

  // Inserting -----------------------------------------------------------------------------------------------

  /** Inserts at the end of the path. */
  private insertHere(score: number, member: number): void {
    const { nodes, height } = this
    const leaf = this.path[height]
    const slot = this.slots[height]
    this.count++
    this.resize(1)
    if (slot === 0) this.tell(score, member)
    if (nodes.count(leaf) < LEAF.max) {
      nodes.shift(LEAF, leaf, slot, 1)
      nodes.setEntry(LEAF, leaf, slot, score, member)
      return
    }
    const cut = this.leafCut(leaf, slot)
    const right = this.split(LEAF, leaf, cut)
    nodes.link(right, leaf)
    const goesRight = slot > cut || cut === LEAF.max
    const half = goesRight ? right : leaf
    const at = goesRight ? slot - cut : slot
    nodes.shift(LEAF, half, at, 1)
    nodes.setEntry(LEAF, half, at, score, member)
    this.adopt(height - 1, LEAF, leaf, right)
  }

  /** Where to split a full leaf: in the middle, but at the edge of the tree so that a row of appends leaves it full. */
  private leafCut(leaf: number, slot: number): number {
    if (slot === LEAF.max && this.nodes.next(leaf) === 0) return LEAF.max
    if (slot === 0 && this.nodes.previous(leaf) === 0) return 0
    return LEAF.max >>> 1
  }

  /** Moves the entries from `cut` on to a new node. */
  private split(shape: Shape, node: number, cut: number): number {
    const right = this.nodes.alloc()
    this.nodeCount++
    this.nodes.transfer(shape, node, cut, this.nodes.count(node) - cut, right, 0)
    return right
  }

  /** Makes `right`, split off from `left`, its neighbour's neighbour in the node of this depth. */
  private adopt(depth: number, shape: Shape, left: number, right: number): void {
    const { nodes } = this
    if (depth < 0) {
      this.raise(shape, left, right)
      return
    }
    const parent = this.path[depth]
    const slot = this.slots[depth] + 1
    nodes.setSize(parent, slot - 1, nodes.total(shape, left))
    if (nodes.count(parent) < INNER.max) {
      this.insertChild(parent, slot, shape, right)
      return
    }
    // A row of appends leaves inner nodes nearly full as well; two children are the least.
    const cut = slot === INNER.max ? INNER.max - 1 : INNER.max >>> 1
    const other = this.split(INNER, parent, cut)
    if (slot > cut) this.insertChild(other, slot - cut, shape, right)
    else this.insertChild(parent, slot, shape, right)
    this.adopt(depth - 1, INNER, parent, other)
  }

  /** A new root above the two halves of the old one. */
  private raise(shape: Shape, left: number, right: number): void {
    const root = this.nodes.alloc()
    this.insertChild(root, 0, shape, left)
    this.insertChild(root, 1, shape, right)
    this.root = root
    this.nodeCount++
    this.height++
  }

  private insertChild(parent: number, slot: number, shape: Shape, child: number): void {
    const { nodes } = this
    nodes.shift(INNER, parent, slot, 1)
    nodes.setEntry(INNER, parent, slot, nodes.score(child, 0), nodes.member(shape, child, 0))
    nodes.setChild(parent, slot, child, nodes.total(shape, child))
  }

  /** Counts a change in every node of the path. */
  private resize(by: number): void {
    for (let depth = 0; depth < this.height; depth++) this.nodes.addSize(this.path[depth], this.slots[depth], by)
  }

  /** The first entry of the leaf at the end of the path is another: tells the nodes above that name it. */
  private tell(score: number, member: number): void {
    for (let depth = this.height - 1; depth >= 0; depth--) {
      this.nodes.setEntry(INNER, this.path[depth], this.slots[depth], score, member)
      if (this.slots[depth] > 0) return
    }
  }

  // Removing ------------------------------------------------------------------------------------------------

  /** Removes the entry at the end of the path. */
  private removeHere(): void {
    const { nodes, height } = this
    const leaf = this.path[height]
    const slot = this.slots[height]
    this.count--
    this.resize(-1)
    nodes.shift(LEAF, leaf, slot + 1, -1)
    const left = nodes.count(leaf)
    if (slot === 0 && left > 0) this.tell(nodes.score(leaf, 0), nodes.member(LEAF, leaf, 0))
    if (left < LEAF.min) this.mend(height, LEAF)
  }

  /** The node at this depth of the path has few entries: joins it with a neighbour, or shares with it. */
  private mend(depth: number, shape: Shape): void {
    const { nodes } = this
    if (depth === 0) {
      this.lower(shape)
      return
    }
    const parent = this.path[depth - 1]
    const slot = Math.max(0, this.slots[depth - 1] - 1)
    const left = nodes.child(parent, slot)
    const right = nodes.child(parent, slot + 1)
    const together = nodes.count(left) + nodes.count(right)
    if (together > shape.merged) this.share(parent, slot, shape, left, right)
    else this.merge(parent, slot, shape, left, right)
    if (nodes.count(parent) < INNER.min) this.mend(depth - 1, INNER)
  }

  /** A root with one child gives way to it. */
  private lower(shape: Shape): void {
    const { root } = this
    if (shape === LEAF || this.nodes.count(root) > 1) return
    this.root = this.nodes.child(root, 0)
    this.height--
    this.freeNode(root)
  }

  private merge(parent: number, slot: number, shape: Shape, left: number, right: number): void {
    const { nodes } = this
    nodes.transfer(shape, right, 0, nodes.count(right), left, nodes.count(left))
    if (shape === LEAF) nodes.unlink(right)
    this.freeNode(right)
    nodes.shift(INNER, parent, slot + 2, -1)
    nodes.setSize(parent, slot, nodes.total(shape, left))
  }

  private share(parent: number, slot: number, shape: Shape, left: number, right: number): void {
    const { nodes } = this
    const surplus = (nodes.count(left) - nodes.count(right)) >> 1
    if (surplus > 0) nodes.transfer(shape, left, nodes.count(left) - surplus, surplus, right, 0)
    else nodes.transfer(shape, right, 0, -surplus, left, nodes.count(left))
    nodes.setSize(parent, slot, nodes.total(shape, left))
    nodes.setSize(parent, slot + 1, nodes.total(shape, right))
    nodes.setEntry(INNER, parent, slot + 1, nodes.score(right, 0), nodes.member(shape, right, 0))
  }

  private freeNode(node: number): void {
    this.nodes.free(node)
    this.nodeCount--
  }

  /** Frees the last leaf, or a node above whose children are gone. */
  private freeLast(): void {
    const { nodes } = this
    let parent = 0
    let node = this.root
    for (let depth = 0; depth < this.height && nodes.count(node) > 0; depth++) {
      parent = node
      node = nodes.child(node, nodes.count(node) - 1)
    }
    if (parent === 0) this.root = 0
    else nodes.setCount(parent, nodes.count(parent) - 1)
    this.freeNode(node)
  }

  private *blocksBelow(node: number, height: number): Generator<readonly [ref: number, bytes: number]> {
    yield [node, NODE_BYTES]
    if (height === 0) return
    for (let slot = 0; slot < this.nodes.count(node); slot++) {
      yield* this.blocksBelow(this.nodes.child(node, slot), height - 1)
    }
  }

  // State ---------------------------------------------------------------------------------------------------

  private get root(): number {
    return this.state[this.at]
  }

  private set root(node: number) {
    this.state[this.at] = node
  }

  /** Levels of inner nodes above the leaves. */
  private get height(): number {
    return this.state[this.at + 1]
  }

  private set height(height: number) {
    this.state[this.at + 1] = height
  }

  private get nodeCount(): number {
    return this.state[this.at + 2]
  }

  private set nodeCount(count: number) {
    this.state[this.at + 2] = count
  }

  private set count(count: number) {
    this.state[this.at + 3] = count
  }
}

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
