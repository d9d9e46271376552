/** The chunks of an id table and the directory that names them, as blocks of the arena: see id-table.ts. */

import { copyBytes, type Mem } from '../../lib/bytes.js'
import { type Arena, offsetOf, SEGMENT_SHIFT, UNIT_MASK } from '../../memory/arena.js'

/** The bytes of a table's state. */
export const TABLE_STATE_BYTES = 16

/** A chunk begins with four words: its records, its bytes, its marks, and how many slots before the first are free. */
export const CHUNK_HEADER = 16
const BYTES = 1
const MARKS = 2
const SKIPPED = 3

export const CHUNK_BYTES_MIN = 64
export const CHUNK_BYTES_MAX = 2048
const DIRECTORY_MIN = 4

/** Words of the state. */
const DIRECTORY = 0
const CHUNKS = 1
const RECORDS = 2
const ROOM = 3

export class IdChunks {
  private state!: Int32Array
  private word = 0

  constructor(protected readonly arena: Arena) {}

  /** Makes an empty table whose state is in `block`, `offset` bytes from its start. */
  create(block: number, offset: number): void {
    this.open(block, offset)
    this.state.fill(0, this.word, this.word + TABLE_STATE_BYTES / 4)
  }

  open(block: number, offset: number): this {
    this.state = this.arena.mems[block >>> SEGMENT_SHIFT].i32
    this.word = ((block & UNIT_MASK) << 2) + (offset >>> 2)
    return this
  }

  /** Records in the table. */
  get count(): number {
    return this.state[this.word + RECORDS]
  }

  /** How many blocks there are. */
  get blockCount(): number {
    return this.chunks === 0 ? 0 : this.chunks + 1
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const { chunks, directory } = this
    if (chunks === 0) return
    yield [directory, this.state[this.word + ROOM] * 4]
    const refs = Array.from({ length: chunks }, (_, index) => this.chunkAt(index))
    for (const ref of refs) yield [ref, this.chunkBytes(ref)]
  }

  protected get chunks(): number {
    return this.state[this.word + CHUNKS]
  }

  protected setCount(records: number): void {
    this.state[this.word + RECORDS] = records
  }

  protected chunkAt(index: number): number {
    const { directory } = this
    return this.arena.mems[directory >>> SEGMENT_SHIFT].i32[((directory & UNIT_MASK) << 2) + index]
  }

  // One chunk -----------------------------------------------------------------------------------------------

  protected recordsIn(ref: number): number {
    return this.arena.mem(ref).i32[wordOf(ref)]
  }

  protected setRecordsIn(ref: number, records: number): void {
    this.arena.mem(ref).i32[wordOf(ref)] = records
  }

  protected chunkBytes(ref: number): number {
    return this.arena.mem(ref).i32[wordOf(ref) + BYTES]
  }

  protected marksOf(ref: number): number {
    return this.arena.mem(ref).i32[wordOf(ref) + MARKS]
  }

  protected setMarks(ref: number, marks: number): void {
    this.arena.mem(ref).i32[wordOf(ref) + MARKS] = marks
  }

  protected skippedIn(ref: number): number {
    return this.arena.mem(ref).i32[wordOf(ref) + SKIPPED]
  }

  protected setSkippedIn(ref: number, slots: number): void {
    this.arena.mem(ref).i32[wordOf(ref) + SKIPPED] = slots
  }

  // All of them ---------------------------------------------------------------------------------------------

  protected addChunk(index: number, bytes: number): void {
    const { chunks } = this
    if (chunks === this.state[this.word + ROOM]) this.resizeDirectory(Math.max(DIRECTORY_MIN, chunks * 2))
    const { mem, at } = this.directoryFrom(index)
    copyBytes(mem, at + 4, mem, at, (chunks - index) * 4)
    this.setChunk(index, this.allocChunk(bytes))
    this.state[this.word + CHUNKS] = chunks + 1
  }

  /** Puts another chunk of so many bytes in the place of one, with what that holds. */
  protected replaceChunk(index: number, bytes: number): void {
    const old = this.chunkAt(index)
    const made = this.allocChunk(bytes)
    const records = this.chunkBytes(old) - CHUNK_HEADER
    const from = offsetOf(old) + CHUNK_HEADER
    copyBytes(this.arena.mem(made), offsetOf(made) + CHUNK_HEADER, this.arena.mem(old), from, records)
    this.setRecordsIn(made, this.recordsIn(old))
    this.setMarks(made, this.marksOf(old))
    this.setSkippedIn(made, this.skippedIn(old))
    this.setChunk(index, made)
    this.arena.free(old, this.chunkBytes(old))
  }

  protected freeChunk(index: number): void {
    const ref = this.chunkAt(index)
    this.arena.free(ref, this.chunkBytes(ref))
    const chunks = this.chunks - 1
    const { mem, at } = this.directoryFrom(index)
    copyBytes(mem, at, mem, at + 4, (chunks - index) * 4)
    this.state[this.word + CHUNKS] = chunks
    if (chunks === 0) this.resizeDirectory(0)
    else if (chunks * 4 < this.state[this.word + ROOM] && chunks >= DIRECTORY_MIN)
      this.resizeDirectory(chunks * 2)
  }

  private allocChunk(bytes: number): number {
    const ref = this.arena.alloc(bytes)
    const { i32 } = this.arena.mem(ref)
    i32[wordOf(ref)] = 0
    i32[wordOf(ref) + BYTES] = bytes
    i32[wordOf(ref) + MARKS] = 0
    i32[wordOf(ref) + SKIPPED] = 0
    return ref
  }

  private get directory(): number {
    return this.state[this.word + DIRECTORY]
  }

  private setChunk(index: number, ref: number): void {
    const { directory } = this
    this.arena.mem(directory).i32[wordOf(directory) + index] = ref
  }

  private directoryFrom(index: number): { mem: Mem; at: number } {
    const { directory } = this
    return { mem: this.arena.mem(directory), at: offsetOf(directory) + index * 4 }
  }

  private resizeDirectory(room: number): void {
    const { directory, chunks } = this
    const moved = room === 0 ? 0 : this.arena.alloc(room * 4)
    if (room > 0 && chunks > 0) {
      const to = this.arena.mem(moved)
      copyBytes(to, offsetOf(moved), this.arena.mem(directory), offsetOf(directory), chunks * 4)
    }
    if (directory !== 0) this.arena.free(directory, this.state[this.word + ROOM] * 4)
    this.state[this.word + DIRECTORY] = moved
    this.state[this.word + ROOM] = room
  }
}

function wordOf(ref: number): number {
  return (ref & UNIT_MASK) << 2
}
