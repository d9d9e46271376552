/**
 * Consumer groups: who reads a stream together, and what was given to whom and not yet answered for.
 *
 * A group knows the last id it handed out and, in an id table, every entry that is pending: when it was delivered, how
 * often, and who has it. Each consumer has the ids of its own in a table too, without data. Both change together,
 * here and nowhere else: an entry is in the table of the consumer that its record in the group's table names.
 *
 * Groups and consumers are blocks of the arena (layout.ts); the objects below are views that are aimed at them.
 */

import { Span } from '../../lib/bytes.js'
import { type Arena, blockBytes, offsetOf } from '../../memory/arena.js'
import { readKey, writeKey } from '../../memory/key.js'
import { IdTable } from './id-table.js'
import { readInt64, readNumber, writeInt64 } from './int64.js'
import {
  ACTIVE_AT,
  CONSUMER_NAME_AT,
  CONSUMERS_AT,
  DELIVERED_AT,
  DELIVERIES_AT,
  GROUP_NAME_AT,
  OWNED_AT,
  OWNER_AT,
  PENDING_AT,
  PENDING_DATA_BYTES,
  READ_AT,
  SEEN_AT,
  consumerBytes,
  groupBytes,
} from './layout.js'
import { NameTable } from './name-table.js'
import { StreamId } from './stream-id.js'

/** Of a consumer that was never active; of a group whose place among all entries ever added is unknown. */
export const UNKNOWN = -1

/** A consumer: its ids, and when it was last heard of. */
export class Consumer {
  ref = 0
  /** What it has to answer for. */
  readonly owned: IdTable
  private readonly nameSpan = Span.of('')

  constructor(private readonly arena: Arena) {
    this.owned = new IdTable(arena, 0)
  }

  open(ref: number): this {
    this.ref = ref
    this.owned.open(ref, OWNED_AT)
    return this
  }

  get name(): Span {
    return readKey(this.arena.mem(this.ref), offsetOf(this.ref) + CONSUMER_NAME_AT, this.nameSpan)
  }

  /** Unix ms of its last command, whatever came of it. */
  get seenMs(): number {
    return readNumber(this.arena.mem(this.ref), offsetOf(this.ref) + SEEN_AT)
  }

  set seenMs(ms: number | bigint) {
    writeInt64(this.arena.mem(this.ref), offsetOf(this.ref) + SEEN_AT, ms)
  }

  /** Unix ms of the last command that gave it an entry, or UNKNOWN. */
  get activeMs(): number {
    return readNumber(this.arena.mem(this.ref), offsetOf(this.ref) + ACTIVE_AT)
  }

  set activeMs(ms: number | bigint) {
    writeInt64(this.arena.mem(this.ref), offsetOf(this.ref) + ACTIVE_AT, ms)
  }

  /** Unix ms, as SEEN and ACTIVE are stored: with all their digits. */
  get times(): readonly [seen: number | bigint, active: number | bigint] {
    const mem = this.arena.mem(this.ref)
    return [readInt64(mem, offsetOf(this.ref) + SEEN_AT), readInt64(mem, offsetOf(this.ref) + ACTIVE_AT)]
  }
}

export class Group {
  ref = 0
  readonly lastId = new StreamId()
  /** How many entries were added up to `lastId`, or UNKNOWN. */
  entriesRead: number | bigint = UNKNOWN
  readonly pending: IdTable
  private readonly names: NameTable
  private readonly consumer: Consumer
  private readonly owner: Consumer
  private readonly nameSpan = Span.of('')

  constructor(private readonly arena: Arena) {
    this.pending = new IdTable(arena, PENDING_DATA_BYTES)
    this.names = new NameTable(arena, CONSUMER_NAME_AT)
    this.consumer = new Consumer(arena)
    this.owner = new Consumer(arena)
  }

  /** Makes the block of a group and opens it. */
  create(name: Span, lastId: StreamId, entriesRead: number | bigint): this {
    this.ref = this.arena.alloc(groupBytes(name.length))
    this.pending.create(this.ref, PENDING_AT)
    this.names.create(this.ref, CONSUMERS_AT)
    writeKey(this.arena.mem(this.ref), offsetOf(this.ref) + GROUP_NAME_AT, name)
    this.moveTo(lastId, entriesRead)
    return this
  }

  open(ref: number): this {
    this.ref = ref
    this.pending.open(ref, PENDING_AT)
    this.names.open(ref, CONSUMERS_AT)
    const mem = this.arena.mem(ref)
    this.lastId.read(mem, offsetOf(ref))
    this.entriesRead = readInt64(mem, offsetOf(ref) + READ_AT)
    return this
  }

  get name(): Span {
    return readKey(this.arena.mem(this.ref), offsetOf(this.ref) + GROUP_NAME_AT, this.nameSpan)
  }

  /** Sets what it has handed out. */
  moveTo(lastId: StreamId, entriesRead: number | bigint): void {
    const mem = this.arena.mem(this.ref)
    this.lastId.set(lastId)
    this.entriesRead = entriesRead
    lastId.write(mem, offsetOf(this.ref))
    writeInt64(mem, offsetOf(this.ref) + READ_AT, entriesRead)
  }

