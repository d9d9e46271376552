/** What a search in an ordered tree looks for: a member with its score, or the place before or behind a bound. */

import { Mem, Span, compareBytes } from '../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { readKey } from './key.js'
import type { Shape, TreeNodes } from './tree-node.js'

export class TreeProbe {
  private byScore = true
  private byMember = true
  private score = 0
  /** The member itself; 0 for a bound. */
  private member = 0
  /** Behind what equals the bound. */
  private orEqual = false
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
    this.read(member, this.bytes)
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
  }

  /** How many entries of a node come before the probe; `itself`: an entry of its own counts as one. */
  countBefore(shape: Shape, node: number, itself: boolean): number {
    let low = 0
    let high = this.nodes.count(node)
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.follows(shape, node, middle, itself)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** True when the probe comes behind an entry. */
  follows(shape: Shape, node: number, slot: number, itself = false): boolean {
    if (this.byScore) {
      const score = this.nodes.score(node, slot)
      if (score !== this.score) return score < this.score
      if (!this.byMember) return this.orEqual
    }
    const member = this.nodes.member(shape, node, slot)
    if (member === this.member) return itself
    const order = this.compare(member)
    return order === 0 ? this.orEqual : order < 0
  }

  /** The bytes of a member against those of the probe. */
  private compare(member: number): number {
    const { bytes, other } = this
    this.read(member, other)
    return compareBytes(other.mem, other.start, other.length, bytes.mem, bytes.start, bytes.length)
  }

  private read(member: number, span: Span): void {
    readKey(this.arena.mems[member >>> SEGMENT_SHIFT], ((member & UNIT_MASK) << UNIT_SHIFT) + this.keyAt, span)
  }
}
