/**
 * The ordered tree: members of a big sorted set, in the order of (score, bytes of the member).
 *
 * The problem. A sorted set is asked three ways: by member, by order, and by *rank* ("the 1,000 best", "how many
 * between these scores"). A hash table answers the first. Redis answers the others with a skiplist whose links carry
 * widths: one node per member, 1.33 links of 16 bytes each on average, and a cache miss for every step of a search.
 * A plain sorted array answers everything fast and moves megabytes for every insertion.
 *
 * The idea: a B+ tree with counts. Leaves of 256 bytes hold up to 20 scores and references of members; inner nodes hold,
 * for each of up to 50 subtrees, its first score and member and how many members it has.
 *
 *      inner   | 1.0 'a' 4712 | 7.5 'k' 3890 | 9.0 'c' 51 |          first score, first member, size
 *                     |               |            |
 *      leaf    | 1.0 a | 1.0 b | 2.0 a |  <->  ...  <->  | 9.0 c | 9.5 b |
 *
 * A search reads scores only and follows a reference to a member's bytes only where scores are equal. Sizes turn
 * bounds into ranks and ranks into places on the way down, so that every range there is (by rank, by score, by
 * member) becomes "from this rank, so many", in O(log n), and a walk over leaves that are chained both ways. A
 * million members take 20 bytes each when they come at random, 14 when they come in order: a leaf split by an
 * append stays full.
 *
 * What must hold. The first score and member that an inner node knows of a subtree are exactly those of the
 * subtree's first entry: whoever changes a leaf's first entry tells the nodes above. All leaves have the
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
import type { Arena } from './arena.js'
import { TreeBalance } from './tree-balance.js'
import { TreeCursor } from './tree-cursor.js'
import { INNER, LEAF, TreeNodes } from './tree-node.js'
import { TreePath } from './tree-path.js'
import { TreeProbe } from './tree-probe.js'

export { ROW_MAX, TreeCursor } from './tree-cursor.js'
export { TREE_STATE_BYTES } from './tree-path.js'

export class OrderedTree {
  private readonly nodes: TreeNodes
  private readonly probe: TreeProbe
  private readonly path: TreePath
  private readonly balance: TreeBalance

  constructor(
    private readonly arena: Arena,
    /** Where a member's block holds its key. */
    private readonly keyAt: number,
  ) {
    this.nodes = new TreeNodes(arena)
    this.probe = new TreeProbe(arena, this.nodes, keyAt)
    this.path = new TreePath(arena, this.nodes, this.probe)
    this.balance = new TreeBalance(this.nodes, this.path)
  }

  /** Makes an empty tree whose state is at the head of `block`, and opens it. */
  create(block: number): void {
    this.path.create(block)
    this.path.setRoot(this.balance.alloc(LEAF), 0)
  }

  open(block: number): this {
    this.path.open(block)
    return this
  }

  /** Members in the tree. */
  get count(): number {
    return this.path.members
  }

  /** Bytes of its nodes. */
  get bytes(): number {
    return this.path.bytes
  }

  // Changing ------------------------------------------------------------------------------------------------

  insert(score: number, member: number): void {
    this.probe.aim(score, member)
    this.path.descend()
    this.balance.insert(score, member)
  }

  /** As `insert`, of a member that comes behind all others: nothing is searched. */
  append(score: number, member: number): void {
    this.path.descendBehind()
    this.balance.insert(score, member)
  }

  /** Takes out a member that is there, with this score. */
  remove(score: number, member: number): void {
    this.find(score, member)
    this.balance.remove(1)
  }

  /** Takes out the members that a cursor took in its first row, after `seek` went there just now. */
  removeRow(count: number): void {
    this.balance.remove(count)
  }

  /** Goes to the first member, or to the last, and answers it; 0: there is none. `removeEnd` may follow. */
  seekEnd(last: boolean): number {
    const { path } = this
    if (path.members === 0) return 0
    path.descendToEnd(last)
    return this.nodes.member(LEAF, path.leaf, path.slot)
  }

  /** Takes out the member to which `seekEnd` went just now. */
  removeEnd(): void {
    this.balance.remove(1)
  }

  /** Gives a member another score. Where it stays between its neighbours nothing moves. */
  rescore(from: number, member: number, to: number): void {
    const { path } = this
    this.find(from, member)
    this.probe.aim(to, member)
    if (path.suitsProbe()) {
      this.nodes.setScore(path.leaf, path.slot, to)
      if (path.slot === 0) path.tell(to, member)
    } else {
      this.balance.remove(1)
      path.descend()
      this.balance.insert(to, member)
    }
  }

  // Asking --------------------------------------------------------------------------------------------------

  /** The rank of a member that is there, with this score. */
  rank(score: number, member: number): number {
    this.find(score, member)
    return this.path.rank()
  }

  /** How many members have a score below `score`; `orEqual`: or just this one. */
  countBelow(score: number, orEqual: boolean): number {
    if (orEqual && score === Infinity) return this.count
    this.probe.aimAtScore(score, orEqual)
    this.path.descend()
    return this.path.rank()
  }

  /** How many members come before `bytes`; `orEqual`: or are just that. It makes sense where all scores are equal. */
  countBefore(bytes: Span, orEqual: boolean): number {
    this.probe.aimAtBytes(bytes, orEqual)
    this.path.descend()
    return this.path.rank()
  }

  /** Points a cursor at the member of a rank; false when there is none. */
  seek(rank: number, cursor: TreeCursor): boolean {
    if (rank < 0 || rank >= this.count) return cursor.leave()
    this.path.descendTo(rank)
    return cursor.enter(this.path.leaf, this.path.slot)
  }

  cursor(): TreeCursor {
    return new TreeCursor(this.arena, this.nodes, this.keyAt)
  }

  // Dying ---------------------------------------------------------------------------------------------------

  /** Frees up to `budget` nodes, the last leaves first; true when none is left. Nothing else may be asked after. */
  free(budget: number): boolean {
    for (; budget > 0 && this.path.root !== 0; budget--) this.balance.freeLast()
    return this.path.root === 0
  }

  /** The nodes, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const { root, height } = this.path
    if (root !== 0) yield* this.blocksBelow(root, height)
  }

  private *blocksBelow(node: number, height: number): Generator<readonly [ref: number, bytes: number]> {
    yield [node, (height === 0 ? LEAF : INNER).bytes]
    for (let slot = 0; height > 0 && slot < this.nodes.count(node); slot++) {
      yield* this.blocksBelow(this.nodes.child(node, slot), height - 1)
    }
  }

  private find(score: number, member: number): void {
    const { path, nodes } = this
    this.probe.aim(score, member)
    path.descend()
    const found = path.slot < nodes.count(path.leaf) && nodes.member(LEAF, path.leaf, path.slot) === member
    if (!found) throw new Error('ordered tree: no such member')
  }
}
