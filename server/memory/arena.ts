/**
 * The arena: where all data lives.
 *
 * The problem. A JS object per key costs 180 bytes and more, makes the garbage collector walk the whole data
 * set, and stalls for hundreds of milliseconds when a Map grows. So every value is bytes in memory that V8
 * never looks into, and a *reference* is an int32: the address in units of 16 bytes, 64 GiB in all.
 *
 *      reference (32 bits)  =  segment (12 bits) | unit within the segment (20 bits)
 *
 * Why shared memory. V8 charges every ArrayBuffer to its heap and starts mark-sweeps as they add up (one per
 * 160 MB, measured), although it has nothing to collect. A SharedArrayBuffer is not charged: the data causes
 * no collection at all. It also lets a worker compress a snapshot without a copy.
 *
 *      segment  16 MiB of memory, cut into 256 pages of 64 KiB
 *      slab     one page (blocks up to 8 KiB) or a run of 16 (up to 256 KiB), cut into blocks of one size class
 *      run      whole pages in a row, for blocks up to 4 MiB
 *      giant    a segment of its own, for anything larger
 *
 * Sizes round up to a class: multiples of 16 up to 512 bytes, then four classes to a doubling (at most 25 % of
 * slack, 10 % on average). A block has no header: whoever frees it says its size again, which every structure
 * knows anyway. Each slab keeps its own list of free blocks and a count of live ones, so a slab that empties
 * gives its pages back to other classes, and a segment that empties goes back to the system.
 *
 * `used` is exact: it is the sum of the class sizes handed out, counted here and nowhere else.
 *
 * What it does not promise: zeroed blocks, or that a freed segment's pages leave the process before V8's next
 * full collection (nothing but a collection can unmap them; `released` says how much is waiting).
 *
 * Reference 0 is never handed out: it means "none" everywhere.
 */

import { Mem } from '../lib/bytes.js'

/** Units of 16 bytes. */
export const UNIT_SHIFT = 4
export const SEGMENT_SHIFT = 20
export const UNIT_MASK = (1 << SEGMENT_SHIFT) - 1
export const PAGE_SHIFT = 12
const PAGES = 1 << (SEGMENT_SHIFT - PAGE_SHIFT)
const SEGMENT_BYTES = 1 << (SEGMENT_SHIFT + UNIT_SHIFT)
const PAGE_BYTES = 1 << (PAGE_SHIFT + UNIT_SHIFT)
const SEGMENTS_MAX = 4096

/** Classes below this fit a slab of one page; from here on a slab is SLAB_PAGES long. */
const MEDIUM_CLASS = 48
const CLASSES = 68
const SLAB_PAGES = 16
const SLAB_UNITS_MAX = 16384
const RUN_UNITS_MAX = (4 << 20) >> UNIT_SHIFT

/** The class of a block of `units`; see the essay. */
function classOf(units: number): number {
  if (units <= 32) return units - 1
  const last = units - 1
  const exponent = 31 - Math.clz32(last)
  return 32 + ((exponent - 5) << 2) + ((last >>> (exponent - 2)) & 3)
}

/** The units that a block of this class occupies. */
function classUnits(cls: number): number {
  if (cls < 32) return cls + 1
  return (5 + (cls & 3)) << (((cls - 32) >>> 2) + 3)
}

/** Where a reference's bytes begin within its segment's memory. */
export function offsetOf(ref: number): number {
  return (ref & UNIT_MASK) << UNIT_SHIFT
}

/** The bytes that a block of this many bytes really occupies: what `used` counts for it. */
export function blockBytes(bytes: number): number {
  const units = (bytes + 15) >>> UNIT_SHIFT
  if (units <= SLAB_UNITS_MAX) return classUnits(classOf(units)) << UNIT_SHIFT
  if (units <= RUN_UNITS_MAX) return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES
  return Math.ceil(bytes / 4096) * 4096
}

const NO_MEMORY = new Mem(new ArrayBuffer(0))

/** Told in place of a stack trace from somewhere deep: the 64 GiB are used up. */
export class ArenaFull extends Error {}

export class Arena {
  /** Segment index -> its memory. Index with `ref >>> SEGMENT_SHIFT`. */
  readonly mems: Mem[] = []
  /** Bytes handed out, rounded up to their classes. */
  used = 0
  /** Bytes mapped in segments. */
  mapped = 0
  /** Bytes of dropped segments that wait for a collection to unmap them. */
  released = 0

