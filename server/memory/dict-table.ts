/**
 * One table of a dict: buckets in chunks of 1,024 (64 KiB), and a directory of the chunks.
 *
 * A chunk is made when its first bucket is written to; the buckets of a chunk that is not there are empty. A table
 * that fits one chunk has no directory: `root` is the chunk itself.
 *
 * A bucket is named by the reference of its first byte (64 bytes are four units), 0 when its chunk is missing.
 */

import { type Arena, SEGMENT_SHIFT, UNIT_MASK, blockBytes } from './arena.js'
import {
  BUCKET_BYTES,
  BUCKET_WORDS,
  REFS_AT,
  SLOTS,
  clearSlot,
  fillSlot,
  freeSlot,
  isEmpty,
  likelyEntry,
  slotOf,
  tagAt,
  usedSlots,
} from './bucket.js'

const TWO_32 = 4294967296
const CHUNK_SHIFT = 10
export const CHUNK_BUCKETS = 1 << CHUNK_SHIFT
/** As many reads as a core has under way at once, and more. */
export const PREFETCH_MAX = 32

export class Table {
  mask = 0
  /** Bytes of buckets and directory. */
  bytes = 0
  /** Where `prefetch` keeps what is to be read, between its loops: the buckets, then the entries. */
  private readonly near = new Int32Array(PREFETCH_MAX)
  /** What `prefetch` read: V8 leaves out reads of which nothing follows. */
  private prefetched = 0

  constructor(
    private readonly arena: Arena,
    /** A power of two; 0: there is no such table. */
    public buckets = 0,
    /** The directory, or the only chunk; 0: no chunk yet. */
    public root = 0,
  ) {
    this.set(buckets, root, 0)
  }

  set(buckets: number, root: number, bytes: number): void {
    this.buckets = buckets
    this.mask = buckets - 1
    this.root = root
    this.bytes = bytes
  }

  /** Reads the table from four words; its bytes take two, as they may exceed 4 GiB. No sum of doubles before they do. */
  load(words: Int32Array, at: number): void {
    const low = words[at + 2] >>> 0
    const high = words[at + 3]
    this.set(words[at], words[at + 1], high === 0 ? low : low + high * TWO_32)
  }

  save(words: Int32Array, at: number): void {
    words[at] = this.buckets
    words[at + 1] = this.root
    words[at + 2] = this.bytes | 0
    words[at + 3] = Math.floor(this.bytes / TWO_32)
  }

  /** Makes this an empty table of so many buckets. */
  begin(buckets: number): void {
    this.set(buckets, 0, 0)
    if (buckets > CHUNK_BUCKETS) this.root = this.clearedBlock(this.directoryBytes)
  }

  /** Takes over what `other` holds, and leaves it nothing. */
  take(other: Table): void {
    this.set(other.buckets, other.root, other.bytes)
    other.set(0, 0, 0)
  }

  bucket(index: number): number {
    if (this.buckets <= CHUNK_BUCKETS) return this.root === 0 ? 0 : this.root + (index << 2)
    const root = this.root
    const chunk =
      this.arena.mems[root >>> SEGMENT_SHIFT].i32[((root & UNIT_MASK) << 2) + (index >>> CHUNK_SHIFT)]
    return chunk === 0 ? 0 : chunk + ((index & (CHUNK_BUCKETS - 1)) << 2)
  }

  /**
   * Has the buckets of these hashes brought near, and the entries that they may be about. A core waits for memory in
   * the order of the program but asks far ahead: some hundreds of instructions, up to the first branch that it guesses
   * wrong. So no loop has a branch, where to read is found in a loop of its own, and the one that reads is so short that
   * a dozen of its rounds are under way at once. Where there is nothing to be read it reads something harmless.
   */
  prefetch(hashes: Int32Array, count: number): void {
    const { mems } = this.arena
    const { near } = this
    for (let i = 0; i < count; i++) near[i] = this.bucket(hashes[i] & this.mask)
    this.readNear(count)
    for (let i = 0; i < count; i++) {
      const bucket = near[i]
      near[i] = likelyEntry(mems[bucket >>> SEGMENT_SHIFT].i32, (bucket & UNIT_MASK) << 2, hashes[i])
    }
    this.readNear(count)
  }

