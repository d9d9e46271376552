/**
 * One stream: its entries, its counters and its groups. A view that is aimed at the root block of a value (layout.ts)
 * and changes it in place; what a command may ask of a stream is here.
 *
 * Ids only ascend: an id once given is not given again, though its entry may be deleted and the stream be empty.
 */

import { type Arena, offsetOf } from '../../memory/arena.js'
import type { Span } from '../../lib/bytes.js'
import { EntryCursor } from './entry-cursor.js'
import { Group } from './groups.js'
import { IdTable } from './id-table.js'
import { addInt64, readInt64, readNumber, writeInt64 } from './int64.js'
import {
  ADDED_AT,
  DELETED_ID_AT,
  FIRST_ID_AT,
  GROUP_NAME_AT,
  GROUPS_AT,
  LAST_ID_AT,
  LENGTH_AT,
  NODE_DATA_BYTES,
  NODES_AT,
  PRODUCERS_AT,
  ROOT_BYTES,
} from './layout.js'
import { NameTable } from './name-table.js'
import type { FieldSource } from './node-writer.js'
import { type NodeLimits, Nodes } from './nodes.js'
import { Producers } from './producers.js'
import { StreamId } from './stream-id.js'

const LEAST = StreamId.least()
const GREATEST = StreamId.greatest()

export class Stream {
  root = 0
  /** The greatest id ever given. */
  readonly lastId = new StreamId()
  readonly nodes: Nodes
  private readonly names: NameTable
  private readonly group: Group
  private readonly remembered: Producers
  private readonly walk: IdTable
  /** Which stream the cursor was led through last, and how far `nodes.moves` was. */
  private walkedRoot = 0
  private walkedMoves = 0
  private readonly cursor: EntryCursor
  private readonly edge = new StreamId()
  private readonly first = new StreamId()
  private readonly deleted = new StreamId()

  constructor(
    readonly arena: Arena,
    limits: NodeLimits,
  ) {
    this.nodes = new Nodes(arena, limits)
    this.names = new NameTable(arena, GROUP_NAME_AT)
    this.group = new Group(arena)
    this.remembered = new Producers(arena)
    this.walk = new IdTable(arena, NODE_DATA_BYTES)
    this.cursor = new EntryCursor(arena)
  }

  /** Makes the root of an empty stream and opens it. */
  create(): this {
    const root = this.arena.alloc(ROOT_BYTES)
    this.arena.mem(root).u8.fill(0, offsetOf(root), offsetOf(root) + ROOT_BYTES)
    return this.open(root)
  }

  open(root: number): this {
    this.root = root
    const mem = this.arena.mem(root)
    const at = offsetOf(root)
    this.lastId.read(mem, at + LAST_ID_AT)
    this.nodes.open(root)
    this.names.open(root, GROUPS_AT)
    return this
  }

  /** The id of the first entry; 0-0 when there is none. */
  get firstId(): StreamId {
    return this.first.read(this.arena.mem(this.root), offsetOf(this.root) + FIRST_ID_AT)
  }

  /** The greatest id of an entry that was deleted (not trimmed). */
  get deletedId(): StreamId {
    return this.deleted.read(this.arena.mem(this.root), offsetOf(this.root) + DELETED_ID_AT)
  }

  /** Entries in it. */
  get length(): number {
    return readNumber(this.arena.mem(this.root), offsetOf(this.root) + LENGTH_AT)
  }

  set length(entries: number) {
    writeInt64(this.arena.mem(this.root), offsetOf(this.root) + LENGTH_AT, entries)
  }

  /** Entries that were ever added. */
  get added(): number | bigint {
    return readInt64(this.arena.mem(this.root), offsetOf(this.root) + ADDED_AT)
  }

  set added(entries: number | bigint) {
    writeInt64(this.arena.mem(this.root), offsetOf(this.root) + ADDED_AT, entries)
  }

  /** The producers whose messages are remembered; null: none ever was. */
  get producers(): Producers | null {
    const ref = this.producersRef
    return ref === 0 ? null : this.remembered.open(ref)
  }

  /** As `producers`, made with these limits if there are none. */
  rememberProducers(durationSeconds: number, most: number): Producers {
    const { producers } = this
    if (producers !== null) return producers
    const ref = this.remembered.create(durationSeconds, most)
    this.arena.mem(this.root).i32[(offsetOf(this.root) + PRODUCERS_AT) >>> 2] = ref
    return this.remembered
  }

  private get producersRef(): number {
    return this.arena.mem(this.root).i32[(offsetOf(this.root) + PRODUCERS_AT) >>> 2]
  }

  // Reading -------------------------------------------------------------------------------------------------

