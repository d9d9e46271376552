/**
 * The hash table under everything: the keyspace, big hashes, big sets, the member index of big sorted sets.
 *
 * It maps a key to an *entry*: a block of the arena whose layout belongs to the dict's owner, but for the key:
 *
 *      entry   | owner's header (keyAt bytes) | length: 1 byte, or 0xFF + 4 bytes | key | owner's payload |
 *
 * Buckets. A bucket is one cache line of 64 bytes for up to 12 entries. A lookup reads that line, compares its
 * twelve 8-bit tags four at a time, and touches only entries whose tag agrees: two cache misses for a hit,
 * one for a miss, and about 7 bytes of table per key. A thirteenth entry goes to an overflow bucket chained
 * behind.
 *
 *      bucket  | next: ref | 12 tags (0 = free) | 12 refs of entries |
 *
 * Chunks. The obvious table is one array, and growing it to millions of buckets stalls the loop: for the
 * allocation, for its page faults, for the copy. So a table is a directory of chunks of 1,024 buckets (64 KiB),
 * made when first written to and freed when the rehash has emptied them. While the table doubles, two tables
 * exist; every insertion and removal moves one bucket of the old one, so no operation does more than a bounded
 * step and both tables together never hold much more than one.
 *
 * Scan. The cursor counts with its bits reversed (Pieter Noordhuis' algorithm, as in Redis): a bucket splits into
 * buckets that the cursor meets together, so an element that stays for a whole iteration is seen, whatever
 * the table does meanwhile. Overflow chains belong to their bucket and never move an element to another one.
 *
 * Hashing is HalfSipHash-1-3 under a secret key: who cannot see the key cannot build collisions. It costs 3 ns
 * more than FNV for a 16-byte key.
 *
 * What it does not promise: that two equal keys are refused (callers look before they insert), nor any order.
 */

import { Mem, Span, sameBytes } from '../lib/bytes.js'
import { halfSipHash } from '../lib/halfsiphash.js'
import type { Random } from '../lib/random.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT, blockBytes } from './arena.js'

const SLOTS = 12
const BUCKET_BYTES = 64
const BUCKET_WORDS = 16
const REFS_AT = 4
const CHUNK_SHIFT = 10
const CHUNK_BUCKETS = 1 << CHUNK_SHIFT
/** Grow when buckets hold this many on average: 12 slots, 9 used, one bucket in eight overflows. */
const FILL_MAX = 9
const BUCKETS_MAX = 1 << 28
const ONES = 0x01010101
const HIGHS = 0x80808080 | 0
/** Keys from this length on have a 4-byte length behind a 0xFF byte. */
const LONG_KEY = 0xff

/** The bytes that the key and its length take in an entry. */
export function keyRoom(keyLength: number): number {
  return keyLength < LONG_KEY ? 1 + keyLength : 5 + keyLength
}

/** Writes length and key at `at`; answers where the key ends. */
export function writeKey(mem: Mem, at: number, key: Span): number {
  if (key.length < LONG_KEY) {
    mem.u8[at] = key.length
    key.copyTo(mem, at + 1)
    return at + 1 + key.length
  }
  mem.u8[at] = LONG_KEY
  mem.dv.setUint32(at + 1, key.length, true)
  key.copyTo(mem, at + 5)
  return at + 5 + key.length
}

/** Points `span` at the key whose length begins at `at`. */
export function readKey(mem: Mem, at: number, span: Span): Span {
  const length = mem.u8[at]
  if (length < LONG_KEY) return span.set(mem, at + 1, length)
  return span.set(mem, at + 5, mem.dv.getUint32(at + 1, true))
}

/** The secret that a server's hash tables share. */
export interface HashKey {
  readonly k0: number
  readonly k1: number
}

/** One table: a directory of chunks. Buckets of a chunk that is not there are empty. */
class Table {
  readonly chunks: Int32Array
  readonly mask: number

  constructor(readonly buckets: number) {
    this.mask = buckets - 1
    this.chunks = new Int32Array(Math.max(1, buckets >>> CHUNK_SHIFT))
  }

  /** The bytes of the chunk that holds bucket `index`. */
  chunkBytes(): number {
    return Math.min(this.buckets, CHUNK_BUCKETS) * BUCKET_BYTES
  }
}

export class Dict {
  /** Entries in the dict. */
  count = 0
  /** Bytes of buckets and directories, in the arena or beside it. */
  tableBytes = 0