  private readNear(count: number): void {
    const { mems } = this.arena
    const { near } = this
    let read = 0
    for (let i = 0; i < count; i++) read ^= mems[near[i] >>> SEGMENT_SHIFT].i32[(near[i] & UNIT_MASK) << 2]
    this.prefetched ^= read
  }

  next(bucket: number): number {
    return this.arena.mems[bucket >>> SEGMENT_SHIFT].i32[(bucket & UNIT_MASK) << 2]
  }

  put(hash: number, tag: number, ref: number): void {
    const index = hash & this.mask
    let bucket = this.bucket(index)
    if (bucket === 0) bucket = this.addChunk(index)
    for (;;) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const slot = freeSlot(words, at)
      if (slot >= 0) {
        fillSlot(words, at, slot, tag, ref)
        return
      }
      if (words[at] === 0) words[at] = this.clearedBlock(BUCKET_BYTES)
      bucket = words[at]
    }
  }

  /** Takes an entry out of its bucket; false when it is not there. */
  erase(hash: number, ref: number): boolean {
    let before = 0
    let bucket = this.bucket(hash & this.mask)
    while (bucket !== 0) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const slot = slotOf(words, at, ref)
      if (slot >= 0) {
        clearSlot(words, at, slot)
        if (before !== 0 && isEmpty(words, at)) this.dropOverflow(before, bucket)
        return true
      }
      before = bucket
      bucket = words[at]
    }
    return false
  }

  /** Writes `to` where `from` stands; false when it is not there. */
  replace(hash: number, from: number, to: number): boolean {
    for (let bucket = this.bucket(hash & this.mask); bucket !== 0; bucket = this.next(bucket)) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const slot = slotOf(words, at, from)
      if (slot >= 0) {
        words[at + REFS_AT + slot] = to
        return true
      }
    }
    return false
  }

  /** Has the entries of a bucket brought near, all at once. */
  private prefetchEntries(words: Int32Array, refs: number): void {
    const { mems } = this.arena
    let read = 0
    for (let slot = 0; slot < SLOTS; slot++) {
      const ref = words[refs + slot]
      read ^= mems[ref >>> SEGMENT_SHIFT].i32[(ref & UNIT_MASK) << 2]
    }
    this.prefetched ^= read
  }

  /** Visits the entries of a bucket and of its overflow, with their tags. Whoever visits an entry reads it. */
  visit(index: number, visit: (ref: number, tag: number) => void): void {
    let bucket = this.bucket(index)
    while (bucket !== 0) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const next = words[at]
      this.prefetchEntries(words, at + REFS_AT)
      for (let slot = 0; slot < SLOTS; slot++) {
        const ref = words[at + REFS_AT + slot]
        if (ref !== 0) visit(ref, tagAt(words, at, slot))
      }
      bucket = next
    }
  }

  /** Visits the entries whose hash ends in the bits of `region`; several regions share a bucket of a small table. */
  visitRegion(
    region: number,
    regions: number,
    visit: (ref: number) => void,
    hashOf: (ref: number) => number,
  ): void {
    if (this.buckets >= regions) {
      for (let index = region; index < this.buckets; index += regions) this.visit(index, visit)
    } else if (this.buckets > 0) {
      this.visit(region & this.mask, ref => {
        if ((hashOf(ref) & (regions - 1)) === region) visit(ref)
      })
    }
  }

  /** How many entries a bucket has, with its overflow. */
  sizeAt(index: number): number {
    let size = 0
    for (let bucket = this.bucket(index); bucket !== 0; bucket = this.next(bucket)) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      size += usedSlots(words, (bucket & UNIT_MASK) << 2)
    }
    return size
  }

  /** Entry `nth` of a bucket and its overflow, in the order in which they are visited. */
  entryAt(index: number, nth: number): number {
    for (let bucket = this.bucket(index); bucket !== 0; bucket = this.next(bucket)) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const refs = ((bucket & UNIT_MASK) << 2) + REFS_AT
      for (let slot = 0; slot < SLOTS; slot++)
        if (words[refs + slot] !== 0 && nth-- === 0) return words[refs + slot]
    }
    return 0
  }

  /** Visits every entry, chunk by chunk; chunks that are not there cost nothing. */
  visitAll(visit: (ref: number) => void): void {
    for (let index = 0; index < this.buckets; index++) {
      if (this.bucket(index) === 0) index |= CHUNK_BUCKETS - 1
      else this.visit(index, visit)
    }
  }

  /** Empties a bucket and frees its overflow. */
  clear(index: number): void {
    const first = this.bucket(index)
    if (first === 0) return
    let bucket = this.next(first)
    while (bucket !== 0) {
      const next = this.next(bucket)
      this.freeBlock(bucket, BUCKET_BYTES)
      bucket = next
    }
    const at = (first & UNIT_MASK) << 2
    this.arena.mems[first >>> SEGMENT_SHIFT].i32.fill(0, at, at + BUCKET_WORDS)
  }

  /** Frees the chunk of bucket `index`, whose buckets are empty. */
  freeChunk(index: number): void {
    const chunk = this.bucket(index & ~(CHUNK_BUCKETS - 1))
    if (chunk === 0) return
    this.setChunk(index, 0)
    this.freeBlock(chunk, this.chunkBytes)
  }

  /** Frees the directory of a table whose chunks are gone. */
  end(): void {
    if (this.buckets > CHUNK_BUCKETS) this.freeBlock(this.root, this.directoryBytes)
    this.set(0, 0, 0)
  }

  /** The blocks that the table occupies, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    if (this.buckets > CHUNK_BUCKETS) yield [this.root, this.directoryBytes]
    for (let index = 0; index < this.buckets; index++) {
      const bucket = this.bucket(index)
      if (bucket === 0) continue
      if ((index & (CHUNK_BUCKETS - 1)) === 0) yield [bucket, this.chunkBytes]
      for (let next = this.next(bucket); next !== 0; next = this.next(next)) yield [next, BUCKET_BYTES]
    }
  }

  private get chunkBytes(): number {
    return Math.min(this.buckets, CHUNK_BUCKETS) * BUCKET_BYTES
  }

  private get directoryBytes(): number {
    return (this.buckets >>> CHUNK_SHIFT) * 4
  }

  /** Makes the chunk of bucket `index`; answers the bucket. */
  private addChunk(index: number): number {
    this.setChunk(index, this.clearedBlock(this.chunkBytes))
    return this.bucket(index)
  }

  private setChunk(index: number, chunk: number): void {
    const { root } = this
    if (this.buckets <= CHUNK_BUCKETS) this.root = chunk
    else
      this.arena.mems[root >>> SEGMENT_SHIFT].i32[((root & UNIT_MASK) << 2) + (index >>> CHUNK_SHIFT)] = chunk
  }

  private dropOverflow(before: number, bucket: number): void {
    const words = this.arena.mems[before >>> SEGMENT_SHIFT].i32
    words[(before & UNIT_MASK) << 2] = this.next(bucket)
    this.freeBlock(bucket, BUCKET_BYTES)
  }

  private clearedBlock(bytes: number): number {
    const ref = this.arena.alloc(bytes)
    const at = (ref & UNIT_MASK) << 2
    this.arena.mems[ref >>> SEGMENT_SHIFT].i32.fill(0, at, at + (bytes >>> 2))
    this.bytes += blockBytes(bytes)
    return ref
  }

  private freeBlock(ref: number, bytes: number): void {
    this.arena.free(ref, bytes)
    this.bytes -= blockBytes(bytes)
  }
}
