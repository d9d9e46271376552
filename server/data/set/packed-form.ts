/** What the intset and the listpack have in common: they are one block, and small enough to be walked. */

import type { Random } from '../../lib/random.js'
import type { Arena } from '../../memory/arena.js'
import type { Element } from '../../memory/element.js'
import { OneBlock } from '../one-block.js'
import { select } from '../selection.js'
import type { MemberVisitor, ScanStep, SetForm, SetLimits } from './form.js'

export abstract class PackedForm extends OneBlock implements SetForm {
  abstract readonly name: string

  constructor(
    arena: Arena,
    protected readonly chance: Random,
    protected readonly limits: SetLimits,
  ) {
    super(arena)
  }

  abstract create(): number
  abstract size(root: number): number
  abstract takes(root: number, member: Element): boolean
  abstract seek(root: number, member: Element): boolean
  abstract insert(root: number, member: Element): number
  abstract remove(root: number, member: Element): number
  abstract random(root: number, into: Element): Element
  abstract walk(root: number, visit: MemberVisitor): void

  removeDrawn(root: number, member: Element): number {
    return this.remove(root, member)
  }

  choose(root: number, count: number, visit: MemberVisitor): void {
    const walk = (tell: MemberVisitor): void => {
      this.walk(root, tell)
    }
    select(this.size(root), count, this.chance, walk, visit)
  }

  /** All at once: there are few. */
  scan(root: number): ScanStep {
    return {
      next: 0,
      forEach: visit => {
        this.walk(root, visit)
      },
    }
  }
}
