/**
 * How an ordered tree grows and shrinks at the end of a path: full nodes are split, thin ones joined with a neighbour.
 * See ordered-tree.ts for what must hold.
 */

import { INNER, LEAF, type Shape, type TreeNodes } from './tree-node.js'
import type { TreePath } from './tree-path.js'

export class TreeBalance {
  constructor(
    private readonly nodes: TreeNodes,
    private readonly path: TreePath,
  ) {}

  // Growing -------------------------------------------------------------------------------------------------

  /** Inserts at the end of the path. */
  insert(score: number, member: number): void {
    const { nodes, path } = this
    const { leaf, slot } = path
    path.resize(1)
    if (slot === 0) path.tell(score, member)
    if (nodes.count(leaf) < LEAF.max) {
      nodes.insert(LEAF, leaf, slot, score, member)
      return
    }
    const cut = this.leafCut(leaf, slot)
    const right = this.split(LEAF, leaf, cut)
    nodes.link(right, leaf)
    if (slot > cut || cut === LEAF.max) nodes.insert(LEAF, right, slot - cut, score, member)
    else nodes.insert(LEAF, leaf, slot, score, member)
    this.adopt(path.height - 1, LEAF, leaf, right)
  }

  /** Where to split a full leaf: in the middle, but at the edge of the tree so that a row of appends leaves it full. */
  private leafCut(leaf: number, slot: number): number {
    if (slot === LEAF.max && this.nodes.next(leaf) === 0) return LEAF.max
    if (slot === 0 && this.nodes.previous(leaf) === 0) return 0
    return LEAF.max >>> 1
  }

  /** Moves the entries from `cut` on to a new node. */
  private split(shape: Shape, node: number, cut: number): number {
    const right = this.alloc(shape)
    this.nodes.transfer(shape, node, cut, this.nodes.count(node) - cut, right, 0)
    return right
  }

  /** Puts `right`, split off from `left`, behind it into the node of this depth. */
  private adopt(depth: number, shape: Shape, left: number, right: number): void {
    if (depth < 0) {
      this.raise(shape, left, right)
      return
    }
    const { nodes, path } = this
    const parent = path.nodeAt(depth)
    const slot = path.slotAt(depth) + 1
    nodes.setSize(parent, slot - 1, nodes.total(shape, left))
    if (nodes.count(parent) < INNER.max) {
      nodes.insertChild(parent, slot, shape, right)
      return
    }
    // A row of appends leaves inner nodes nearly full as well; two children are the least.
    const cut = slot === INNER.max ? INNER.max - 1 : INNER.max >>> 1
    const other = this.split(INNER, parent, cut)
    if (slot > cut) nodes.insertChild(other, slot - cut, shape, right)
    else nodes.insertChild(parent, slot, shape, right)
    this.adopt(depth - 1, INNER, parent, other)
  }

  /** A new root above the two halves of the old one. */
  private raise(shape: Shape, left: number, right: number): void {
    const root = this.alloc(INNER)
    this.nodes.insertChild(root, 0, shape, left)
    this.nodes.insertChild(root, 1, shape, right)
    this.path.setRoot(root, this.path.height + 1)
  }

  // Shrinking -----------------------------------------------------------------------------------------------

  /** Removes so many entries of a leaf, from the end of the path on. */
  remove(count: number): void {
    const { nodes, path } = this
    const { leaf, slot } = path
    path.resize(-count)
    nodes.shift(LEAF, leaf, slot + count, -count)
    const left = nodes.count(leaf)
    // After an empty leaf, what stands behind it comes first.
    const first = left > 0 ? leaf : nodes.next(leaf)
    if (slot === 0 && first !== 0) path.tell(nodes.score(first, 0), nodes.member(LEAF, first, 0))
    if (left < LEAF.min) this.mend(path.height, LEAF)
  }

  /** The node at this depth of the path has few entries, or none: it goes, joins a neighbour, or shares with it. */
  private mend(depth: number, shape: Shape): void {
    const { nodes, path } = this
    if (depth === 0) {
      this.lower(shape)
      return
    }
    const parent = path.nodeAt(depth - 1)
    const slot = path.slotAt(depth - 1)
    if (nodes.count(nodes.child(parent, slot)) === 0) this.dropLeaf(parent, slot)
    else this.join(parent, Math.max(0, slot - 1), shape)
    if (nodes.count(parent) < INNER.min) this.mend(depth - 1, INNER)
  }

  /** Takes an empty leaf out of the tree. */
  private dropLeaf(parent: number, slot: number): void {
    const { nodes } = this
    const leaf = nodes.child(parent, slot)
    nodes.unlink(leaf)
    this.free(LEAF, leaf)
    nodes.shift(INNER, parent, slot + 1, -1)
  }

  /** The children at `slot` and behind it become one node, or have about the same number of entries. */
  private join(parent: number, slot: number, shape: Shape): void {
    const { nodes } = this
    const together = nodes.count(nodes.child(parent, slot)) + nodes.count(nodes.child(parent, slot + 1))
    if (together > shape.merged) this.share(parent, slot, shape)
    else this.merge(parent, slot, shape)
  }

  /** A root with one child gives way to it. */
  private lower(shape: Shape): void {
    const { root, height } = this.path
    if (shape === LEAF || this.nodes.count(root) > 1) return
    this.path.setRoot(this.nodes.child(root, 0), height - 1)
    this.free(INNER, root)
  }

  /** Moves all entries of the child behind `slot` into the one at `slot`. */
  private merge(parent: number, slot: number, shape: Shape): void {
    const { nodes } = this
    const left = nodes.child(parent, slot)
    const right = nodes.child(parent, slot + 1)
    nodes.transfer(shape, right, 0, nodes.count(right), left, nodes.count(left))
    if (shape === LEAF) nodes.unlink(right)
    this.free(shape, right)
    nodes.shift(INNER, parent, slot + 2, -1)
    nodes.setSize(parent, slot, nodes.total(shape, left))
  }

  /** Gives the children at `slot` and behind it about the same number of entries. */
  private share(parent: number, slot: number, shape: Shape): void {
    const { nodes } = this
    const left = nodes.child(parent, slot)
    const right = nodes.child(parent, slot + 1)
    const surplus = (nodes.count(left) - nodes.count(right)) >> 1
    if (surplus > 0) nodes.transfer(shape, left, nodes.count(left) - surplus, surplus, right, 0)
    else nodes.transfer(shape, right, 0, -surplus, left, nodes.count(left))
    nodes.setSize(parent, slot, nodes.total(shape, left))
    nodes.setSize(parent, slot + 1, nodes.total(shape, right))
    nodes.setEntry(INNER, parent, slot + 1, nodes.score(right, 0), nodes.member(shape, right, 0))
  }

  // Nodes ---------------------------------------------------------------------------------------------------

  alloc(shape: Shape): number {
    this.path.bytes += shape.bytes
    return this.nodes.alloc(shape)
  }

  private free(shape: Shape, node: number): void {
    this.path.bytes -= shape.bytes
    this.nodes.free(shape, node)
  }

  /** Frees the last leaf, or a node above whose children are gone. */
  freeLast(): void {
    const { nodes, path } = this
    let parent = 0
    let node = path.root
    let depth = 0
    for (; depth < path.height && nodes.count(node) > 0; depth++) {
      parent = node
      node = nodes.child(node, nodes.count(node) - 1)
    }
    const isLeaf = depth === path.height
    if (parent === 0) path.setRoot(0, 0)
    else nodes.setCount(parent, nodes.count(parent) - 1)
    this.free(isLeaf ? LEAF : INNER, node)
  }
}