  // Consumers -----------------------------------------------------------------------------------------------

  get consumerCount(): number {
    return this.names.count
  }

  /** The consumers in the order of their names. The view is good until the next one is asked for. */
  consumerAt(index: number): Consumer {
    return this.consumer.open(this.names.at(index))
  }

  findConsumer(name: Span): Consumer | null {
    const ref = this.names.find(name)
    return ref === 0 ? null : this.consumer.open(ref)
  }

  /** A consumer whose name is not there. */
  addConsumer(name: Span, nowMs: number | bigint): Consumer {
    const ref = this.arena.alloc(consumerBytes(name.length))
    writeKey(this.arena.mem(ref), offsetOf(ref) + CONSUMER_NAME_AT, name)
    this.names.insert(name, ref)
    const { consumer } = this
    consumer.owned.create(ref, OWNED_AT)
    consumer.open(ref)
    consumer.seenMs = nowMs
    consumer.activeMs = UNKNOWN
    return consumer
  }

  /** Takes a consumer out, with what it has to answer for. */
  removeConsumer(consumer: Consumer): void {
    const { owned, ref } = consumer
    const id = new StreamId()
    for (let more = owned.first(); more; more = owned.next()) {
      if (this.pending.find(owned.id(id))) this.pending.remove()
    }
    this.names.remove(consumer.name)
    owned.free(Infinity)
    this.arena.free(ref, consumerBytes(consumer.name.length))
  }

  // What is pending -----------------------------------------------------------------------------------------

  /** Unix ms of the last delivery of the entry at the place of `pending`. */
  get deliveredMs(): number {
    return readNumber(this.pending.mem, this.pending.data + DELIVERED_AT)
  }

  set deliveredMs(ms: number | bigint) {
    writeInt64(this.pending.mem, this.pending.data + DELIVERED_AT, ms)
  }

  get deliveries(): number | bigint {
    return readInt64(this.pending.mem, this.pending.data + DELIVERIES_AT)
  }

  set deliveries(count: number | bigint) {
    writeInt64(this.pending.mem, this.pending.data + DELIVERIES_AT, count)
  }

  /** Who has the entry at the place of `pending`; null: nobody. Good until the next one is asked for. */
  get pendingOwner(): Consumer | null {
    const ref = this.ownerRef
    return ref === 0 ? null : this.owner.open(ref)
  }

  get ownerRef(): number {
    return this.pending.mem.i32[(this.pending.data + OWNER_AT) >>> 2]
  }

  private setOwner(ref: number): void {
    this.pending.mem.i32[(this.pending.data + OWNER_AT) >>> 2] = ref
  }

  /** Makes an entry pending that is not, with nobody to answer for it. The place of `pending` is at it. */
  addPending(id: StreamId, deliveredMs: number | bigint, deliveries: number | bigint): void {
    this.pending.insert(id)
    this.setOwner(0)
    this.deliveredMs = deliveredMs
    this.deliveries = deliveries
  }

  /** Gives the entry at the place of `pending` to a consumer; null: to nobody. */
  giveTo(id: StreamId, consumer: Consumer | null): void {
    const ref = consumer === null ? 0 : consumer.ref
    if (this.ownerRef === ref) return
    this.leaveOwner(id)
    this.setOwner(ref)
    consumer?.owned.insert(id)
  }

  /** The entry at the place of `pending` is answered for. The place is at the one behind it; false: there is none. */
  removePending(id: StreamId): boolean {
    this.leaveOwner(id)
    return this.pending.remove()
  }

  acknowledge(id: StreamId): boolean {
    if (!this.pending.find(id)) return false
    this.removePending(id)
    return true
  }

  private leaveOwner(id: StreamId): void {
    const ref = this.ownerRef
    if (ref === 0) return
    const { owned } = this.owner.open(ref)
    if (owned.find(id)) owned.remove()
  }

  // Dying ---------------------------------------------------------------------------------------------------

  /** Frees up to `budget` blocks; answers what is left: more than 0 when the group is gone. */
  free(budget: number): number {
    budget = this.pending.free(budget)
    while (budget > 0 && this.names.count > 0) {
      const consumer = this.consumerAt(this.names.count - 1)
      budget = consumer.owned.free(budget)
      if (budget <= 0) return 0
      const bytes = consumerBytes(consumer.name.length)
      this.arena.free(this.names.pop(), bytes)
      budget--
    }
    if (budget > 0) this.arena.free(this.ref, groupBytes(this.name.length))
    return budget
  }

  get blockCount(): number {
    let count = 1 + this.pending.blockCount
    for (let i = 0; i < this.consumerCount; i++) count += 1 + this.consumerAt(i).owned.blockCount
    return count
  }

  get bytes(): number {
    let sum = 0
    for (const [, bytes] of this.blocks()) sum += blockBytes(bytes)
    return sum
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    yield [this.ref, groupBytes(this.name.length)]
    yield* this.pending.blocks()
    yield* this.names.blocks()
    for (let i = 0; i < this.consumerCount; i++) {
      const consumer = this.consumerAt(i)
      yield [consumer.ref, consumerBytes(consumer.name.length)]
      yield* consumer.owned.blocks()
    }
  }
}