  /**
   * The entries from one id to another. There is one such cursor, and it ends with the next change of entries. It goes
   * on where it stands if it can: who reads a stream piece by piece need not look for the place in a node each time.
   */
  range(from: StreamId, to: StreamId, reverse = false): EntryCursor {
    const { root, cursor, nodes } = this
    const near = this.walkedRoot === root && this.walkedMoves === nodes.moves
    if (near && !reverse && cursor.goOn(from, to)) return cursor
    this.walkedRoot = root
    this.walkedMoves = nodes.moves
    return cursor.open(this.walk.open(root, NODES_AT), from, to, reverse)
  }

  holds(id: StreamId): boolean {
    return this.range(id, id).next()
  }

  /** The id of the first entry, or with `reverse` of the last; false: there is none. */
  edgeId(into: StreamId, reverse = false): boolean {
    const cursor = this.range(LEAST, GREATEST, reverse)
    if (!cursor.next()) return false
    into.set(cursor.id)
    return true
  }

  // Changing ------------------------------------------------------------------------------------------------

  /** Appends an entry. `id` must be behind `lastId`. */
  append(id: StreamId, source: FieldSource): void {
    const mem = this.arena.mem(this.root)
    const at = offsetOf(this.root)
    this.nodes.append(id, source)
    this.lastId.set(id).write(mem, at + LAST_ID_AT)
    addInt64(mem, at + LENGTH_AT, 1)
    addInt64(mem, at + ADDED_AT, 1)
    if (readNumber(mem, at + LENGTH_AT) === 1) id.write(mem, at + FIRST_ID_AT)
  }

  setLastId(id: StreamId): void {
    this.lastId.set(id).write(this.arena.mem(this.root), offsetOf(this.root) + LAST_ID_AT)
  }

  setDeletedId(id: StreamId): void {
    id.write(this.arena.mem(this.root), offsetOf(this.root) + DELETED_ID_AT)
  }

  setFirstId(id: StreamId): void {
    id.write(this.arena.mem(this.root), offsetOf(this.root) + FIRST_ID_AT)
  }

  /** Deletes an entry and leaves a tombstone; false: it is not there. */
  delete(id: StreamId): boolean {
    return this.deleteAll([id]) === 1
  }

  /**
   * Deletes entries and leaves tombstones; answers how many there were. Ids that ascend are looked for from where the one
   * before was found, so that nobody passes all the tombstones of a node again for each.
   */
  deleteAll(ids: readonly StreamId[]): number {
    const { table, cursor } = this.nodes
    const { deletedId, firstId } = this
    let deleted = 0
    let stands = false
    let firstGone = false
    for (const id of ids) {
      const found: boolean = (stands && cursor.reach(id)) || cursor.open(table, id, id).next()
      stands = found && this.nodes.deleteAt(cursor)
      if (!found) continue
      deleted++
      if (id.compare(deletedId) > 0) deletedId.set(id)
      firstGone ||= id.equals(firstId)
    }
    if (deleted > 0) this.noteDeleted(deleted, firstGone)
    return deleted
  }

  /** So many entries have been deleted, and `deleted` is the greatest that ever was. */
  private noteDeleted(entries: number, firstGone: boolean): void {
    this.length -= entries
    this.setDeletedId(this.deleted)
    if (firstGone || this.length === 0) this.noteFirst()
  }

  /** The first entries are gone: finds out which is the first now. */
  noteFirst(): void {
    if (!this.edgeId(this.edge)) this.edge.setLeast()
    this.setFirstId(this.edge)
  }

  // Groups --------------------------------------------------------------------------------------------------

  get groupCount(): number {
    return this.names.count
  }

  /** The groups in the order of their names. The view is good until the next one is asked for. */
  groupAt(index: number): Group {
    return this.group.open(this.names.at(index))
  }

  findGroup(name: Span): Group | null {
    const ref = this.names.find(name)
    return ref === 0 ? null : this.group.open(ref)
  }

  /** A group whose name is not there. */
  addGroup(name: Span, lastId: StreamId, entriesRead: number | bigint): Group {
    const group = this.group.create(name, lastId, entriesRead)
    this.names.insert(name, group.ref)
    return group
  }

  removeGroup(group: Group): void {
    this.names.remove(group.name)
    group.free(Infinity)
  }

  // Dying ---------------------------------------------------------------------------------------------------

  /** Frees up to `budget` blocks; true when nothing is left, the root included. */
  free(budget: number): boolean {
    budget = this.nodes.free(budget)
    while (budget > 0 && this.names.count > 0) {
      budget = this.groupAt(this.names.count - 1).free(budget)
      if (budget > 0) this.names.pop()
    }
    if (budget <= 0) return false
    this.producers?.free()
    this.arena.free(this.root, ROOT_BYTES)
    return true
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    yield [this.root, ROOT_BYTES]
    yield* this.nodes.blocks()
    yield* this.names.blocks()
    yield* this.producers?.blocks() ?? []
    for (let i = 0; i < this.groupCount; i++) yield* this.groupAt(i).blocks()
  }
}
