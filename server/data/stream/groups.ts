/**
 * Consumer groups: who reads a stream together, and what was given to whom and not yet answered for.
 *
 * A group knows the last id it handed out and, in an id table, every entry that is pending: when it was delivered, how
 * often, and who has it. A consumer has only the number of its own: a table for each, as Redis has it, would double
 * what a delivery and an acknowledgement do, and hardly anybody asks for them. Who does walks the group's table. There
 * each chunk is marked with one bit of 32 for everybody who ever had an entry in it, so that the walk leaves out nearly
 * all chunks of others: a million pending entries are 18,000 looks.
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
  OLDEST_AT,
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

const LEAST = StreamId.least()
/** Spreads references over the 32 marks: 2^32 divided by the golden ratio. */
const SPREAD = 0x9e3779b1

/** A consumer: when it was last heard of, and how much it has to answer for. */
export class Consumer {
  ref = 0
  private readonly nameSpan = Span.of('')

  constructor(private readonly arena: Arena) {}

  open(ref: number): this {
    this.ref = ref
    return this
  }

  get name(): Span {
    return readKey(this.arena.mem(this.ref), offsetOf(this.ref) + CONSUMER_NAME_AT, this.nameSpan)
  }

  /** How many entries it has to answer for. */
  get owned(): number {
    return this.arena.mem(this.ref).i32[(offsetOf(this.ref) + OWNED_AT) >>> 2]
  }

  set owned(entries: number) {
    this.arena.mem(this.ref).i32[(offsetOf(this.ref) + OWNED_AT) >>> 2] = entries
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
    consumer.open(ref)
    consumer.owned = 0
    consumer.seenMs = nowMs
    consumer.activeMs = UNKNOWN
    return consumer
  }

  /** Takes a consumer out, with what it has to answer for. */
  removeConsumer(consumer: Consumer): void {
    const { ref } = consumer
    let there = this.seekOwned(consumer, LEAST)
    while (there) there = this.pending.remove() && this.toOwned(ref)
    this.names.remove(consumer.name)
    this.arena.free(ref, consumerBytes(consumer.name.length))
  }

  // What is pending -----------------------------------------------------------------------------------------

  /** Unix ms of the last delivery of the entry at the place of `pending`. */
  get deliveredMs(): number {
    return readNumber(this.pending.mem, this.pending.data + DELIVERED_AT)
  }

  set deliveredMs(ms: number | bigint) {
    writeInt64(this.pending.mem, this.pending.data + DELIVERED_AT, ms)
    if (this.pending.count === 1 || ms < this.oldestMs) this.oldestMs = Number(ms)
  }

  /** Unix ms: no pending entry that the stream still has was delivered before. Infinity: nothing is pending. */
  get oldestMs(): number {
    if (this.pending.count === 0) return Infinity
    return readNumber(this.arena.mem(this.ref), offsetOf(this.ref) + OLDEST_AT)
  }

  /** For who has looked at all of them. */
  set oldestMs(ms: number) {
    writeInt64(this.arena.mem(this.ref), offsetOf(this.ref) + OLDEST_AT, ms)
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

  /** How many entries nobody has to answer for. */
  get orphans(): number {
    let owned = 0
    for (let i = 0; i < this.consumerCount; i++) owned += this.consumerAt(i).owned
    return this.pending.count - owned
  }

  get ownerRef(): number {
    return this.pending.mem.i32[(this.pending.data + OWNER_AT) >>> 2]
  }

  private setOwner(ref: number): void {
    this.pending.mem.i32[(this.pending.data + OWNER_AT) >>> 2] = ref
  }

  /**
   * Makes an entry pending, with nobody to answer for it, if it is not; answers whether it did. The place of `pending`
   * is at it.
   */
  addPending(id: StreamId, deliveredMs: number | bigint, deliveries: number | bigint): boolean {
    if (!this.pending.insert(id)) return false
    this.setOwner(0)
    this.deliveredMs = deliveredMs
    this.deliveries = deliveries
    return true
  }

  /** Gives the entry at the place of `pending` to a consumer; null: to nobody. */
  giveTo(consumer: Consumer | null): void {
    const ref = consumer === null ? 0 : consumer.ref
    if (this.ownerRef === ref) return
    this.leaveOwner()
    this.setOwner(ref)
    if (consumer === null) return
    consumer.owned++
    this.pending.mark(markOf(ref))
  }

  /** The entry at the place of `pending` is answered for. The place is at the one behind it; false: there is none. */
  removePending(): boolean {
    this.leaveOwner()
    return this.pending.remove()
  }

  acknowledge(id: StreamId): boolean {
    if (!this.pending.find(id)) return false
    this.removePending()
    return true
  }

  /** Moves the place of `pending` to the consumer's first entry at `id` or behind it. False: there is none. */
  seekOwned(consumer: Consumer, id: StreamId): boolean {
    return consumer.owned > 0 && this.pending.seek(id) && this.toOwned(consumer.ref)
  }

  /** And from there to its next one. */
  nextOwned(consumer: Consumer): boolean {
    return this.pending.next() && this.toOwned(consumer.ref)
  }

  /** From the entry at the place of `pending`, itself maybe, to the first that is the consumer's. */
  private toOwned(ref: number): boolean {
    const { pending } = this
    const mark = markOf(ref)
    let there = pending.toMarked(mark)
    while (there && this.ownerRef !== ref) there = pending.next() && pending.toMarked(mark)
    return there
  }

  private leaveOwner(): void {
    const ref = this.ownerRef
    if (ref !== 0) this.owner.open(ref).owned--
  }

  // Dying ---------------------------------------------------------------------------------------------------

  /** Frees up to `budget` blocks; answers what is left: more than 0 when the group is gone. */
  free(budget: number): number {
    budget = this.pending.free(budget)
    while (budget > 0 && this.names.count > 0) {
      const consumer = this.consumerAt(this.names.count - 1)
      const bytes = consumerBytes(consumer.name.length)
      this.arena.free(this.names.pop(), bytes)
      budget--
    }
    if (budget > 0) this.arena.free(this.ref, groupBytes(this.name.length))
    return budget
  }

  get blockCount(): number {
    return 1 + this.pending.blockCount + this.consumerCount
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
    }
  }
}

/** The mark of chunks in which a consumer has or had an entry. */
function markOf(ref: number): number {
  return 1 << (Math.imul(ref, SPREAD) >>> 27)
}
