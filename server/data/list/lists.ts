/**
 * Lists: elements in the order in which they were put, cheap at both ends.
 *
 *      entry    payload = number of elements; inline: first node, last node, number of nodes
 *      node     some neighbouring elements in one block: see node.ts
 *
 * A short list is one node, and so one block beside its entry. Every operation reads the three inline words into the
 * one Quicklist that this object has, lets it work, and writes them back: no JS object per list or node.
 *
 * What is handed out (an element, a span) is good until the next operation on any list.
 */

import { Mem, Span } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import { type Arena, blockBytes } from '../../memory/arena.js'
import type { ReplyWriter } from '../../resp/reply.js'
import type { Entries } from '../entry.js'
import type { Place, ValueKind } from '../kind.js'
import { RdbType } from '../serial/encoding.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import type { ValueDigest } from '../value-digest.js'
import { ListCursor } from './cursor.js'
import { dropWithin, pushWithin, readWithin } from './ends.js'
import { readList, writeQuicklist } from './forms.js'
import { insertBeside, removeAt, removeEqual, replaceAt } from './inner.js'
import { ListLimits } from './limits.js'
import { Nodes } from './node.js'
import { BIG_LIST_MIN, ListPieces } from './pieces.js'
import { Quicklist } from './quicklist.js'
import { writeRange } from './range.js'
import { ListSearch } from './search.js'

/** The room that a list takes inside its entry. */
export const LIST_ROOM = 12
const HEAD = 0
const TAIL = 4
const SIZE = 8

export class Lists implements ValueKind {
  readonly name = 'list'
  readonly rdbTypes = [RdbType.list, RdbType.listZiplist, RdbType.listQuicklist, RdbType.listQuicklist2]
  /** From the configuration. */
  readonly limits = new ListLimits()
  private readonly nodes: Nodes
  private readonly list: Quicklist
  private readonly cursor: ListCursor
  private readonly search: ListSearch
  private readonly element = new Element()
  /** Where a value stands that was taken out of its list. */
  private taken = new Mem(new ArrayBuffer(256))
  private readonly takenSpan = new Span(this.taken, 0, 0)

  constructor(
    arena: Arena,
    private readonly entries: Entries,
  ) {
    this.nodes = new Nodes(arena, this.limits)
    this.list = new Quicklist(this.nodes, this.limits)
    this.cursor = new ListCursor(this.list)
    this.search = new ListSearch(this.list)
  }

  /** Makes the value of a new entry with LIST_ROOM an empty list. */
  init(ref: number): number {
    this.entries.mem(ref).u8.fill(0, this.entries.inlineAt(ref), this.entries.inlineAt(ref) + LIST_ROOM)
    return ref
  }

  // Reading -------------------------------------------------------------------------------------------------

  length(ref: number): number {
    return this.entries.payload(ref)
  }

  /** An element by its index, negative ones from the end; null when there is none. */
  at(ref: number, index: number): Span | null {
    this.open(ref)
    return this.cursor.seek(index) ? this.cursor.element.span() : null
  }

  /** The first or last element of a list that is not empty. */
  end(ref: number, first: boolean): Span {
    const { element } = this
    const node = this.endNode(ref, first)
    if (readWithin(this.nodes.mem(node), node, first, element)) return element.span()
    this.open(ref)
    this.cursor.stand(node, first)
    return this.cursor.element.span()
  }

  /** Answers `count` elements from `from` on as bulk strings. `backwards`: towards the head. */
  writeRange(ref: number, from: number, count: number, backwards: boolean, reply: ReplyWriter): void {
    const list = this.open(ref)
    const { cursor } = this
    if (cursor.seek(from)) writeRange(list, cursor, count, backwards, this.element, reply)
  }

  /** Of the first `most` elements from one end on, shows how far those that equal `value` are from it, until told not to. */
  forEachEqual(
    ref: number,
    value: Span,
    fromHead: boolean,
    most: number,
    visit: (steps: number) => boolean,
  ): void {
    this.open(ref)
    this.search.visit(this.element.set(value), fromHead, most, visit)
  }

  elements(ref: number, visit: (element: Span) => void): void {
    const { cursor } = this
    let more = cursor.stand(this.open(ref).head, true)
    for (; more; more = cursor.move(true)) visit(cursor.element.span())
  }

  // Changing ------------------------------------------------------------------------------------------------

  push(ref: number, value: Span, atHead: boolean): void {
    const element = this.element.set(value)
    const node = this.endNode(ref, atHead)
    if (this.nodes.watchers.length > 0) this.nodes.beforeChange(node)
    if (node !== 0 && pushWithin(this.nodes.mem(node), node, element, atHead, this.limits)) {
      this.entries.setPayload(ref, this.entries.payload(ref) + 1)
      return
    }
    const list = this.open(ref)
    list.push(element, atHead)
    this.close(ref, list)
  }

  /** Takes an element out of the end of a list that is not empty. */
  take(ref: number, fromHead: boolean): Span {
    const value = this.keep(this.end(ref, fromHead))
    this.drop(ref, 1, fromHead)
    return value
  }

  /** Removes elements, or all that there are, from one end. */
  drop(ref: number, count: number, fromHead: boolean): void {
    const node = this.endNode(ref, fromHead)
    if (this.nodes.watchers.length > 0) this.nodes.beforeChange(node)
    if (count === 1 && node !== 0 && dropWithin(this.nodes.mem(node), node, fromHead)) {
      this.entries.setPayload(ref, this.entries.payload(ref) - 1)
      return
    }
    const list = this.open(ref)
    list.drop(count, fromHead)
    this.close(ref, list)
  }

