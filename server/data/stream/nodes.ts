/** The nodes of one stream, and what is done to their entries. See node.ts for the bytes. */

import { copyBytes, type Mem } from '../../lib/bytes.js'
import { type Arena, blockBytes, offsetOf } from '../../memory/arena.js'
import { Element } from '../../memory/element.js'
import {
  EMPTY_LISTPACK_BYTES,
  LISTPACK_HEADER,
  initListpack,
  listpackBytes,
  nextEntry,
  replaceElement,
} from '../../memory/listpack.js'
import { EntryCursor } from './entry-cursor.js'
import { IdTable } from './id-table.js'
import { BLOCK_AT, NODE_DATA_BYTES, NODES_AT, ROOM_AT } from './layout.js'
import { DELETED, NodeHead } from './node.js'
import {
  type FieldSource,
  NodeWriter,
  endListpack,
  entryBytesMax,
  entryElements,
  masterElements,
} from './node-writer.js'
import { StreamId } from './stream-id.js'

/** No listpack of a stream grows beyond this, whatever the directives say. */
export const NODE_BYTES_LIMIT = 2 ** 30

/** What nodes come to by default. A node grows by doubling up to here. */
const USUAL_NODE_BYTES = 4096

/** Up to here a number is its own entry in a listpack. */
const NUMBER_7_MAX = 127

/** When a node is full: stream-node-max-bytes and stream-node-max-entries, 0 for no limit. */
export interface NodeLimits {
  bytes: number
  entries: number
}

export class Nodes {
  /** Counts what changes nodes, but for appending where there is room: whoever remembers a place in one looks here. */
  moves = 0
  readonly table: IdTable
  readonly cursor: EntryCursor
  private readonly writer = new NodeWriter()
  private readonly head = new NodeHead()
  /**
   * The last node of a stream, as it was when something was appended to it: it need not be looked up again as long as
   * nothing moves.
   */
  private readonly tail = new NodeHead()
  private readonly tailId = new StreamId()
  private tailRoom = 0
  private tailRoot = 0
  private tailMoves = -1
  private readonly element = new Element()
  private root = 0

  constructor(
    private readonly arena: Arena,
    private readonly limits: NodeLimits,
  ) {
    this.table = new IdTable(arena, NODE_DATA_BYTES)
    this.cursor = new EntryCursor(arena)
  }

  open(root: number): void {
    this.root = root
    this.table.open(root, NODES_AT)
  }

  get count(): number {
    return this.table.count
  }

  /** Appends an entry whose id is behind all others. */
  append(id: StreamId, source: FieldSource): void {
    const { tail } = this
    const known = this.tailRoot === this.root && this.tailMoves === this.moves
    if (!known && !this.readTail()) {
      this.begin(id, source, 0)
      return
    }
    const bytes = listpackBytes(tail.mem, tail.start)
    if (this.isFull(bytes + source.bytes)) {
      this.table.last()
      this.resize(bytes)
      this.begin(id, source, bytes)
    } else if (bytes + entryBytesMax(source) <= this.tailRoom) {
      this.write(id, source, bytes, tail.hasFieldsOf(source))
    } else {
      this.extend(id, source, bytes)
    }
  }

  /**
   * Deletes the entry at which `cursor` stands, by the same table. Its node goes with the last of its entries. Answers
   * whether the cursor still stands there.
   */
  deleteAt(cursor: EntryCursor): boolean {
    const { head } = cursor
    if (head.count === 1) {
      this.dropNode()
      return false
    }
    head.mem.u8[cursor.flagsAt] |= DELETED
    return this.setCounts(--head.count, ++head.deleted)
  }

  /** Frees the node at the table's place. The place is at the one behind it; false: there is none. */
  dropNode(): boolean {
    this.moves++
    this.arena.free(this.block, this.room)
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
    return this.table.mem.i32[(this.table.data + BLOCK_AT) >>> 2]
  }

  /** The bytes of its listpack. */
  get bytes(): number {
    return listpackBytes(this.arena.mem(this.block), offsetOf(this.block))
  }

  /** The bytes of its block: the last node has some to spare. */
  private get room(): number {
    return this.table.mem.i32[(this.table.data + ROOM_AT) >>> 2]
  }

  /** Takes in a node with these bytes, whose first id is `id`. */
  adopt(id: StreamId, from: Mem, start: number, bytes: number): void {
    const ref = this.arena.alloc(bytes)
    copyBytes(this.arena.mem(ref), offsetOf(ref), from, start, bytes)
    this.table.insert(id)
    this.setBlock(ref, bytes)
  }

  /** Frees up to `budget` blocks; answers what is left of the budget: more than 0 when there are no nodes any more. */
  free(budget: number): number {
    const { table } = this
    for (; budget > 0 && table.last(); budget--) this.dropNode()
    return table.free(budget)
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const { table } = this
    const nodes: [ref: number, bytes: number][] = []
    for (let more = table.first(); more; more = table.next()) nodes.push([this.block, this.room])
    yield* table.blocks()
    yield* nodes
  }

