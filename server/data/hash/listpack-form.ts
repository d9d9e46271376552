/** A small hash: field, value, field, value, in the order in which the fields came. See memory/listpack.ts. */

import type { Mem } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import { type Arena, offsetOf } from '../../memory/arena.js'
import { Element } from '../../memory/element.js'
import {
  appendElement,
  EMPTY_LISTPACK_BYTES,
  entryAtIndex,
  entryBytesFor,
  findElement,
  firstEntry,
  initListpack,
  listpackBytes,
  listpackLength,
  NO_ENTRY,
  nextEntry,
  readElement,
  removeElements,
  replaceElement,
  replacementGrowth,
} from '../../memory/listpack.js'
import { OneBlock } from '../one-block.js'
import { select } from '../selection.js'
import type { FieldVisitor, HashForm, HashLimits, ScanStep } from './form.js'

export class ListpackForm extends OneBlock implements HashForm {
  readonly name = 'listpack'
  private found = NO_ENTRY
  private readonly field = new Element()
  private readonly walkedValue = new Element()

  constructor(
    arena: Arena,
    private readonly chance: Random,
    private readonly limits: HashLimits,
  ) {
    super(arena)
  }

  create(): number {
    const root = this.arena.alloc(EMPTY_LISTPACK_BYTES)
    initListpack(this.mem(root), offsetOf(root))
    return root
  }

  size(root: number): number {
    return listpackLength(this.mem(root), offsetOf(root)) >>> 1
  }

  holds(field: Element, value: Element): boolean {
    const { maxListpackValue } = this.limits
    return field.span().length <= maxListpackValue && value.span().length <= maxListpackValue
  }

  isFull(root: number): boolean {
    return this.size(root) >= this.limits.maxListpackEntries
  }

  seek(root: number, field: Element): boolean {
    const mem = this.mem(root)
    const start = offsetOf(root)
    this.found = findElement(mem, start, firstEntry(mem, start), field, 2)
    return this.found !== NO_ENTRY
  }

  value(root: number, into: Element): Element {
    return this.readBehind(this.mem(root), offsetOf(root), this.found, into)
  }

  insert(root: number, field: Element, value: Element): number {
    const before = this.length(root)
    const made = this.resize(root, before, before + entryBytesFor(field) + entryBytesFor(value))
    const mem = this.mem(made)
    appendElement(mem, offsetOf(made), field)
    appendElement(mem, offsetOf(made), value)
    return made
  }

  replace(root: number, value: Element): number {
    const mem = this.mem(root)
    const start = offsetOf(root)
    const at = nextEntry(mem, start, this.found)
    const before = this.length(root)
    const after = before + replacementGrowth(mem, start, at, value)
    // The block must have room while the entry is written: it grows before, and shrinks behind.
    const made = after > before ? this.resize(root, before, after) : root
    replaceElement(this.mem(made), offsetOf(made), at, value)
    return after < before ? this.resize(made, before, after) : made
  }

  remove(root: number): number {
    const before = this.length(root)
    removeElements(this.mem(root), offsetOf(root), this.found, 2)
    return this.resize(root, before, this.length(root))
  }

  walk(root: number, visit: FieldVisitor): void {
    const mem = this.mem(root)
    const start = offsetOf(root)
    let at = firstEntry(mem, start)
    while (at !== NO_ENTRY) {
      const valueAt = nextEntry(mem, start, at)
      if (this.tell(mem, start, at, valueAt, visit) === false) return
      at = nextEntry(mem, start, valueAt)
    }
  }

  draw(root: number, visit: FieldVisitor): void {
    const mem = this.mem(root)
    const start = offsetOf(root)
    const at = entryAtIndex(mem, start, 2 * this.chance.below(this.size(root)))
    this.tell(mem, start, at, nextEntry(mem, start, at), visit)
  }

  choose(root: number, count: number, visit: FieldVisitor): void {
    const walk = (tell: FieldVisitor): void => {
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

  private tell(
    mem: Mem,
    start: number,
    at: number,
    valueAt: number,
    visit: FieldVisitor,
  ): boolean | undefined {
    readElement(mem, start, at, this.field)
    return visit(this.field, readElement(mem, start, valueAt, this.walkedValue))
  }

  private readBehind(mem: Mem, start: number, at: number, into: Element): Element {
    return readElement(mem, start, nextEntry(mem, start, at), into)
  }

  protected length(root: number): number {
    return listpackBytes(this.mem(root), offsetOf(root))
  }
}
