/** What a search in an ordered tree looks for: a member with its score, or the place before or behind a bound. */

import { Mem, Span, compareBytes } from '../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { readKey } from './key.js'
import { type Shape, type TreeNodes, scoresAt } from './tree-node.js'

export class TreeProbe {
  private byScore = true
  private byMember = true
  private score = 0
  /** The member itself; 0 for a bound. */
  private member = 0
  /** Behind what equals the bound. */
  private orEqual = false
  /** The bytes are only looked at where scores are equal: until then they are not even sought. */
  private isRead = false
  private readonly bytes = new Span(new Mem(new ArrayBuffer(8)), 0, 0)
  private readonly other = new Span(this.bytes.mem, 0, 0)

  constructor(
    private readonly arena: Arena,
    private readonly nodes: TreeNodes,
    private readonly keyAt: number,
  ) {}

  /** At a member, which may be in the tree or on its way in. */
  aim(score: number, member: number): void {
    this.byScore = true
    this.byMember = true
    this.score = score
    this.member = member
    this.orEqual = false
    this.isRead = false
  }

  aimAtScore(score: number, orEqual: boolean): void {
    this.byScore = true
    this.byMember = false
    this.score = score
    this.member = 0
    this.orEqual = orEqual
  }

  aimAtBytes(bytes: Span, orEqual: boolean): void {
    this.byScore = false
    this.byMember = true
    this.member = 0
    this.orEqual = orEqual
    this.bytes.set(bytes.mem, bytes.start, bytes.length)
    this.isRead = true
  }

  /** How many entries of a node come before the probe; `itself`: an entry of its own counts as one. */
  countBefore(shape: Shape, node: number, itself: boolean): number {
    const count = this.nodes.count(node)
    if (!this.byScore) return this.countByMember(shape, node, 0, count, itself)
    const low = this.countByScore(node, count)
    if (!this.byMember) return low
    let end = low
    while (end < count && this.nodes.score(node, end) === this.score) end++
    return low === end ? low : this.countByMember(shape, node, low, end, itself)
  }

  /** True when the probe comes behind an entry. */
  follows(shape: Shape, node: number, slot: number): boolean {
    const score = this.nodes.score(node, slot)
    return score === this.score ? this.followsMember(shape, node, slot) : score < this.score
  }

  /**
   * Of `count` entries those whose scores come before: the scores alone, which is mostly the whole answer. The halving
   * adds a bit that was compared, rather than branching on it: no processor could guess where a search turns.
   */
  private countByScore(node: number, count: number): number {
    const { score } = this
    const { dv } = this.arena.mems[node >>> SEGMENT_SHIFT]
    const before = scoresAt(node) - 8
    const behindEqual = this.orEqual ? 1 : 0
    let low = 0
    let left = count
    while (left > 0) {
      const half = (left + 1) >>> 1
      const each = dv.getFloat64(before + ((low + half) << 3), true)
      low += half & -((each < score ? 1 : 0) | ((each === score ? 1 : 0) & behindEqual))
      left -= half
    }
    return low
  }

  /** The same among the entries from `low` to `high`, by their members. */
  private countByMember(shape: Shape, node: number, low: number, high: number, itself: boolean): number {
    // A member that is there is known by its reference; its neighbours' bytes may be far away in memory.
    for (let slot = low; slot < high; slot++) {
      if (this.nodes.member(shape, node, slot) === this.member) return itself ? slot + 1 : slot
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.followsMember(shape, node, middle)) low = middle + 1
      else high = middle
    }
    return low
  }

  private followsMember(shape: Shape, node: number, slot: number): boolean {
    const order = this.compare(this.nodes.member(shape, node, slot))
    return order === 0 ? this.orEqual : order < 0
  }

  /** The bytes of a member against those of the probe. */
  private compare(member: number): number {
    const { bytes, other } = this
    if (!this.isRead) this.read(this.member, bytes)
    this.isRead = true
    this.read(member, other)
    return compareBytes(other.mem, other.start, other.length, bytes.mem, bytes.start, bytes.length)
  }

  private read(member: number, span: Span): void {
    readKey(
      this.arena.mems[member >>> SEGMENT_SHIFT],
      ((member & UNIT_MASK) << UNIT_SHIFT) + this.keyAt,
      span,
    )
  }
}
