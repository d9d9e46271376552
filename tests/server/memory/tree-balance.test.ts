import { expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { offsetOf } from '../../../server/memory/arena.js'
import { keyRoom, writeKey } from '../../../server/memory/key.js'
import { OrderedTree, ROW_MAX, TREE_STATE_BYTES } from '../../../server/memory/ordered-tree.js'
import { INNER, LEAF, TreeNodes } from '../../../server/memory/tree-node.js'
import { VerifiedArena } from '../../../server/memory/verified-arena.js'

/** Members that come at the front of a tree: their leaves begin with one entry each. */
class Front {
  readonly arena = new VerifiedArena()
  readonly nodes = new TreeNodes(this.arena)
  readonly tree = new OrderedTree(this.arena, 0)
  private readonly state = this.arena.alloc(TREE_STATE_BYTES)
  private readonly cursor = this.tree.cursor()
  private readonly row = new Int32Array(ROW_MAX)
  private made = 1_000_000

  constructor() {
    this.tree.create(this.state)
  }

  /** All have score 0: the tree has to look at their bytes. */
  insert(): void {
    const key = Span.of(`${this.made--}`)
    const ref = this.arena.alloc(keyRoom(key.length))
    writeKey(this.arena.mem(ref), offsetOf(ref), key)
    this.tree.insert(0, ref)
  }

  removeFirst(): void {
    const ref = this.tree.seekEnd(false)
    this.tree.removeEnd()
    this.free(ref)
  }

  /** What the leaf of a rank holds from there on. */
  removeRow(rank: number): void {
    this.tree.seek(rank, this.cursor)
    const taken = this.cursor.takeRow(this.row, ROW_MAX, false)
    this.tree.removeRow(taken)
    this.row.subarray(0, taken).forEach(ref => this.free(ref))
  }

  private free(ref: number): void {
    this.arena.free(ref, keyRoom(this.arena.mem(ref).u8[offsetOf(ref)]))
  }

  /** Throws unless every inner node knows the first score and member of each of its subtrees. */
  check(): void {
    const { i32 } = this.arena.mem(this.state)
    const at = offsetOf(this.state) >>> 2
    this.checkNode(i32[at], i32[at + 1])
  }

  /** Answers the first member. */
  private checkNode(node: number, height: number): number {
    for (let slot = 0; height > 0 && slot < this.nodes.count(node); slot++) {
      const first = this.checkNode(this.nodes.child(node, slot), height - 1)
      expect(this.nodes.member(INNER, node, slot)).toBe(first)
    }
    return this.nodes.member(height > 0 ? INNER : LEAF, node, 0)
  }
}

test('nodes know the first member of a subtree also when its first leaf was emptied', () => {
  const front = new Front()
  const random = seededRandom(1)
  for (let i = 0; i < 5000; i++) {
    const growing = i % 2500 < 1500
    if (front.tree.count === 0 || random.below(10) < (growing ? 7 : 3)) front.insert()
    else front.removeFirst()
    front.check()
  }
})

test('nodes know the first member of a subtree also when leaves are emptied at once, from anywhere on', () => {
  const front = new Front()
  const random = seededRandom(2)
  for (let round = 0; round < 15; round++) {
    while (front.tree.count < 2000) front.insert()
    const rank = random.below(4) === 0 ? 0 : random.below(front.tree.count)
    for (let rows = random.below(200); rows > 0 && front.tree.count > rank; rows--) {
      front.removeRow(rank)
      front.check()
    }
    expect([...front.tree.blocks()].reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(front.tree.bytes)
  }
})