  private table: Table
  /** While rehashing: the table that empties, and the first of its buckets that still may hold entries. */
  private old: Table | null = null
  private moved = 0
  private paused = 0
  private readonly k0: number
  private readonly k1: number
  private readonly probe = new Span(new Mem(new ArrayBuffer(8)), 0, 0)

  constructor(
    private readonly arena: Arena,
    hashKey: HashKey,
    /** Bytes of the owner's header before the key. */
    private readonly keyAt: number,
  ) {
    this.k0 = hashKey.k0
    this.k1 = hashKey.k1
    this.table = this.newTable(1)
  }

  get rehashing(): boolean {
    return this.old !== null
  }

  /** Buckets of both tables: what DEBUG HTSTATS and INFO speak of. */
  get buckets(): number {
    return this.table.buckets + (this.old?.buckets ?? 0)
  }

  hash(key: Span): number {
    return halfSipHash(key.mem, key.start, key.length, this.k0, this.k1)
  }

  /** The entry of `key`, or 0. */
  find(key: Span, hash: number): number {
    if (this.old !== null) {
      const index = hash & this.old.mask
      if (index >= this.moved) {
        const ref = this.findIn(this.old, index, key, hash)
        if (ref !== 0) return ref
      }
    }
    return this.findIn(this.table, hash & this.table.mask, key, hash)
  }

  /** Adds an entry whose key is not in the dict. */
  insert(hash: number, ref: number): void {
    this.step()
    if (this.count >= this.table.buckets * FILL_MAX) this.resize(this.table.buckets * 2)
    this.put(this.table, hash, ref)
    this.count++
  }

  /** Takes the entry out; its block stays the caller's to free. */
  remove(hash: number, ref: number): void {
    this.eraseSlot(hash, ref)
    this.count--
    this.step()
    // Fewer than one slot in twelve is used.
    if (this.count < this.table.buckets && this.table.buckets > 1) this.shrink()
  }

  /** True when the dict holds this very entry. `hash`: that of its key. */
  contains(hash: number, ref: number): boolean {
    const old = this.old
    if (old !== null && (hash & old.mask) >= this.moved && this.replaceIn(old, hash & old.mask, ref, ref)) return true
    return this.replaceIn(this.table, hash & this.table.mask, ref, ref)
  }

  /** The entry's block moved: `from` becomes `to`. */
  replace(hash: number, from: number, to: number): void {
    const old = this.old
    if (old !== null && (hash & old.mask) >= this.moved) {
      if (this.replaceIn(old, hash & old.mask, from, to)) return
    }
    if (!this.replaceIn(this.table, hash & this.table.mask, from, to)) throw new Error('dict: no such entry')
  }

  /** Points `span` at the key of an entry. */
  key(ref: number, span: Span): Span {
    return readKey(this.arena.mems[ref >>> SEGMENT_SHIFT], ((ref & UNIT_MASK) << UNIT_SHIFT) + this.keyAt, span)
  }

  /** The hash of an entry's own key. */
  hashOf(ref: number): number {
    return this.hash(this.key(ref, this.probe))
  }

  // Walking -------------------------------------------------------------------------------------------------

  /** One step of an iteration: visits the entries of a bucket; answers the next cursor, 0 at the end. */
  scan(cursor: number, visit: (ref: number) => void): number {
    this.paused++
    try {
      const old = this.old
      if (old === null) {
        this.visitBucket(this.table, cursor & this.table.mask, visit)
        return nextCursor(cursor, this.table.mask)
      }
      const [small, large] = old.buckets < this.table.buckets ? [old, this.table] : [this.table, old]
      this.visitBucket(small, cursor & small.mask, visit)
      let at = cursor
      do {
        this.visitBucket(large, at & large.mask, visit)
        at = nextCursor(at, large.mask)
      } while ((at & (small.mask ^ large.mask)) !== 0)
      return at
    } finally {
      this.paused--
    }
  }

  /** Visits every entry. The visitor must not change the dict. */
  forEach(visit: (ref: number) => void): void {
    for (const table of this.old === null ? [this.table] : [this.old, this.table]) {
      for (let index = 0; index < table.buckets; index++) {
        if (table.chunks[index >>> CHUNK_SHIFT] === 0) index |= CHUNK_BUCKETS - 1
        else this.visitBucket(table, index, visit)
      }
    }
  }

