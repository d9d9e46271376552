/** The nodes of one stream, and what is done to their entries. See node.ts for the bytes. */

import { copyBytes, type Mem } from '../../lib/bytes.js'
import { type Arena, blockBytes, offsetOf } from '../../memory/arena.js'
import { Element } from '../../memory/element.js'
import { EMPTY_LISTPACK_BYTES, LISTPACK_HEADER, initListpack, insertEntries, listpackBytes, nextEntry, replaceElement } from '../../memory/listpack.js'
import { EntryCursor } from './entry-cursor.js'
import { IdTable } from './id-table.js'
import { NODE_DATA_BYTES, NODES_AT } from './layout.js'
import { DELETED, type FieldSource, NodeHead, NodeWriter } from './node.js'
import { StreamId } from './stream-id.js'

/** No listpack of a stream grows beyond this, whatever the directives say. */
export const NODE_BYTES_LIMIT = 2 ** 30

/** When a node is full: stream-node-max-bytes and stream-node-max-entries, 0 for no limit. */
export interface NodeLimits {
  bytes: number
  entries: number
}

export class Nodes {
  readonly table: IdTable
  readonly cursor: EntryCursor
  private readonly writer = new NodeWriter()
  private readonly head = new NodeHead()
  private readonly master = new StreamId()
  private readonly element = new Element()

  constructor(
    private readonly arena: Arena,
    private readonly limits: NodeLimits,
  ) {
    this.table = new IdTable(arena, NODE_DATA_BYTES)
    this.cursor = new EntryCursor(arena)
  }

  open(root: number): void {
    this.table.open(root, NODES_AT)
  }

  get count(): number {
    return this.table.count
  }

  /** Appends an entry whose id is behind all others. */
  append(id: StreamId, source: FieldSource): void {
    const { writer, head, table } = this
    writer.begin(source)
    if (table.last() && !this.isFull(source)) {
      writer.entry(source, id, table.id(this.master), head.hasFieldsOf(source))
      this.extend()
    } else {
      writer.master(source)
      writer.entry(source, id, id, true)
      table.insert(id)
      this.setBlock(this.makeNode())
    }
  }

  /** Deletes the entry at which `cursor` stands, by the same table. Its node goes with the last of its entries. */
  deleteAt(cursor: EntryCursor): void {
    const { head } = cursor
    if (head.count === 1) {
      this.dropNode()
      return
    }
    head.mem.u8[cursor.flagsAt] |= DELETED
    this.setCounts(head.count - 1, head.deleted + 1)
  }

  /** Frees the node at the table's place. The place is at the one behind it; false: there is none. */
  dropNode(): boolean {
    const ref = this.block
    this.arena.free(ref, this.nodeBytes(ref))
    return this.table.remove()
  }

  /** The head of the node at the table's place. */
  readHead(): NodeHead {
    const ref = this.block
    return this.head.read(this.arena.mem(ref), offsetOf(ref))
  }

  /** The greatest id in the node at the table's place, of deleted entries too. */
  lastIdAtPlace(): StreamId {
    return this.cursor.openNode(this.table).lastInNode()
  }

  /** Flags up to `most` entries of the node at the table's place, those before `end` (null: all); answers how many. */
  flagFirst(most: number, end: StreamId | null): number {
    const cursor = this.cursor.openNode(this.table)
    let flagged = 0
    while (flagged < most && cursor.nextInNode()) {
      if (end !== null && cursor.id.compare(end) >= 0) break
      cursor.head.mem.u8[cursor.flagsAt] |= DELETED
      flagged++
    }
    return flagged
  }

  /** The block of the node at the table's place. */
  get block(): number {
    return this.table.mem.i32[this.table.data >>> 2]
  }

  nodeBytes(ref: number): number {
    return listpackBytes(this.arena.mem(ref), offsetOf(ref))
  }

  /** A node with these bytes behind all others; its first id is `id`. */
  adopt(id: StreamId, from: Mem, start: number, bytes: number): void {
    const ref = this.arena.alloc(bytes)
    copyBytes(this.arena.mem(ref), offsetOf(ref), from, start, bytes)
    this.table.insert(id)
    this.setBlock(ref)
  }