  /** Puts `value` in the place of an element; false when there is no such index. */
  set(ref: number, index: number, value: Span): boolean {
    const list = this.open(ref)
    const { cursor } = this
    if (!cursor.seek(index)) return false
    if (!replaceAt(list, cursor.node, cursor.at, this.element.set(value))) this.exchange(list, index)
    this.close(ref, list)
    return true
  }

  /** Puts `value` beside the first element that equals `pivot`; false when there is none. */
  insert(ref: number, pivot: Span, after: boolean, value: Span): boolean {
    const list = this.open(ref)
    const { search } = this
    if (!search.find(this.element.set(pivot))) return false
    insertBeside(list, search.node, search.at, after, this.element.set(value))
    this.close(ref, list)
    return true
  }

  /** Removes up to `limit` elements that equal `value`, from one end on. Answers how many those were. */
  remove(ref: number, value: Span, limit: number, fromHead: boolean): number {
    const list = this.open(ref)
    const removed = removeEqual(list, this.search, this.element.set(value), limit, fromHead)
    if (removed > 0) this.close(ref, list)
    return removed
  }

  // As a kind -----------------------------------------------------------------------------------------------

  inlineBytes(): number {
    return LIST_ROOM
  }

  /** What 7.0 says of every list. */
  encodingName(): string {
    return 'quicklist'
  }

  free(ref: number): void {
    const list = this.open(ref)
    list.clear()
    this.close(ref, list)
  }

  freeSlice(ref: number, budget: number): boolean {
    const list = this.open(ref)
    for (let i = 0; i < budget && list.size > 0; i++) list.remove(list.head)
    this.store(ref, list)
    return list.size === 0
  }

  freeEffort(ref: number): number {
    return this.open(ref).size
  }

  bytes(ref: number): number {
    let sum = 0
    for (const [, bytes] of this.blocks(ref)) sum += blockBytes(bytes)
    return sum
  }

  *blocks(ref: number): Generator<readonly [ref: number, bytes: number]> {
    const { nodes } = this
    for (let node = this.open(ref).head; node !== 0; node = nodes.next(node)) yield [node, nodes.bytes(node)]
  }

  copy(ref: number, place: Place): number {
    const { nodes } = this
    const copy = new Quicklist(nodes, this.limits)
    copy.length = this.open(ref).length
    for (let node = this.list.head; node !== 0; node = nodes.next(node))
      copy.link(nodes.copy(node), copy.tail)
    return this.store(place(LIST_ROOM), copy)
  }

  rdbType(): number {
    return RdbType.listQuicklist2
  }

  serialize(ref: number, writer: ValueWriter): void {
    writeQuicklist(this.open(ref), writer)
  }

  isBig(ref: number): boolean {
    return this.open(ref).size >= BIG_LIST_MIN
  }

  pieces(ref: number, seat: WriterSeat): ValuePieces {
    const list = this.open(ref)
    seat.writer.size(list.size)
    return new ListPieces(this.nodes, list, seat)
  }

  deserialize(rdbType: number, reader: ValueReader, place: Place): number {
    const list = new Quicklist(this.nodes, this.limits)
    try {
      readList(rdbType, reader, list)
    } catch (error) {
      list.clear()
      throw error
    }
    const ref = place(LIST_ROOM)
    this.close(ref, list)
    return ref
  }

  digest(ref: number, digest: ValueDigest): void {
    this.elements(ref, element => digest.ordered(element.bytes()))
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** The first or the last node; 0 when there is none. */
  private endNode(ref: number, first: boolean): number {
    const { entries } = this
    return entries.mem(ref).dv.getInt32(entries.inlineAt(ref) + (first ? HEAD : TAIL), true)
  }

  private open(ref: number): Quicklist {
    const { entries, list } = this
    const { dv } = entries.mem(ref)
    const at = entries.inlineAt(ref)
    list.head = dv.getInt32(at + HEAD, true)
    list.tail = dv.getInt32(at + TAIL, true)
    list.size = dv.getInt32(at + SIZE, true)
    list.length = entries.payload(ref)
    return list
  }

  private close(ref: number, list: Quicklist): void {
    if (this.limits.compressDepth > 0) list.settle()
    this.store(ref, list)
  }

  private store(ref: number, list: Quicklist): number {
    const { entries } = this
    const { dv } = entries.mem(ref)
    const at = entries.inlineAt(ref)
    dv.setInt32(at + HEAD, list.head, true)
    dv.setInt32(at + TAIL, list.tail, true)
    dv.setInt32(at + SIZE, list.size, true)
    entries.setPayload(ref, list.length)
    return ref
  }

  /** Takes the element at `index` out and puts the one in hand in its place, in another node if need be. */
  private exchange(list: Quicklist, index: number): void {
    const { cursor } = this
    const position = index < 0 ? index + list.length : index
    cursor.seek(position)
    removeAt(list, cursor.node, cursor.at)
    if (cursor.seek(position)) insertBeside(list, cursor.node, cursor.at, false, this.element)
    else list.push(this.element, false)
  }

  private keep(value: Span): Span {
    if (value.length > this.taken.length) this.taken = new Mem(new ArrayBuffer((value.length * 2 + 7) & ~7))
    value.copyTo(this.taken, 0)
    return this.takenSpan.set(this.taken, 0, value.length)
  }
}