  /** By page number (`ref >>> PAGE_SHIFT`); for a medium slab only its first page counts. */
  private readonly freeHead = pageTable()
  private readonly live = pageTable()
  private readonly bump = pageTable()
  private readonly next = pageTable()
  private readonly previous = pageTable()
  private readonly slabOf = pageTable()
  /** By class: the first slab with room, or 0. */
  private readonly partial = new Int32Array(CLASSES)
  /** By segment: one byte a page, 1 = taken; null = a giant's segment, or none. */
  private readonly pageMaps: (Uint8Array | null)[] = []
  private readonly freePages: number[] = []
  private readonly freeSegments: number[] = []
  /** No segment below this one has a free page. */
  private firstOpen = 0

  constructor() {
    const segment = this.addSegment()
    this.takePages(segment, 0, 1)
  }

  /** The memory that holds `ref`. */
  mem(ref: number): Mem {
    return this.mems[ref >>> SEGMENT_SHIFT]
  }

  /** A block of at least `bytes` bytes, not zeroed. */
  alloc(bytes: number): number {
    const units = (bytes + 15) >>> UNIT_SHIFT
    if (units > SLAB_UNITS_MAX) return this.allocLarge(bytes)
    const cls = classOf(units)
    const size = classUnits(cls)
    let slab = this.partial[cls]
    if (slab === 0) slab = this.addSlab(cls)
    let ref = this.freeHead[slab]
    if (ref !== 0) {
      this.freeHead[slab] = this.mems[ref >>> SEGMENT_SHIFT].i32[(ref & UNIT_MASK) << 2]
    } else {
      ref = this.bump[slab]
      this.bump[slab] = ref + size
    }
    this.live[slab]++
    if (this.freeHead[slab] === 0 && !this.hasFreshRoom(slab, cls, size)) this.unlink(slab, cls)
    this.used += size << UNIT_SHIFT
    return ref
  }

  /** Gives a block back. `bytes` is what it was asked with, or any size of the same class. */
  free(ref: number, bytes: number): void {
    const units = (bytes + 15) >>> UNIT_SHIFT
    if (units > SLAB_UNITS_MAX) {
      this.freeLarge(ref, bytes)
      return
    }
    const cls = classOf(units)
    const size = classUnits(cls)
    const page = ref >>> PAGE_SHIFT
    const slab = cls < MEDIUM_CLASS ? page : this.slabOf[page]
    const wasFull = this.freeHead[slab] === 0 && !this.hasFreshRoom(slab, cls, size)
    this.mems[ref >>> SEGMENT_SHIFT].i32[(ref & UNIT_MASK) << 2] = this.freeHead[slab]
    this.freeHead[slab] = ref
    this.used -= size << UNIT_SHIFT
    if (wasFull) this.link(slab, cls)
    if (--this.live[slab] === 0) this.retire(slab, cls)
  }

  /** True when a block of `from` bytes already occupies what `to` bytes would. */
  sameClass(from: number, to: number): boolean {
    const a = (from + 15) >>> UNIT_SHIFT
    const b = (to + 15) >>> UNIT_SHIFT
    if (a <= SLAB_UNITS_MAX && b <= SLAB_UNITS_MAX) return classOf(a) === classOf(b)
    return blockBytes(from) === blockBytes(to)
  }

  /** Forgets how much was released: call after a full collection. */
  collected(): void {
    this.released = 0
  }

  // Slabs ---------------------------------------------------------------------------------------------------

  private hasFreshRoom(slab: number, cls: number, size: number): boolean {
    const pages = cls < MEDIUM_CLASS ? 1 : SLAB_PAGES
    return this.bump[slab] + size <= (slab + pages) << PAGE_SHIFT
  }

  private addSlab(cls: number): number {
    const pages = cls < MEDIUM_CLASS ? 1 : SLAB_PAGES
    const slab = this.findPages(pages)
    this.freeHead[slab] = 0
    this.live[slab] = 0
    this.bump[slab] = slab << PAGE_SHIFT
    for (let i = 0; i < pages; i++) this.slabOf[slab + i] = slab
    this.link(slab, cls)
    return slab
  }