  /** Looks at the last node; false: there is none. */
  private readTail(): boolean {
    const { table } = this
    if (!table.last()) return false
    const { block } = this
    this.tail.readCounts(this.arena.mem(block), offsetOf(block))
    this.tailRoom = this.room
    table.id(this.tailId)
    this.tailRoot = this.root
    this.tailMoves = this.moves
    return true
  }

  /** Whether the last node takes no entry with which it would have so many bytes. */
  private isFull(bytesThen: number): boolean {
    const { bytes, entries } = this.limits
    if (bytesThen >= (bytes === 0 ? NODE_BYTES_LIMIT : Math.min(bytes, NODE_BYTES_LIMIT))) return true
    return entries > 0 && this.tail.count + this.tail.deleted >= entries
  }

  /** As `write`, where there may be too little room. */
  private extend(id: StreamId, source: FieldSource, before: number): void {
    const { tail } = this
    const same = tail.hasFieldsOf(source)
    const bytes = before + this.writer.entryBytes(source, id, this.tailId, same)
    this.table.last()
    this.makeRoom(bytes + tail.growth(tail.count + 1, tail.deleted))
    this.readTail()
    this.write(id, source, before, same)
  }

  /** Puts an entry at the end of the last node. `before`: its bytes. */
  private write(id: StreamId, source: FieldSource, before: number, same: boolean): void {
    const { tail } = this
    const { mem, start } = tail
    const end = this.writer.entry(mem, start + before - 1, source, id, this.tailId, same)
    endListpack(mem, start, end, entryElements(source, same))
    this.setCount(mem, start, ++tail.count)
  }

  /** Mostly one byte takes the place of another. */
  private setCount(mem: Mem, start: number, count: number): void {
    const at = start + LISTPACK_HEADER
    if (count <= NUMBER_7_MAX && mem.u8[at] <= NUMBER_7_MAX) mem.u8[at] = count
    else this.replaceCount(mem, start, LISTPACK_HEADER, count)
  }

  private replaceCount(mem: Mem, start: number, at: number, count: number): void {
    this.moves++
    replaceElement(mem, start, at, this.element.setInteger(0, count))
  }

  /**
   * Makes a node of one entry, behind all others. It will hardly be smaller than the one before it, which had `likely`
   * bytes (0: there was none), and begins with that room: to grow and be copied seven times costs more than to write.
   */
  private begin(id: StreamId, source: FieldSource, likely: number): void {
    const { writer } = this
    const bytes = EMPTY_LISTPACK_BYTES + writer.masterBytes(source) + writer.entryBytes(source, id, id, true)
    const room = Math.max(bytes, Math.min(likely, USUAL_NODE_BYTES))
    const ref = this.arena.alloc(room)
    const mem = this.arena.mem(ref)
    const start = offsetOf(ref)
    initListpack(mem, start)
    const entryAt = writer.master(mem, start + LISTPACK_HEADER, source)
    const end = writer.entry(mem, entryAt, source, id, id, true)
    endListpack(mem, start, end, masterElements(source) + entryElements(source, true))
    this.table.insert(id)
    this.setBlock(ref, room)
  }

  /** Writes how many entries of the node at the table's place live and are deleted. Answers whether the entries stayed. */
  setCounts(count: number, deleted: number): boolean {
    const growth = this.readHead().growth(count, deleted)
    this.makeRoom(this.bytes + growth)
    const mem = this.arena.mem(this.block)
    const start = offsetOf(this.block)
    this.moves++
    this.setCount(mem, start, count)
    this.replaceCount(mem, start, nextEntry(mem, start, LISTPACK_HEADER), deleted)
    return growth === 0
  }

  /** The node at the table's place is to have so many bytes: more room, and some for what comes after. */
  private makeRoom(bytes: number): void {
    const { room } = this
    if (bytes <= room) return
    this.resize(
      bytes > USUAL_NODE_BYTES
        ? bytes + (bytes >>> 2)
        : Math.min(USUAL_NODE_BYTES, Math.max(bytes, room * 2)),
    )
  }

  /** Gives the node at the table's place a block of so many bytes. */
  private resize(room: number): void {
    const { block, bytes } = this
    if (this.arena.sameClass(this.room, room)) return
    const moved = this.arena.alloc(room)
    copyBytes(this.arena.mem(moved), offsetOf(moved), this.arena.mem(block), offsetOf(block), bytes)
    this.arena.free(block, this.room)
    this.setBlock(moved, room)
  }

  private setBlock(ref: number, room: number): void {
    const { mem, data } = this.table
    this.moves++
    mem.i32[(data + BLOCK_AT) >>> 2] = ref
    mem.i32[(data + ROOM_AT) >>> 2] = blockBytes(room)
  }
}
