/**
 * The hash table under everything: the keyspace, big hashes, big sets, the member index of big sorted sets.
 *
 * It maps a key to an *entry*: a block of the arena whose layout belongs to the dict's owner, but for the key:
 *
 *      entry   | owner's header (keyAt bytes) | key: see key.ts | owner's payload |
 *
 * Buckets (bucket.ts) are cache lines. A lookup reads one, compares its twelve 8-bit tags four at a time and
 * touches only entries whose tag agrees: two cache misses for a hit, one for a miss, and about 7 bytes of table
 * per key. A thirteenth entry goes to an overflow bucket chained behind.
 *
 * Chunks (dict-table.ts). The obvious table is one array, and growing it to millions of buckets stalls the loop:
 * for the allocation, for its page faults, for the copy. So a table is a directory of chunks of 1,024 buckets, made
 * when first written to and freed when the rehash has emptied them. While the table doubles, two tables exist;
 * every insertion and removal moves one bucket of the old one, so no operation does more than a bounded step
 * and both tables together never hold much more than one. An entry is in the new table exactly when its bucket
 * has moved, new ones too: so the new table's chunks are made one after the other, not all in the first moment.
 *
 * Scan. The cursor counts with its bits reversed (Pieter Noordhuis' algorithm, as in Redis): a bucket splits into
 * buckets that the cursor meets together, so an element that stays for a whole iteration is seen, whatever
 * the table does meanwhile. Overflow chains belong to their bucket and never move an element to another one.
 *
 * Hashing is HalfSipHash-1-3 under a secret key: who cannot see the key cannot build collisions. It costs 3 ns
 * more than FNV for a 16-byte key.
 *
 * One object, many dicts. A database keeps a Dict object for good. The dict of a collection lives in the arena
 * alone, as a *root* block of 48 bytes, the last eight of them its owner's; whoever works on it points a Dict object
 * at it: `open(root)`, and `close()` to write its state back.
 *
 * What it does not promise: that two equal keys are refused (callers look before they insert), nor any order.
 */

import { Mem, Span } from '../lib/bytes.js'
import { halfSipHash } from '../lib/halfsiphash.js'
import type { Random } from '../lib/random.js'
import { type Arena, SEGMENT_SHIFT, UNIT_MASK, UNIT_SHIFT } from './arena.js'
import { HIGHS, ONES, REFS_AT, lowestLane, tagOf } from './bucket.js'
import { CHUNK_BUCKETS, Table } from './dict-table.js'
import { holdsKey, readKey } from './key.js'
import { nextCursor } from './scan-cursor.js'

/** Grow when buckets hold this many on average: 12 slots, 9 used, one bucket in eight overflows. */
const FILL_MAX = 9
/** Shrink when they hold fewer than this: what remains fills the smaller table half. */
const FILL_MIN = 2
const BUCKETS_MAX = 1 << 28

/** The size of a root block, and where in it its owner's eight bytes begin. */
export const DICT_ROOT_BYTES = 48
export const DICT_OWNER_AT = 40

/** The secret that a server's hash tables share. */
export interface HashKey {
  readonly k0: number
  readonly k1: number
}

export class Dict {
  /** Entries in the dict. */
  count = 0

  private readonly table: Table
  /** While rehashing: the table that empties; 0 buckets otherwise. */
  private readonly old: Table
  /** Buckets of the old table before this one are empty. */
  private moved = 0
  /** Rehashing stands still while somebody walks. */
  private paused = 0
  private root = 0
  private readonly k0: number
  private readonly k1: number
  private readonly probe = new Span(new Mem(new ArrayBuffer(8)), 0, 0)
  /** Entries moved so far. */
  private rehomed = 0
  /** Made once: a closure for every bucket moved would be the garbage of a growing table. */
  private readonly rehome = (ref: number, tag: number): void => {
    // A smaller table asks for no more of the hash than the old bucket's number: the entry need not be touched.
    const hash = this.table.mask < this.old.mask ? this.moved : this.hashOf(ref)
    this.table.put(hash, tag, ref)
    this.rehomed++
  }

