/** A small set of integers, sorted: see memory/intset.ts. */

import { offsetOf } from '../../memory/arena.js'
import { Element } from '../../memory/element.js'
import {
  addToIntset,
  EMPTY_INTSET_BYTES,
  initIntset,
  intsetBytes,
  intsetBytesWith,
  intsetHas,
  intsetLength,
  readMember,
  removeFromIntset,
} from '../../memory/intset.js'
import type { MemberVisitor } from './form.js'
import { PackedForm } from './packed-form.js'

export class IntsetForm extends PackedForm {
  readonly name = 'intset'
  /** One for each walk under way within another. */
  private readonly walked: Element[] = []
  private depth = 0

  create(): number {
    const root = this.arena.alloc(EMPTY_INTSET_BYTES)
    initIntset(this.mem(root), offsetOf(root))
    return root
  }

  size(root: number): number {
    return intsetLength(this.mem(root), offsetOf(root))
  }

  takes(root: number, member: Element): boolean {
    return member.isInteger && this.size(root) < this.limits.maxIntsetEntries
  }

  seek(root: number, member: Element): boolean {
    return intsetHas(this.mem(root), offsetOf(root), member)
  }

  insert(root: number, member: Element): number {
    const more = intsetBytesWith(this.mem(root), offsetOf(root), member)
    const made = this.resize(root, this.length(root), more)
    addToIntset(this.mem(made), offsetOf(made), member)
    return made
  }

  remove(root: number, member: Element): number {
    const before = this.length(root)
    removeFromIntset(this.mem(root), offsetOf(root), member)
    return this.resize(root, before, this.length(root))
  }

  random(root: number, into: Element): Element {
    return readMember(this.mem(root), offsetOf(root), this.chance.below(this.size(root)), into)
  }

  walk(root: number, visit: MemberVisitor): void {
    const member = (this.walked[this.depth++] ??= new Element())
    const mem = this.mem(root)
    const start = offsetOf(root)
    const size = intsetLength(mem, start)
    let goesOn = true
    for (let index = 0; goesOn && index < size; index++) {
      goesOn = visit(readMember(mem, start, index, member)) !== false
    }
    this.depth--
  }

  protected length(root: number): number {
    return intsetBytes(this.mem(root), offsetOf(root))
  }
}
