/**
 * The id table: records under ids, in the order of the ids. A stream keeps its nodes in one, a group what is pending,
 * a consumer what it has to answer for.
 *
 * The problem. Redis has a radix tree for each of the three: it finds an id in the time its 16 bytes take, and costs
 * 25 to 40 bytes and an allocation for each, though ids come almost only in ascending order and mostly leave so too.
 *
 * The idea: a sorted array, cut into chunks of 2 KiB so that an insertion in the middle moves little, and a directory
 * of the chunks, itself an array. Both are searched by halves; what comes last is appended in O(1). A record is the
 * id, as 16 bytes, and as many bytes as the owner wants, so a pending entry takes its own bytes and no more.
 *
 *      state      directory, chunks, records, room of the directory          four words in a block of the owner's
 *      directory  | chunk | chunk | chunk |                                  references
 *      chunk      records, bytes | id, data | id, data | ...                 ascending; none is empty
 *
 * A chunk starts small and doubles; only the table's first one ever is smaller than full size, since whoever has two
 * has many. One that is split off by an append starts empty and leaves the other full.
 *
 * One object works on many tables, one at a time: `open` it on a state. It has one place, which searches and steps
 * move, and which inserting and removing leave where it makes sense. Whatever changes the table by another
 * object makes the place void.
 *
 * What it does not promise: to be fast with hundreds of millions of records. The directory of ten million has 80,000
 * chunks; taking its first chunk away moves 320 KB, once for a hundred records.
 */

import { copyBytes, type Mem } from '../../lib/bytes.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from '../../memory/arena.js'
import { ID_BYTES, type StreamId } from './stream-id.js'

/** The bytes of a table's state. */
export const TABLE_STATE_BYTES = 16

const CHUNK_HEADER = 8
const CHUNK_BYTES_MIN = 64
export const CHUNK_BYTES_MAX = 2048
const DIRECTORY_MIN = 4

export class IdTable {
  /** The memory of the record at the place, and where it begins. Void when there is none. */
  mem!: Mem
  at = 0

  private readonly record: number
  private readonly recordsMax: number
  private state!: Int32Array
  private word = 0
  private chunk = 0
  private slot = 0
  /** Records in the chunk at the place. */
  private left = 0

  constructor(
    private readonly arena: Arena,
    /** The bytes behind each id: a multiple of 4. */
    readonly dataBytes: number,
  ) {
    this.record = ID_BYTES + dataBytes
    this.recordsMax = Math.floor((CHUNK_BYTES_MAX - CHUNK_HEADER) / this.record)
  }

  /** Makes an empty table whose state is in `block`, `offset` bytes from its start. */
  create(block: number, offset: number): void {
    this.open(block, offset)
    this.state.fill(0, this.word, this.word + 4)
  }

  open(block: number, offset: number): this {
    this.state = this.arena.mems[block >>> SEGMENT_SHIFT].i32
    this.word = ((block & UNIT_MASK) << 2) + (offset >>> 2)
    return this
  }

  /** Records in the table. */
  get count(): number {
    return this.state[this.word + 2]
  }

  private get directory(): number {
    return this.state[this.word]
  }

  private get chunks(): number {
    return this.state[this.word + 1]
  }

  // Looking -------------------------------------------------------------------------------------------------

  /** The place of an id, if it is there. */
  find(id: StreamId): boolean {
    return this.seek(id) && id.compareAt(this.mem, this.at) === 0
  }

  /** The first record at `id` or behind it. False: there is none. */
  seek(id: StreamId): boolean {
    const chunk = this.chunkFor(id)
    if (chunk < 0) return this.first()
    this.enter(chunk, 0)
    this.moveTo(this.slotFor(id))
    return this.slot < this.left || this.enterNext()
  }

