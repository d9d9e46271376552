/**
 * The id table: records under ids, in the order of the ids. A stream keeps its nodes in one, a group what is pending.
 *
 * The problem. Redis has a radix tree for either: it finds an id in the time its 16 bytes take, and costs 25 to 40
 * bytes and an allocation for each, though ids come almost only in ascending order and mostly leave so too.
 *
 * The idea: a sorted array, cut into chunks of 2 KiB so that an insertion in the middle moves little, and a directory
 * of the chunks, itself an array. Both are searched by halves; what comes last is appended in O(1). A record is the
 * id, as 16 bytes, and as many bytes as the owner wants, so a pending entry takes its own bytes and no more.
 *
 *      state      directory, chunks, records, room of the directory          four words in a block of the owner's
 *      directory  | chunk | chunk | chunk |                                  references
 *      chunk      records, bytes, marks, skipped | free | id, data | id, data | ...          ascending
 *
 * What goes from the front moves nothing: its slot is skipped from then on, until room is wanted and there is much.
 *
 * A chunk starts small and doubles; only the table's first one ever is smaller than full size, since whoever has two
 * has many. One that is split off by an append starts empty and leaves the other full. None is empty but the only one
 * of an empty table, which stays: what is pending comes and goes, and would have it made and freed each time.
 *
 * Marks are bits that the owner puts on the chunk of a record, and that stay as long as the chunk: a walk can leave out
 * chunks that were never marked so.
 *
 * One object works on many tables, one at a time: `open` it on a state. It has one place, which searches and steps
 * move, and which inserting and removing leave where it makes sense. Whatever changes the table by another
 * object makes the place void.
 *
 * What it does not promise: to be fast with hundreds of millions of records. The directory of ten million has 80,000
 * chunks; taking its first chunk away moves 320 KB, once for a hundred records.
 */

import { copyBytes, type Mem } from '../../lib/bytes.js'
import { type Arena, offsetOf, SEGMENT_SHIFT, UNIT_MASK } from '../../memory/arena.js'
import { CHUNK_BYTES_MAX, CHUNK_BYTES_MIN, CHUNK_HEADER, IdChunks } from './id-chunks.js'
import { ID_BYTES, type StreamId } from './stream-id.js'

export class IdTable extends IdChunks {
  /** The memory of the record at the place, and where it begins. Void when there is none. */
  mem!: Mem
  at = 0

  private readonly record: number
  private readonly recordsMax: number
  private chunk = 0
  private slot = 0
  /** Records in the chunk at the place. */
  private left = 0
  /** Free slots before them. */
  private skipped = 0

  constructor(
    arena: Arena,
    /** The bytes behind each id: a multiple of 4. */
    readonly dataBytes: number,
  ) {
    super(arena)
    this.record = ID_BYTES + dataBytes
    this.recordsMax = Math.floor((CHUNK_BYTES_MAX - CHUNK_HEADER) / this.record)
  }

  // Looking -------------------------------------------------------------------------------------------------

  /** The place of an id, if it is there. */
  find(id: StreamId): boolean {
    return this.seek(id) && id.compareAt(this.mem, this.at) === 0
  }

  /** The first record at `id` or behind it. False: there is none. */
  seek(id: StreamId): boolean {
    if (this.count === 0) return false
    const chunk = this.chunkFor(id)
    if (chunk < 0) return this.first()
    this.enter(chunk, 0)
    this.moveTo(this.slotFor(id))
    return this.slot < this.left || this.enterNext()
  }

  /** Puts marks on the chunk of the record at the place. */
  mark(bits: number): void {
    const ref = this.chunkAt(this.chunk)
    this.setMarks(ref, this.marksOf(ref) | bits)
  }

  /** From the record at the place to the first that is in a chunk with this mark, itself maybe. False: there is none. */
  toMarked(bit: number): boolean {
    let there = true
    while (there && (this.marksOf(this.chunkAt(this.chunk)) & bit) === 0) there = this.enterNext()
    return there
  }

  /** The last record at `id` or before it. False: there is none. */
  seekLast(id: StreamId): boolean {
    if (!this.seek(id)) return this.last()
    return id.compareAt(this.mem, this.at) === 0 || this.previous()
  }

  /** True when the record at the place is known to be the last one at `id` or before it, as the one behind it tells. */
  isLastBefore(id: StreamId): boolean {
    if (this.slot + 1 < this.left) return id.compareAt(this.mem, this.at + this.record) < 0
    return this.chunk + 1 === this.chunks
  }