  /** Bytes of all nodes and of their table, as the arena counts them. */
  get bytes(): number {
    let sum = 0
    for (const [, bytes] of this.blocks()) sum += blockBytes(bytes)
    return sum
  }

  /** Frees up to `budget` blocks; answers what is left of the budget: more than 0 when there are no nodes any more. */
  free(budget: number): number {
    const { table } = this
    for (; budget > 0 && table.last(); budget--) this.dropNode()
    return budget
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const { table } = this
    const refs: number[] = []
    for (let more = table.first(); more; more = table.next()) refs.push(this.block)
    yield* table.blocks()
    for (const ref of refs) yield [ref, this.nodeBytes(ref)]
  }

  /** Whether the node at the table's place takes no entry of these words; leaves its head in `head`. */
  private isFull(source: FieldSource): boolean {
    const { bytes, entries } = this.limits
    const ref = this.block
    const most = bytes === 0 ? NODE_BYTES_LIMIT : Math.min(bytes, NODE_BYTES_LIMIT)
    if (this.nodeBytes(ref) + source.bytes >= most) return true
    this.readHead()
    return entries > 0 && this.head.count + this.head.deleted >= entries
  }

  /** Puts the entry that the writer holds at the end of the node at the table's place. */
  private extend(): void {
    const { writer, head } = this
    const more = writer.length
    const ref = this.resize(more + head.growth(head.count + 1, head.deleted))
    const mem = this.arena.mem(ref)
    const start = offsetOf(ref)
    insertEntries(mem, start, listpackBytes(mem, start) - 1, writer.mem, 0, 0, more, writer.elements)
    replaceElement(mem, start, LISTPACK_HEADER, this.element.setInteger(0, head.count + 1))
  }

  private makeNode(): number {
    const { writer } = this
    const ref = this.arena.alloc(EMPTY_LISTPACK_BYTES + writer.length)
    const mem = this.arena.mem(ref)
    initListpack(mem, offsetOf(ref))
    insertEntries(mem, offsetOf(ref), LISTPACK_HEADER, writer.mem, 0, 0, writer.length, writer.elements)
    return ref
  }

  /** Writes how many entries of the node at the table's place live and are deleted. */
  setCounts(count: number, deleted: number): void {
    const head = this.readHead()
    const growth = head.growth(count, deleted)
    const ref = growth > 0 ? this.resize(growth) : this.block
    const before = this.nodeBytes(ref)
    const mem = this.arena.mem(ref)
    const start = offsetOf(ref)
    replaceElement(mem, start, LISTPACK_HEADER, this.element.setInteger(0, count))
    const second = nextEntry(mem, start, LISTPACK_HEADER)
    replaceElement(mem, start, second, this.element.setInteger(0, deleted))
    if (growth < 0) this.shrink(ref, before)
  }

  /** Makes room for `more` bytes in the node at the table's place; answers its block, which may be new. */
  private resize(more: number): number {
    const ref = this.block
    const bytes = this.nodeBytes(ref)
    return this.arena.sameClass(bytes, bytes + more) ? ref : this.move(ref, bytes, bytes, bytes + more)
  }

  /** A block is freed by the bytes of its listpack: when these became fewer, it may have to be a smaller one. */
  private shrink(ref: number, before: number): void {
    const bytes = this.nodeBytes(ref)
    if (!this.arena.sameClass(before, bytes)) this.move(ref, before, bytes, bytes)
  }

  private move(ref: number, had: number, copied: number, bytes: number): number {
    const moved = this.arena.alloc(bytes)
    copyBytes(this.arena.mem(moved), offsetOf(moved), this.arena.mem(ref), offsetOf(ref), copied)
    this.arena.free(ref, had)
    this.setBlock(moved)
    return moved
  }

  private setBlock(ref: number): void {
    this.table.mem.i32[this.table.data >>> 2] = ref
  }
}