  /** The last record at `id` or before it. False: there is none. */
  seekLast(id: StreamId): boolean {
    if (!this.seek(id)) return this.last()
    return id.compareAt(this.mem, this.at) === 0 || this.previous()
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

  /** Makes a record for an id that is not there. The place is at it; its data is whatever it is. */
  insert(id: StreamId): void {
    if (this.count === 0) this.addChunk(0, CHUNK_BYTES_MIN)
    this.toInsertionPoint(id)
    this.makeRoom()
    copyBytes(this.mem, this.at + this.record, this.mem, this.at, (this.left - this.slot) * this.record)
    id.write(this.mem, this.at)
    this.resize(1)
  }

  /** Takes the record at the place out. The place is at the one behind it; false: there is none. */
  remove(): boolean {
    copyBytes(this.mem, this.at, this.mem, this.at + this.record, (this.left - this.slot - 1) * this.record)
    this.resize(-1)
    if (this.left === 0) return this.dropChunk()
    if (this.left < this.recordsMax >>> 2) this.mergeWithNeighbour()
    return this.slot < this.left || this.enterNext()
  }

  // Dying ---------------------------------------------------------------------------------------------------

  /** Frees up to `budget` blocks; answers what is left of the budget: more than 0 when the table is empty. */
  free(budget: number): number {
    while (budget > 0 && this.chunks > 0) {
      this.enter(this.chunks - 1, 0)
      this.setWord(2, this.count - this.left)
      this.setLeft(0)
      this.dropChunk()
      budget--
    }
    return budget
  }

  /** How many blocks there are. */
  get blockCount(): number {
    return this.chunks === 0 ? 0 : this.chunks + 1
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const { chunks, directory } = this
    if (chunks === 0) return
    yield [directory, this.state[this.word + 3] * 4]
    const refs = Array.from({ length: chunks }, (_, index) => this.chunkAt(index))
    for (const ref of refs) yield [ref, this.chunkBytes(ref)]
  }

  // Searching -----------------------------------------------------------------------------------------------

  /** The last chunk whose first id is not behind `id`; -1: all are. */
  private chunkFor(id: StreamId): number {
    let low = 0
    let high = this.chunks
    if (high > 0 && this.startsAtOrBefore(high - 1, id)) return high - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.startsAtOrBefore(middle, id)) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  private startsAtOrBefore(chunk: number, id: StreamId): boolean {
    const ref = this.chunkAt(chunk)
    return id.compareAt(this.arena.mem(ref), offset(ref) + CHUNK_HEADER) >= 0
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
    this.at = offset(ref) + CHUNK_HEADER + slot * this.record
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

  private toInsertionPoint(id: StreamId): void {
    this.enter(Math.max(0, this.chunkFor(id)), 0)
    if (this.left > 0) this.moveTo(this.isBehindLast(id) ? this.left : this.slotFor(id))
  }

  private isBehindLast(id: StreamId): boolean {
    return id.compareAt(this.mem, this.at + (this.left - 1) * this.record) > 0
  }

  /** Sees to it that the chunk at the place has room for one more. */
  private makeRoom(): void {
    const ref = this.chunkAt(this.chunk)
    const bytes = this.chunkBytes(ref)
    if (CHUNK_HEADER + (this.left + 1) * this.record <= bytes) return
    if (bytes < CHUNK_BYTES_MAX) this.growChunk(ref, bytes)
    else this.splitChunk()
  }

  private growChunk(ref: number, bytes: number): void {
    const larger = this.allocChunk(bytes * 2)
    copyBytes(
      this.arena.mem(larger),
      offset(larger) + CHUNK_HEADER,
      this.arena.mem(ref),
      offset(ref) + CHUNK_HEADER,
      bytes - CHUNK_HEADER,
    )
    this.arena.mem(larger).i32[offset(larger) >>> 2] = this.left
    this.setChunk(this.chunk, larger)
    this.arena.free(ref, bytes)
    this.enter(this.chunk, this.slot)
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
    const before = this.recordsOf(into)
    const from = into + 1
    if (before + this.recordsOf(from) > (this.recordsMax * 3) >>> 2) return
    this.moveRecords(from, 0, this.recordsOf(from), into, before)
    this.enter(from, 0)
    this.dropChunk()
    this.enter(into, chunk > 0 ? before + slot : slot)
    if (this.left < left) throw new Error('id table: records went missing')
  }

  /** Moves records to the end of another chunk; those of a chunk's tail or all of them. */
  private moveRecords(from: number, slot: number, count: number, to: number, toSlot: number): void {
    const source = this.chunkAt(from)
    const target = this.chunkAt(to)
    if (this.chunkBytes(target) < CHUNK_BYTES_MAX) throw new Error('id table: a small chunk has a neighbour')
    const at = offset(source) + CHUNK_HEADER + slot * this.record
    const toAt = offset(target) + CHUNK_HEADER + toSlot * this.record
    copyBytes(this.arena.mem(target), toAt, this.arena.mem(source), at, count * this.record)
    this.arena.mem(source).i32[offset(source) >>> 2] -= count
    this.arena.mem(target).i32[offset(target) >>> 2] += count
  }

  private resize(by: number): void {
    this.setLeft(this.left + by)
    this.setWord(2, this.count + by)
  }

  private setLeft(left: number): void {
    const ref = this.chunkAt(this.chunk)
    this.left = left
    this.arena.mem(ref).i32[offset(ref) >>> 2] = left
  }

  // Chunks and their directory ------------------------------------------------------------------------------

  private recordsOf(chunk: number): number {
    const ref = this.chunkAt(chunk)
    return this.arena.mem(ref).i32[offset(ref) >>> 2]
  }

  private chunkBytes(ref: number): number {
    return this.arena.mem(ref).i32[(offset(ref) >>> 2) + 1]
  }

  private allocChunk(bytes: number): number {
    const ref = this.arena.alloc(bytes)
    const { i32 } = this.arena.mem(ref)
    i32[offset(ref) >>> 2] = 0
    i32[(offset(ref) >>> 2) + 1] = bytes
    return ref
  }

  private chunkAt(index: number): number {
    const { directory } = this
    return this.arena.mems[directory >>> SEGMENT_SHIFT].i32[((directory & UNIT_MASK) << 2) + index]
  }

  private setChunk(index: number, ref: number): void {
    const { directory } = this
    this.arena.mem(directory).i32[((directory & UNIT_MASK) << 2) + index] = ref
  }

  private addChunk(index: number, bytes: number): void {
    const { chunks } = this
    if (chunks === this.state[this.word + 3]) this.resizeDirectory(Math.max(DIRECTORY_MIN, chunks * 2))
    const { mem, at } = this.directoryFrom(index)
    copyBytes(mem, at + 4, mem, at, (chunks - index) * 4)
    this.setChunk(index, this.allocChunk(bytes))
    this.setWord(1, chunks + 1)
  }

  /** Takes the empty chunk at the place out. The place is at what comes behind it; false: nothing does. */
  private dropChunk(): boolean {
    const { chunk } = this
    const ref = this.chunkAt(chunk)
    this.arena.free(ref, this.chunkBytes(ref))
    const chunks = this.chunks - 1
    const { mem, at } = this.directoryFrom(chunk)
    copyBytes(mem, at, mem, at + 4, (chunks - chunk) * 4)
    this.setWord(1, chunks)
    if (chunks === 0) this.resizeDirectory(0)
    else if (chunks * 4 < this.state[this.word + 3] && chunks >= DIRECTORY_MIN)
      this.resizeDirectory(chunks * 2)
    if (chunk >= chunks) return false
    this.enter(chunk, 0)
    return true
  }

  private directoryFrom(index: number): { mem: Mem; at: number } {
    const { directory } = this
    return { mem: this.arena.mem(directory), at: offset(directory) + index * 4 }
  }

  private resizeDirectory(room: number): void {
    const { directory, chunks } = this
    const moved = room === 0 ? 0 : this.arena.alloc(room * 4)
    if (room > 0 && chunks > 0)
      copyBytes(
        this.arena.mem(moved),
        offset(moved),
        this.arena.mem(directory),
        offset(directory),
        chunks * 4,
      )
    if (directory !== 0) this.arena.free(directory, this.state[this.word + 3] * 4)
    this.setWord(0, moved)
    this.setWord(3, room)
  }

  private setWord(index: number, value: number): void {
    this.state[this.word + index] = value
  }
}

function offset(ref: number): number {
  return (ref & UNIT_MASK) << UNIT_SHIFT
}