  /** Some entry, each about equally likely; 0 in an empty dict. */
  random(random: Random): number {
    if (this.count === 0) return 0
    const found: number[] = []
    const collect = (ref: number): void => {
      found.push(ref)
    }
    for (;;) {
      const [table, index] = this.randomBucket(random)
      this.visitBucket(table, index, collect)
      if (found.length > 0) return found[random.below(found.length)]
    }
  }

  /** Up to `wanted` entries from neighbouring buckets, quickly: the sampling of eviction and expiry. */
  sample(random: Random, wanted: number, into: number[]): void {
    const collect = (ref: number): void => {
      into.push(ref)
    }
    const enough = into.length + Math.min(wanted, this.count)
    const tables = this.old === null ? [this.table] : [this.old, this.table]
    let at = random.uint32()
    for (let steps = wanted * 10; steps > 0 && into.length < enough; steps--, at++) {
      for (const table of tables) this.visitBucket(table, at & table.mask, collect)
    }
  }

  // Growing and shrinking -----------------------------------------------------------------------------------

  /** A bounded piece of rehashing: `buckets` buckets of the old table. False when there is nothing to do. */
  rehash(buckets: number): boolean {
    const old = this.old
    if (old === null || this.paused > 0) return false
    for (let empty = buckets * 10; buckets > 0 && empty > 0 && this.moved < old.buckets; ) {
      if (this.moveBucket(old, this.moved)) buckets--
      else empty--
      this.moved++
      if ((this.moved & (CHUNK_BUCKETS - 1)) === 0) this.freeChunk(old, this.moved - 1)
    }
    if (this.moved === old.buckets) this.finishRehash(old)
    return true
  }

  /** Makes room for `count` entries at once, so that none of their insertions has to grow the table. */
  reserve(count: number): void {
    let buckets = this.table.buckets
    while (buckets * FILL_MAX < count) buckets *= 2
    if (buckets > this.table.buckets && this.old === null) this.resize(buckets)
  }

  /** Shrinks towards the size that the count deserves, as after many removals. */
  shrink(): void {
    let buckets = 1
    while (buckets * FILL_MAX < this.count * 2) buckets *= 2
    if (buckets < this.table.buckets) this.resize(buckets)
  }

  /**
   * Takes entries out until `budget` are gone; `visit` gets each and frees it. True when the dict is empty and its
   * tables are freed: a big dict dies in slices.
   */
  drain(budget: number, visit: (ref: number) => void): boolean {
    for (const table of this.old === null ? [this.table] : [this.old, this.table]) {
      for (let chunk = 0; chunk < table.chunks.length; chunk++) {
        if (table.chunks[chunk] === 0) continue
        budget = this.drainChunk(table, chunk, budget, visit)
        if (budget <= 0) return false
      }
    }
    this.old = null
    this.tableBytes = 0
    this.table = this.newTable(1)
    this.moved = 0
    return true
  }

  /** Blocks that the tables themselves occupy, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    for (const table of this.old === null ? [this.table] : [this.old, this.table]) {
      for (let index = 0; index < table.buckets; index++) {
        const chunk = table.chunks[index >>> CHUNK_SHIFT]
        if (chunk === 0) continue
        if ((index & (CHUNK_BUCKETS - 1)) === 0) yield [chunk, table.chunkBytes()]
        for (let next = this.next(this.bucket(table, index)); next !== 0; next = this.next(next)) {
          yield [next, BUCKET_BYTES]
        }
      }
    }
  }

  // Buckets -------------------------------------------------------------------------------------------------
  // A bucket is named by the reference of its first byte: 64 bytes are four units.

  /** The bucket's reference, or 0 when its chunk does not exist yet. */
  private bucket(table: Table, index: number): number {
    const chunk = table.chunks[index >>> CHUNK_SHIFT]
    return chunk === 0 ? 0 : chunk + ((index & (CHUNK_BUCKETS - 1)) << 2)
  }

  private next(bucket: number): number {
    return this.arena.mems[bucket >>> SEGMENT_SHIFT].i32[(bucket & UNIT_MASK) << 2]
  }