  first(): boolean {
    if (this.count === 0) return false
    this.enter(0, 0)
    return true
  }

  last(): boolean {
    if (this.count === 0) return false
    this.enter(this.chunks - 1, 0)
    this.moveTo(this.left - 1)
    return true
  }

  next(): boolean {
    this.moveTo(this.slot + 1)
    return this.slot < this.left || this.enterNext()
  }

  previous(): boolean {
    if (this.slot > 0) {
      this.moveTo(this.slot - 1)
      return true
    }
    if (this.chunk === 0) return false
    this.enter(this.chunk - 1, 0)
    this.moveTo(this.left - 1)
    return true
  }

  /** The id of the record at the place. */
  id(into: StreamId): StreamId {
    return into.read(this.mem, this.at)
  }

  /** Where the record's data begins, in `mem`. */
  get data(): number {
    return this.at + ID_BYTES
  }

  // Changing ------------------------------------------------------------------------------------------------

  /**
   * Makes a record for an id, if there is none; answers whether it did. The place is at the record; the data of a new
   * one is whatever it is.
   */
  insert(id: StreamId): boolean {
    if (this.chunks === 0) this.addChunk(0, CHUNK_BYTES_MIN)
    this.enter(Math.max(0, this.chunkFor(id)), 0)
    if (this.left > 0 && !this.toInsertionPoint(id)) return false
    this.makeRoom()
    if (this.slot < this.left)
      copyBytes(this.mem, this.at + this.record, this.mem, this.at, (this.left - this.slot) * this.record)
    id.write(this.mem, this.at)
    this.resize(1)
    return true
  }

  /** Takes the record at the place out. The place is at the one behind it; false: there is none. */
  remove(): boolean {
    if (this.slot === 0) this.skip()
    else this.closeBehind()
    this.resize(-1)
    if (this.left === 0) return this.dropChunk()
    if (this.left < this.recordsMax >>> 2) this.mergeWithNeighbour()
    return this.slot < this.left || this.enterNext()
  }

  // Dying ---------------------------------------------------------------------------------------------------

  /** Frees up to `budget` blocks; answers what is left of the budget: more than 0 when the table is empty. */
  free(budget: number): number {
    while (budget > 0 && this.chunks > 0) {
      const last = this.chunks - 1
      this.setCount(this.count - this.recordsIn(this.chunkAt(last)))
      this.freeChunk(last)
      budget--
    }
    return budget
  }

  // Searching -----------------------------------------------------------------------------------------------

  /** The last chunk whose first id is not behind `id`; -1: all are. */
  private chunkFor(id: StreamId): number {
    if (this.count === 0) return 0
    let low = 0
    let high = this.chunks
    if (this.startsAtOrBefore(high - 1, id)) return high - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.startsAtOrBefore(middle, id)) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  private startsAtOrBefore(chunk: number, id: StreamId): boolean {
    const ref = this.chunkAt(chunk)
    return id.compareAt(this.arena.mem(ref), this.recordAt(ref, 0)) >= 0
  }

  /** The first slot of the chunk at the place whose id is not before `id`. */
  private slotFor(id: StreamId): number {
    const start = this.at
    // Ids mostly come behind all others, and go from the front.
    if (id.compareAt(this.mem, start) <= 0) return 0
    if (this.isBehindLast(id)) return this.left
    let low = 0
    let high = this.left
    while (low < high) {
      const middle = (low + high) >>> 1
      if (id.compareAt(this.mem, start + middle * this.record) > 0) low = middle + 1
      else high = middle
    }
    return low
  }

  // Moving --------------------------------------------------------------------------------------------------

  private enter(chunk: number, slot: number): void {
    const ref = this.chunkAt(chunk)
    this.chunk = chunk
    this.slot = slot
    this.mem = this.arena.mems[ref >>> SEGMENT_SHIFT]
    this.left = this.mem.i32[(ref & UNIT_MASK) << 2]
    this.skipped = this.skippedIn(ref)
    this.at = this.recordAt(ref, slot)
  }

  private recordAt(ref: number, slot: number): number {
    return offsetOf(ref) + CHUNK_HEADER + (this.skippedIn(ref) + slot) * this.record
  }

  private moveTo(slot: number): void {
    this.at += (slot - this.slot) * this.record
    this.slot = slot
  }

  private enterNext(): boolean {
    if (this.chunk + 1 >= this.chunks) return false
    this.enter(this.chunk + 1, 0)
    return true
  }

  // Growing and shrinking -----------------------------------------------------------------------------------

