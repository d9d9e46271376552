/** What a search in an ordered tree looks for: a member with its score, or the place before or behind a bound. */

import { Mem, Span, compareBytes } from '../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { readKey } from './key.js'
import { type Shape, type TreeNodes, scoresAt } from './tree-node.js'

/** Scores are counted five at a time, which both shapes have room for a whole number of times. */
const GROUP = 5
const GROUP_BYTES = GROUP * 8

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
  private readonly bits = new DataView(new ArrayBuffer(8))
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

  /** At a score; `orEqual`: or just behind it, where it is finite. */
  aimAtScore(score: number, orEqual: boolean): void {
    this.byScore = true
    this.byMember = false
    this.score = orEqual ? this.above(score) : score
    this.member = 0
  }

  aimAtBytes(bytes: Span, orEqual: boolean): void {
    this.byScore = false
    this.byMember = true
    this.member = 0
    this.orEqual = orEqual
    this.bytes.set(bytes.mem, bytes.start, bytes.length)
    this.isRead = true
  }

  /** The least double above a finite one. */
  private above(score: number): number {
    if (score === 0) return Number.MIN_VALUE
    const { bits } = this
    const step = score > 0 ? 1 : -1
    bits.setFloat64(0, score, true)
    const low = bits.getInt32(0, true)
    bits.setInt32(0, low + step, true)
    if (low === (step > 0 ? -1 : 0)) bits.setInt32(4, bits.getInt32(4, true) + step, true)
    return bits.getFloat64(0, true)
  }

  /** How many entries of a node come before the probe; `itself`: an entry of its own counts as one. */
  countBefore(shape: Shape, node: number, itself: boolean): number {
    if (!this.byScore) return this.countByMember(shape, node, 0, this.nodes.count(node), itself)
    const low = this.countByScore(shape, node)
    return this.byMember && this.nodes.score(node, low) === this.score
      ? this.countAmongEqual(shape, node, low, itself)
      : low
  }

  /** True when the probe comes behind an entry. */
  follows(shape: Shape, node: number, slot: number): boolean {
    const score = this.nodes.score(node, slot)
    return score === this.score ? this.followsMember(shape, node, slot) : score < this.score
  }

  /**
   * The scores of a node that come before: they alone are mostly the whole answer. Which group of scores, then how many
   * in it, by adding up what each comparison says. To halve takes a third of the comparisons, but each waits for the one
   * before, and for its cache line; these wait for none, and take half the time. Nor is there a branch: no processor
   * could guess where a search turns.
   */
  private countByScore(shape: Shape, node: number): number {
    const { score } = this
    const { dv } = this.arena.mems[node >>> SEGMENT_SHIFT]
    const scores = scoresAt(node)
    const end = scores + ((shape.max - GROUP) << 3)
    let low = 0
    for (let at = scores + GROUP_BYTES - 8; at < end; at += GROUP_BYTES) low += isBelow(dv, at, score)
    const at = scores + low * GROUP_BYTES
    const inFirst = isBelow(dv, at, score) + isBelow(dv, at + 8, score)
    const inRest = isBelow(dv, at + 16, score) + isBelow(dv, at + 24, score) + isBelow(dv, at + 32, score)
    return low * GROUP + inFirst + inRest
  }

  /** Behind `low` entries others may follow with the same score. */
  private countAmongEqual(shape: Shape, node: number, low: number, itself: boolean): number {
    const count = this.nodes.count(node)
    let end = low
    while (end < count && this.nodes.score(node, end) === this.score) end++
    return this.countByMember(shape, node, low, end, itself)
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

function isBelow(dv: DataView, at: number, score: number): number {
  return Number(dv.getFloat64(at, true) < score)
}