  private findIn(table: Table, index: number, key: Span, hash: number): number {
    const mems = this.arena.mems
    const tag = tagOf(hash)
    const pattern = Math.imul(tag, ONES)
    let bucket = this.bucket(table, index)
    while (bucket !== 0) {
      const words = mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      for (let group = 0; group < 3; group++) {
        const difference = words[at + 1 + group] ^ pattern
        let hits = (difference - ONES) & ~difference & HIGHS
        while (hits !== 0) {
          const lane = (31 - Math.clz32(hits & -hits)) >>> 3
          hits &= hits - 1
          const ref = words[at + REFS_AT + (group << 2) + lane]
          if (ref !== 0 && this.holds(ref, key)) return ref
        }
      }
      bucket = words[at]
    }
    return 0
  }

  private holds(ref: number, key: Span): boolean {
    const mem = this.arena.mems[ref >>> SEGMENT_SHIFT]
    const at = ((ref & UNIT_MASK) << UNIT_SHIFT) + this.keyAt
    const length = mem.u8[at]
    if (length < LONG_KEY) return length === key.length && sameBytes(mem, at + 1, key.mem, key.start, length)
    const long = mem.dv.getUint32(at + 1, true)
    return long === key.length && sameBytes(mem, at + 5, key.mem, key.start, long)
  }

  private put(table: Table, hash: number, ref: number): void {
    let bucket = this.bucket(table, hash & table.mask)
    if (bucket === 0) bucket = this.addChunk(table, hash & table.mask)
    const tag = tagOf(hash)
    for (;;) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const slot = freeSlot(words, at)
      if (slot >= 0) {
        words[at + 1 + (slot >>> 2)] |= tag << ((slot & 3) << 3)
        words[at + REFS_AT + slot] = ref
        return
      }
      if (words[at] === 0) {
        const overflow = this.clearedBlock(BUCKET_BYTES)
        words[at] = overflow
      }
      bucket = words[at]
    }
  }

  private eraseSlot(hash: number, ref: number): void {
    const old = this.old
    if (old !== null && (hash & old.mask) >= this.moved) {
      if (this.eraseIn(old, hash & old.mask, ref)) return
    }
    if (!this.eraseIn(this.table, hash & this.table.mask, ref)) throw new Error('dict: no such entry')
  }

  private eraseIn(table: Table, index: number, ref: number): boolean {
    let before = 0
    let bucket = this.bucket(table, index)
    while (bucket !== 0) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const slot = slotOf(words, at, ref)
      if (slot >= 0) {
        words[at + 1 + (slot >>> 2)] &= ~(0xff << ((slot & 3) << 3))
        words[at + REFS_AT + slot] = 0
        if (before !== 0 && isEmpty(words, at)) this.dropOverflow(before, bucket)
        return true
      }
      before = bucket
      bucket = words[at]
    }
    return false
  }

  private replaceIn(table: Table, index: number, from: number, to: number): boolean {
    for (let bucket = this.bucket(table, index); bucket !== 0; bucket = this.next(bucket)) {
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

  private dropOverflow(before: number, bucket: number): void {
    const words = this.arena.mems[before >>> SEGMENT_SHIFT].i32
    words[(before & UNIT_MASK) << 2] = this.next(bucket)
    this.freeBlock(bucket, BUCKET_BYTES)
  }

  private visitBucket(table: Table, index: number, visit: (ref: number) => void): void {
    let bucket = this.bucket(table, index)
    while (bucket !== 0) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const next = words[at]
      for (let slot = 0; slot < SLOTS; slot++) {
        const ref = words[at + REFS_AT + slot]
        if (ref !== 0) visit(ref)
      }
      bucket = next
    }
  }

  // Rehashing -----------------------------------------------------------------------------------------------

  private step(): void {
    if (this.old !== null) this.rehash(1)
  }

  private resize(buckets: number): void {
    if (this.old !== null || this.paused > 0 || buckets > BUCKETS_MAX) return
    this.old = this.table
    this.moved = 0
    this.table = this.newTable(buckets)
    if (this.old.buckets === 1) this.rehash(1)
  }

  /** Moves a bucket's entries to the new table; false when there were none. */
  private moveBucket(old: Table, index: number): boolean {
    const first = this.bucket(old, index)
    if (first === 0) return false
    let any = false
    let bucket: number = first
    while (bucket !== 0) {
      const words = this.arena.mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      const next = words[at]
      for (let slot = 0; slot < SLOTS; slot++) {
        const ref = words[at + REFS_AT + slot]
        if (ref === 0) continue
        this.put(this.table, this.hashOf(ref), ref)
        any = true
      }
      if (bucket !== first) this.freeBlock(bucket, BUCKET_BYTES)
      else words.fill(0, at, at + BUCKET_WORDS)
      bucket = next
    }
    return any
  }

  private finishRehash(old: Table): void {
    this.freeChunk(old, old.buckets - 1)
    this.tableBytes -= old.chunks.byteLength
    this.old = null
    this.moved = 0
  }

  private drainChunk(table: Table, chunk: number, budget: number, visit: (ref: number) => void): number {
    const first = chunk << CHUNK_SHIFT
    const end = Math.min(first + CHUNK_BUCKETS, table.buckets)
    const take = (ref: number): void => {
      this.count--
      budget--
      visit(ref)
    }
    for (let index = first; index < end; index++) {
      if (budget <= 0) return budget
      this.visitBucket(table, index, take)
      this.clearBucket(this.bucket(table, index))
    }
    this.freeChunk(table, first)
    return budget
  }

  private clearBucket(first: number): void {
    let bucket: number = first
    while (bucket !== 0) {
      const next = this.next(bucket)
      if (bucket === first) {
        const at = (bucket & UNIT_MASK) << 2
        this.arena.mems[bucket >>> SEGMENT_SHIFT].i32.fill(0, at, at + BUCKET_WORDS)
      } else {
        this.freeBlock(bucket, BUCKET_BYTES)
      }
      bucket = next
    }
  }

  private randomBucket(random: Random): [Table, number] {
    const old = this.old
    if (old === null) return [this.table, random.below(this.table.buckets)]
    const left = old.buckets - this.moved
    const index = random.below(left + this.table.buckets)
    return index < left ? [old, this.moved + index] : [this.table, index - left]
  }

  // Memory --------------------------------------------------------------------------------------------------

  private newTable(buckets: number): Table {
    const table = new Table(buckets)
    this.tableBytes += table.chunks.byteLength
    return table
  }

  /** Makes the chunk of bucket `index`; answers the bucket. */
  private addChunk(table: Table, index: number): number {
    table.chunks[index >>> CHUNK_SHIFT] = this.clearedBlock(table.chunkBytes())
    return this.bucket(table, index)
  }

  private freeChunk(table: Table, index: number): void {
    const chunk = table.chunks[index >>> CHUNK_SHIFT]
    if (chunk === 0) return
    table.chunks[index >>> CHUNK_SHIFT] = 0
    this.freeBlock(chunk, table.chunkBytes())
  }

  private clearedBlock(bytes: number): number {
    const ref = this.arena.alloc(bytes)
    const at = (ref & UNIT_MASK) << 2
    this.arena.mems[ref >>> SEGMENT_SHIFT].i32.fill(0, at, at + (bytes >>> 2))
    this.tableBytes += blockBytes(bytes)
    return ref
  }

  private freeBlock(ref: number, bytes: number): void {
    this.arena.free(ref, bytes)
    this.tableBytes -= blockBytes(bytes)
  }
}