  constructor(
    private readonly arena: Arena,
    hashKey: HashKey,
    /** Bytes of the owner's header before the key. */
    private readonly keyAt: number,
  ) {
    this.k0 = hashKey.k0
    this.k1 = hashKey.k1
    this.table = new Table(arena, 1)
    this.old = new Table(arena)
  }

  get rehashing(): boolean {
    return this.old.buckets !== 0
  }

  /** Whether the table is larger than its entries deserve. */
  get isSparse(): boolean {
    return this.count < this.table.buckets * FILL_MIN && this.table.buckets > 1
  }

  /** Buckets of both tables: what DEBUG HTSTATS and INFO speak of. */
  get buckets(): number {
    return this.table.buckets + this.old.buckets
  }

  /** Bytes of buckets and directories. */
  get tableBytes(): number {
    return this.table.bytes + this.old.bytes
  }

  // Dicts in the arena --------------------------------------------------------------------------------------

  /** A new, empty dict in the arena; answers its root and stays open on it. */
  create(): number {
    this.root = this.arena.alloc(DICT_ROOT_BYTES)
    this.table.set(1, 0, 0)
    this.old.set(0, 0, 0)
    this.count = 0
    this.moved = 0
    this.close()
    return this.root
  }

  /** Points this object at the dict of a root. */
  open(root: number): this {
    const { i32 } = this.arena.mems[root >>> SEGMENT_SHIFT]
    const at = (root & UNIT_MASK) << 2
    this.root = root
    this.count = i32[at]
    this.moved = i32[at + 1]
    this.table.load(i32, at + 2)
    this.old.load(i32, at + 6)
    return this
  }

  /** Writes the state back to the root. A dict that was only read needs no close. */
  close(): void {
    const { i32 } = this.arena.mems[this.root >>> SEGMENT_SHIFT]
    const at = (this.root & UNIT_MASK) << 2
    i32[at] = this.count
    i32[at + 1] = this.moved
    this.table.save(i32, at + 2)
    this.old.save(i32, at + 6)
  }

  // Looking and changing ------------------------------------------------------------------------------------

  hash(key: Span): number {
    return this.hashAt(key.mem, key.start, key.length)
  }

  /** As `hash`, which may have been computed ahead: where this dict has the keyspace's secret. */
  knownHash(key: Span): number {
    return key.hash !== 0 ? key.hash : this.hash(key)
  }

  /** The hash of a key that is no span. */
  hashAt(mem: Mem, start: number, length: number): number {
    return halfSipHash(mem, start, length, this.k0, this.k1)
  }

  /** The entry of `key`, or 0. */
  find(key: Span, hash: number): number {
    return this.findIn(this.home(hash), key, hash)
  }

  /** Whether this is the entry of `key`. */
  holds(ref: number, key: Span): boolean {
    return holdsKey(
      this.arena.mems[ref >>> SEGMENT_SHIFT],
      ((ref & UNIT_MASK) << UNIT_SHIFT) + this.keyAt,
      key,
    )
  }

  /** Has what `find` will read for these hashes brought near, all at once. */
  prefetch(hashes: Int32Array, count: number): void {
    this.table.prefetch(hashes, count)
    if (this.old.buckets !== 0) this.old.prefetch(hashes, count)
  }

  /** Adds an entry whose key is not in the dict. */
  insert(hash: number, ref: number): void {
    this.step()
    if (this.count >= this.table.buckets * FILL_MAX) this.resize(this.table.buckets * 2)
    this.home(hash).put(hash, tagOf(hash), ref)
    this.count++
  }

  /** Takes the entry out; its block stays the caller's to free. */
  remove(hash: number, ref: number): void {
    if (!this.home(hash).erase(hash, ref)) throw unknownEntry()
    this.count--
    this.step()
    if (this.isSparse) this.shrink()
  }

  /** The entry's block moved: `from` becomes `to`. */
  replace(hash: number, from: number, to: number): void {
    if (!this.home(hash).replace(hash, from, to)) throw unknownEntry()
  }

