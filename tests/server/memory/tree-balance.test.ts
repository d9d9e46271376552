import { expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { offsetOf } from '../../../server/memory/arena.js'
import { keyRoom, writeKey } from '../../../server/memory/key.js'
import { OrderedTree, TREE_STATE_BYTES } from '../../../server/memory/ordered-tree.js'
import { INNER, LEAF, TreeNodes } from '../../../server/memory/tree-node.js'
import { VerifiedArena } from '../../../server/memory/verified-arena.js'

/** Members that come at the front of a tree: their leaves begin with one entry each. */
class Front {
  readonly arena = new VerifiedArena()
  readonly nodes = new TreeNodes(this.arena)
  readonly tree = new OrderedTree(this.arena, 0)
  private readonly state = this.arena.alloc(TREE_STATE_BYTES)
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
    const ref = this.tree.removeAt(0)
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