/** Eight bits of the hash that the bucket index does not use; never 0, which marks a free slot. */
function tagOf(hash: number): number {
  const tag = hash >>> 24
  return tag === 0 ? 1 : tag
}

/** A free slot of the bucket at word `at`, or -1. */
function freeSlot(words: Int32Array, at: number): number {
  for (let group = 0; group < 3; group++) {
    const tags = words[at + 1 + group]
    const free = (tags - ONES) & ~tags & HIGHS
    if (free !== 0) return (group << 2) + ((31 - Math.clz32(free & -free)) >>> 3)
  }
  return -1
}

function slotOf(words: Int32Array, at: number, ref: number): number {
  for (let slot = 0; slot < SLOTS; slot++) if (words[at + REFS_AT + slot] === ref) return slot
  return -1
}

function isEmpty(words: Int32Array, at: number): boolean {
  return (words[at + 1] | words[at + 2] | words[at + 3]) === 0
}

/** Increments the cursor's bits under `mask` from the highest down. */
function nextCursor(cursor: number, mask: number): number {
  return reverseBits(reverseBits(cursor | ~mask) + 1) >>> 0
}

function reverseBits(word: number): number {
  let v = word
  v = ((v >>> 1) & 0x55555555) | ((v & 0x55555555) << 1)
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2)
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4)
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8)
  return (v >>> 16) | (v << 16)
}
