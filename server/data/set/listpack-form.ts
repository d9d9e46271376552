/**
 * A small set of anything, in the order in which its members came: see memory/listpack.ts.
 *
 * It calls itself `hashtable`, as the release does whose encodings we report: sets in listpacks came later, and take
 * a fifth of the memory.
 */

import { offsetOf } from '../../memory/arena.js'
import type { Element } from '../../memory/element.js'
import { ListpackCursor } from '../../memory/listpack-cursor.js'
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
  readElement,
  removeElements,
} from '../../memory/listpack.js'
import type { MemberVisitor } from './form.js'
import { PackedForm } from './packed-form.js'

export class ListpackForm extends PackedForm {
  readonly name = 'hashtable'
  private found = NO_ENTRY
  /** One for each walk under way within another. */
  private readonly cursors: ListpackCursor[] = []
  private depth = 0

  create(): number {
    const root = this.arena.alloc(EMPTY_LISTPACK_BYTES)
    initListpack(this.mem(root), offsetOf(root))
    return root
  }

  size(root: number): number {
    return listpackLength(this.mem(root), offsetOf(root))
  }

  takes(root: number, member: Element): boolean {
    const { maxListpackEntries, maxListpackValue } = this.limits
    return this.size(root) < maxListpackEntries && member.span().length <= maxListpackValue
  }

  seek(root: number, member: Element): boolean {
    const mem = this.mem(root)
    const start = offsetOf(root)
    this.found = findElement(mem, start, firstEntry(mem, start), member)
    return this.found !== NO_ENTRY
  }

  insert(root: number, member: Element): number {
    const before = this.length(root)
    const made = this.resize(root, before, before + entryBytesFor(member))
    appendElement(this.mem(made), offsetOf(made), member)
    return made
  }

  remove(root: number): number {
    const before = this.length(root)
    removeElements(this.mem(root), offsetOf(root), this.found)
    return this.resize(root, before, this.length(root))
  }

  random(root: number, into: Element): Element {
    const mem = this.mem(root)
    const start = offsetOf(root)
    this.found = entryAtIndex(mem, start, this.chance.below(this.size(root)))
    return readElement(mem, start, this.found, into)
  }

  walk(root: number, visit: MemberVisitor): void {
    const cursor = (this.cursors[this.depth++] ??= new ListpackCursor())
    let more = cursor.first(this.mem(root), offsetOf(root))
    while (more) more = visit(cursor.element) !== false && cursor.next()
    this.depth--
  }

  protected length(root: number): number {
    return listpackBytes(this.mem(root), offsetOf(root))
  }
}