  private link(slab: number, cls: number): void {
    const first = this.partial[cls]
    this.next[slab] = first
    this.previous[slab] = 0
    if (first !== 0) this.previous[first] = slab
    this.partial[cls] = slab
  }

  private unlink(slab: number, cls: number): void {
    const { next, previous } = this
    const after = next[slab]
    const before = previous[slab]
    if (before === 0) this.partial[cls] = after
    else next[before] = after
    if (after !== 0) previous[after] = before
  }

  /** An empty slab goes back to the pages, unless it is the last with room: its class will ask again soon. */
  private retire(slab: number, cls: number): void {
    if (this.partial[cls] === slab && this.next[slab] === 0) return
    this.unlink(slab, cls)
    this.freeRun(slab, cls < MEDIUM_CLASS ? 1 : SLAB_PAGES)
  }

  // Pages ---------------------------------------------------------------------------------------------------

  /** Takes `count` pages in a row; answers the number of the first. */
  protected findPages(count: number): number {
    for (let segment = this.firstOpen; segment < this.mems.length; segment++) {
      if (this.freePages[segment] < count) {
        if (this.freePages[segment] === 0 && segment === this.firstOpen) this.firstOpen++
        continue
      }
      const page = this.firstRun(segment, count)
      if (page >= 0) return this.takePages(segment, page, count)
    }
    return this.takePages(this.addSegment(), 0, count)
  }

  private firstRun(segment: number, count: number): number {
    const map = this.pageMaps[segment]
    if (map === null) return -1
    let run = 0
    for (let page = 0; page < PAGES; page++) {
      run = map[page] === 0 ? run + 1 : 0
      if (run === count) return page - count + 1
    }
    return -1
  }

  private takePages(segment: number, page: number, count: number): number {
    this.pageMaps[segment]?.fill(1, page, page + count)
    this.freePages[segment] -= count
    return segment * PAGES + page
  }

  private freeRun(first: number, count: number): void {
    const segment = Math.floor(first / PAGES)
    const page = first % PAGES
    this.pageMaps[segment]?.fill(0, page, page + count)
    this.freePages[segment] += count
    if (segment < this.firstOpen) this.firstOpen = segment
    if (this.freePages[segment] === PAGES) this.dropSegment(segment)
  }

  // Large blocks --------------------------------------------------------------------------------------------

  private allocLarge(bytes: number): number {
    const size = blockBytes(bytes)
    this.used += size
    if (size <= RUN_UNITS_MAX << UNIT_SHIFT) return this.findPages(size / PAGE_BYTES) << PAGE_SHIFT
    const segment = this.segmentIndex()
    this.install(segment, Mem.ofSize(size), null, 0)
    return segment << SEGMENT_SHIFT
  }

  private freeLarge(ref: number, bytes: number): void {
    const size = blockBytes(bytes)
    this.used -= size
    if (size <= RUN_UNITS_MAX << UNIT_SHIFT) this.freeRun(ref >>> PAGE_SHIFT, size / PAGE_BYTES)
    else this.dropSegment(ref >>> SEGMENT_SHIFT)
  }

  // Segments ------------------------------------------------------------------------------------------------

  private segmentIndex(): number {
    const index = this.freeSegments.pop() ?? this.mems.length
    if (index >= SEGMENTS_MAX) throw new ArenaFull('the arena has no address space left')
    return index
  }

  private addSegment(): number {
    const segment = this.segmentIndex()
    this.install(segment, Mem.ofSize(SEGMENT_BYTES), new Uint8Array(PAGES), PAGES)
    if (segment < this.firstOpen) this.firstOpen = segment
    return segment
  }

  private install(segment: number, mem: Mem, map: Uint8Array | null, freePages: number): void {
    this.mems[segment] = mem
    this.pageMaps[segment] = map
    this.freePages[segment] = freePages
    this.mapped += mem.length
  }

  private dropSegment(segment: number): void {
    const bytes = this.mems[segment].length
    this.mapped -= bytes
    this.released += bytes
    this.mems[segment] = NO_MEMORY
    this.pageMaps[segment] = null
    this.freePages[segment] = 0
    this.freeSegments.push(segment)
  }
}

/** A word for every page there can ever be: 4 MiB of address space, of which only what is used gets real. */
function pageTable(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(SEGMENTS_MAX * PAGES * 4))
}
