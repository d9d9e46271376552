/** What the intset and the listpack have in common: the whole set is one block, whose first bytes tell its size. */

import { copyBytes, type Mem, Span } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import { type Arena, blockBytes, offsetOf } from '../../memory/arena.js'
import type { Element } from '../../memory/element.js'
import { reallocate } from '../../memory/reallocate.js'
import type { MemberVisitor, ScanStep, SetForm, SetLimits } from './form.js'
import { select } from './selection.js'

export abstract class PackedForm implements SetForm {
  abstract readonly name: string

  constructor(
    protected readonly arena: Arena,
    protected readonly chance: Random,
    protected readonly limits: SetLimits,
  ) {}

  abstract create(): number
  abstract size(root: number): number
  abstract takes(root: number, member: Element): boolean
  abstract seek(root: number, member: Element): boolean
  abstract insert(root: number, member: Element): number
  abstract remove(root: number, member: Element): number
  abstract random(root: number, into: Element): Element
  abstract walk(root: number, visit: MemberVisitor): void
  /** The bytes in use: what the block was asked with. */
  protected abstract length(root: number): number

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

  /** The set as it is written to files. */
  packed(root: number): Span {
    return new Span(this.mem(root), offsetOf(root), this.length(root))
  }

  copy(root: number): number {
    const bytes = this.length(root)
    const made = this.arena.alloc(bytes)
    copyBytes(this.mem(made), offsetOf(made), this.mem(root), offsetOf(root), bytes)
    return made
  }

  free(root: number): void {
    this.arena.free(root, this.length(root))
  }

  freeSlice(root: number): boolean {
    this.free(root)
    return true
  }

  effort(): number {
    return 1
  }

  bytes(root: number): number {
    return blockBytes(this.length(root))
  }

  *blocks(root: number): Generator<readonly [ref: number, bytes: number]> {
    yield [root, this.length(root)]
  }

  protected mem(root: number): Mem {
    return this.arena.mem(root)
  }

  protected resize(root: number, from: number, to: number): number {
    return reallocate(this.arena, root, from, to)
  }
}