  /** True when the dict holds this very entry. `hash`: that of its key. */
  contains(hash: number, ref: number): boolean {
    return this.home(hash).replace(hash, ref, ref)
  }

  /** Points `span` at the key of an entry. */
  key(ref: number, span: Span): Span {
    return readKey(
      this.arena.mems[ref >>> SEGMENT_SHIFT],
      ((ref & UNIT_MASK) << UNIT_SHIFT) + this.keyAt,
      span,
    )
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
      return this.rehashing ? this.scanBoth(cursor, visit) : this.scanOne(cursor, visit)
    } finally {
      this.paused--
    }
  }

  /**
   * Visits the entries whose hash ends in the bits of `region`, one of `regions` (a power of two). Those do not depend
   * on how large the tables are. The visitor must not change the dict.
   */
  visitRegion(region: number, regions: number, visit: (ref: number) => void): void {
    for (const table of [this.old, this.table]) {
      table.visitRegion(region, regions, visit, ref => this.hashOf(ref))
    }
  }

  /**
   * Visits the entries of one of `buckets`. The visitor must not change the dict. Whoever makes another table of what he
   * meets goes from the first bucket to the last: in the order of a scan many would come in a row that share a bucket of
   * a smaller table.
   */
  visitBucket(index: number, visit: (ref: number) => void): void {
    const { old } = this
    if (index < old.buckets) old.visit(index, visit)
    else this.table.visit(index - old.buckets, visit)
  }

  /** Visits every entry. The visitor must not change the dict. */
  forEach(visit: (ref: number) => void): void {
    this.old.visitAll(visit)
    this.table.visitAll(visit)
  }

  /**
   * Some entry, each equally likely; 0 in an empty dict. A bucket drawn counts as often as it has entries: one with
   * few of them is mostly refused, or its entries would come up more often than those of a full one.
   */
  random(random: Random): number {
    if (this.count === 0) return 0
    const { old } = this
    const buckets = this.rehashing ? Math.min(old.buckets, this.table.buckets) : this.table.buckets
    // Hardly any bucket holds more.
    const most = Math.ceil((2 * this.count) / buckets) + 4
    for (;;) {
      // Of all buckets that may hold something: the old table's come first.
      const drawn = this.moved + random.below(this.buckets - this.moved)
      const table = drawn < old.buckets ? old : this.table
      const index = table === old ? drawn : drawn - old.buckets
      const size = table.sizeAt(index)
      const nth = random.below(most)
      if (nth < size) return table.entryAt(index, size <= most ? nth : random.below(size))
    }
  }

  /** Up to `wanted` entries (or a few more) from neighbouring buckets, quickly: for eviction and expiry. */
  sample(random: Random, wanted: number, into: number[]): void {
    const collect = (ref: number): void => {
      into.push(ref)
    }
    const enough = into.length + Math.min(wanted, this.count)
    let at = random.uint32()
    for (let steps = wanted * 10; steps > 0 && into.length < enough; steps--, at++) {
      if (this.rehashing) this.old.visit(at & this.old.mask, collect)
      this.table.visit(at & this.table.mask, collect)
    }
  }

  // Growing and shrinking -----------------------------------------------------------------------------------

  /** A bounded piece of rehashing: `buckets` buckets of the old table. False when there is nothing to do. */
  rehash(buckets: number): boolean {
    const { old } = this
    if (old.buckets === 0 || this.paused > 0) return false
    for (let empty = buckets * 10; buckets > 0 && empty > 0 && this.moved < old.buckets;) {
      if (this.moveBucket(this.moved)) buckets--
      else empty--
      this.moved++
      if ((this.moved & (CHUNK_BUCKETS - 1)) === 0) old.freeChunk(this.moved - 1)
    }
    if (this.moved === old.buckets) this.finishRehash()
    return true
  }

  /** Makes room for `count` entries at once, so that none of their insertions has to grow the table. */
  reserve(count: number): void {
    const buckets = bucketsFor(count)
    if (buckets > this.table.buckets) this.resize(buckets)
  }

  /** Shrinks towards the size that the count deserves, as after many removals. */
  shrink(): void {
    const buckets = bucketsFor(this.count * 2)
    if (buckets < this.table.buckets) this.resize(buckets)
  }

  /**
   * Takes entries out until `budget` are gone; `visit` gets each and frees it. True when the dict is empty and its
   * tables are freed: a big dict dies in slices.
   */
  drain(budget: number, visit: (ref: number) => void): boolean {
    let left = budget
    const take = (ref: number): void => {
      this.count--
      left--
      visit(ref)
    }
    // Of the table that is drained the buckets before `moved` are empty: there it goes on the next time.
    for (const table of [this.old, this.table]) {
      if (table.buckets === 0) continue
      for (; this.moved < table.buckets; this.moved++) {
        const index = this.moved
        if (table.bucket(index) === 0) {
          this.moved |= CHUNK_BUCKETS - 1
          continue
        }
        if (left <= 0) return false
        table.visit(index, take)
        table.clear(index)
        if ((index & (CHUNK_BUCKETS - 1)) === CHUNK_BUCKETS - 1 || index === table.mask)
          table.freeChunk(index)
      }
      table.end()
      this.moved = 0
    }
    this.table.begin(1)
    return true
  }

  /** The blocks of the tables (a root is its owner's to name), for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    yield* this.old.blocks()
    yield* this.table.blocks()
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** The table that entries of this hash are in: the old one until their bucket has moved. */
  private home(hash: number): Table {
    return this.old.buckets !== 0 && (hash & this.old.mask) >= this.moved ? this.old : this.table
  }

  private findIn(table: Table, key: Span, hash: number): number {
    const { mems } = this.arena
    const pattern = Math.imul(tagOf(hash), ONES)
    let bucket = table.bucket(hash & table.mask)
    while (bucket !== 0) {
      const words = mems[bucket >>> SEGMENT_SHIFT].i32
      const at = (bucket & UNIT_MASK) << 2
      for (let group = 0; group < 3; group++) {
        const difference = words[at + 1 + group] ^ pattern
        for (let hits = (difference - ONES) & ~difference & HIGHS; hits !== 0; hits &= hits - 1) {
          const ref = words[at + REFS_AT + (group << 2) + lowestLane(hits)]
          if (ref !== 0 && this.holds(ref, key)) return ref
        }
      }
      bucket = words[at]
    }
    return 0
  }

  private scanOne(cursor: number, visit: (ref: number) => void): number {
    const { mask } = this.table
    this.table.visit(cursor & mask, visit)
    return nextCursor(cursor, mask)
  }

  /** Visits a bucket of the smaller table and all those of the larger one that it splits into. */
  private scanBoth(cursor: number, visit: (ref: number) => void): number {
    const growing = this.old.buckets < this.table.buckets
    const small = growing ? this.old : this.table
    const large = growing ? this.table : this.old
    small.visit(cursor & small.mask, visit)
    let at = cursor
    do {
      large.visit(at & large.mask, visit)
      at = nextCursor(at, large.mask)
    } while ((at & (small.mask ^ large.mask)) !== 0)
    return at
  }

  private step(): void {
    if (this.old.buckets !== 0) this.rehash(1)
  }

  private resize(buckets: number): void {
    if (this.rehashing || this.paused > 0 || buckets > BUCKETS_MAX) return
    this.old.take(this.table)
    this.table.begin(buckets)
    this.moved = 0
    if (this.old.buckets === 1) this.rehash(1)
  }

  /** Moves a bucket's entries to the new table; false when there were none. */
  private moveBucket(index: number): boolean {
    const before = this.rehomed
    this.old.visit(index, this.rehome)
    if (this.rehomed === before) return false
    this.old.clear(index)
    return true
  }

  private finishRehash(): void {
    this.old.freeChunk(this.old.mask)
    this.old.end()
    this.moved = 0
  }
}

function bucketsFor(count: number): number {
  let buckets = 1
  while (buckets * FILL_MAX < count) buckets *= 2
  return buckets
}

function unknownEntry(): Error {
  return new Error('dict: no such entry')
}