  /** To where the id belongs in the chunk at the place; false: it is there. */
  private toInsertionPoint(id: StreamId): boolean {
    if (this.isBehindLast(id)) {
      this.moveTo(this.left)
      return true
    }
    this.moveTo(this.slotFor(id))
    return id.compareAt(this.mem, this.at) !== 0
  }

  private isBehindLast(id: StreamId): boolean {
    return id.compareAt(this.mem, this.at + (this.left - 1) * this.record) > 0
  }

  /** Sees to it that the chunk at the place has room for one more. */
  private makeRoom(): void {
    const ref = this.chunkAt(this.chunk)
    const bytes = this.chunkBytes(ref)
    const { left, skipped } = this
    if (CHUNK_HEADER + (skipped + left + 1) * this.record <= bytes) return
    if (skipped * 4 > left) {
      this.unskip(ref)
      this.enter(this.chunk, this.slot)
      return
    }
    if (bytes === CHUNK_BYTES_MAX) {
      this.splitChunk()
      return
    }
    this.replaceChunk(this.chunk, bytes * 2)
    this.enter(this.chunk, this.slot)
  }

  /** The record at the place, its chunk's first, is one no more. */
  private skip(): void {
    this.skipped++
    this.at += this.record
    this.setSkippedIn(this.chunkAt(this.chunk), this.skipped)
  }

  /** What stands behind the record at the place takes its room. */
  private closeBehind(): void {
    const behind = this.left - this.slot - 1
    if (behind > 0) copyBytes(this.mem, this.at, this.mem, this.at + this.record, behind * this.record)
  }

  /** Moves the records of a chunk to its beginning. */
  private unskip(ref: number): void {
    const mem = this.arena.mem(ref)
    const from = this.recordAt(ref, 0)
    this.setSkippedIn(ref, 0)
    copyBytes(mem, this.recordAt(ref, 0), mem, from, this.recordsIn(ref) * this.record)
  }

  private splitChunk(): void {
    const { chunk, slot, left } = this
    const appends = slot === left && chunk === this.chunks - 1
    const cut = appends ? left : left >>> 1
    this.addChunk(chunk + 1, CHUNK_BYTES_MAX)
    this.moveRecords(chunk, cut, left - cut, chunk + 1, 0)
    if (slot > cut || appends) this.enter(chunk + 1, slot - cut)
    else this.enter(chunk, slot)
  }

  private mergeWithNeighbour(): void {
    const { chunk, slot, left } = this
    if (this.chunks < 2) return
    const into = chunk > 0 ? chunk - 1 : 0
    const from = into + 1
    const before = this.recordsIn(this.chunkAt(into))
    const moved = this.recordsIn(this.chunkAt(from))
    if (before + moved > (this.recordsMax * 3) >>> 2) return
    this.unskip(this.chunkAt(into))
    this.moveRecords(from, 0, moved, into, before)
    this.freeChunk(from)
    this.enter(into, chunk > 0 ? before + slot : slot)
    if (this.left < left) throw new Error('id table: records went missing')
  }

  /** Moves records to the end of another chunk; those of a chunk's tail or all of them. */
  private moveRecords(chunk: number, slot: number, count: number, to: number, toSlot: number): void {
    const source = this.chunkAt(chunk)
    const target = this.chunkAt(to)
    if (this.chunkBytes(target) < CHUNK_BYTES_MAX) throw new Error('id table: a small chunk has a neighbour')
    if (count === 0) return
    const from = this.recordAt(source, slot)
    copyBytes(
      this.arena.mem(target),
      this.recordAt(target, toSlot),
      this.arena.mem(source),
      from,
      count * this.record,
    )
    this.setRecordsIn(source, this.recordsIn(source) - count)
    this.setRecordsIn(target, this.recordsIn(target) + count)
    this.setMarks(target, this.marksOf(target) | this.marksOf(source))
  }

  private resize(by: number): void {
    this.left += by
    this.setRecordsIn(this.chunkAt(this.chunk), this.left)
    this.setCount(this.count + by)
  }

  /** Takes the empty chunk at the place out, unless it is the only one. The place is at what comes behind it, if any. */
  private dropChunk(): boolean {
    const { chunk } = this
    if (this.chunks === 1) {
      this.setMarks(this.chunkAt(0), 0)
      this.setSkippedIn(this.chunkAt(0), 0)
      return false
    }
    this.freeChunk(chunk)
    if (chunk >= this.chunks) return false
    this.enter(chunk, 0)
    return true
  }
}
