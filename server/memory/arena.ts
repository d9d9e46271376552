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
 * Sizes round up to a class: multiples of 16 up to 1 KiB, 32 classes to a doubling up to 8 KiB (at most 3 % of
 * slack), then four (at most 25 %, 10 % on average). What stays as it was made is so packed tightly; what grows a
 * little at a time in blocks of its exact size asks for `growingBytes`, or it would move with every step.
 *
 * A block has no header: whoever frees it says its size again, which every structure knows anyway. Each slab keeps
 * its own list of free blocks and a count of live ones, so a slab that empties gives its pages back to other
 * classes, and a segment that empties goes back to the system.
 *
 * `used` is exact: it is the sum of the class sizes handed out, counted here and nowhere else.
 *
 * What it does not promise: zeroed blocks (but for giants, whose pages the system zeroes when they are first touched), or
 * that a freed segment's pages leave the process before V8's next full collection (nothing but a collection can unmap
 * them; `released` says how much is waiting).
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

/** Up to here a class is a number of units. */
const EXACT_UNITS_MAX = 64
const EXACT_EXPONENT = 6
/** The classes of a doubling, as a power of two: of small slabs, and of medium ones. */
const SMALL_STEPS = 5
const MEDIUM_STEPS = 2
/** What fits a slab of one page; from here on a slab is SLAB_PAGES long. */
const SMALL_UNITS_MAX = 512
const SMALL_EXPONENT = 9
const MEDIUM_CLASS = EXACT_UNITS_MAX + ((SMALL_EXPONENT - EXACT_EXPONENT) << SMALL_STEPS)
const SLAB_PAGES = 16
const SLAB_UNITS_MAX = 16384
const RUN_UNITS_MAX = (4 << 20) >> UNIT_SHIFT
const CLASSES = classOf(SLAB_UNITS_MAX) + 1

/** The class of a block of `units`; see the essay. */
function classOf(units: number): number {
  if (units <= EXACT_UNITS_MAX) return units - 1
  return units <= SMALL_UNITS_MAX
    ? EXACT_UNITS_MAX + stepOf(units, EXACT_EXPONENT, SMALL_STEPS)
    : MEDIUM_CLASS + stepOf(units, SMALL_EXPONENT, MEDIUM_STEPS)
}

/** Which step from 2^exponent on, 2^steps of them to a doubling, is the first to hold `units`, which are more. */
function stepOf(units: number, exponent: number, steps: number): number {
  const last = units - 1
  const doubling = 31 - Math.clz32(last)
  return ((doubling - exponent - 1) << steps) + (last >>> (doubling - steps))
}

/** The units that so many steps come to, the first being step 0. */
function stepUnits(step: number, exponent: number, steps: number): number {
  const doubling = step >>> steps
  return ((1 << steps) + (step & ((1 << steps) - 1)) + 1) << (exponent + doubling - steps)
}

/** The units that a block of this class occupies. */
function classUnits(cls: number): number {
  if (cls < EXACT_UNITS_MAX) return cls + 1
  return cls < MEDIUM_CLASS
    ? stepUnits(cls - EXACT_UNITS_MAX, EXACT_EXPONENT, SMALL_STEPS)
    : stepUnits(cls - MEDIUM_CLASS, SMALL_EXPONENT, MEDIUM_STEPS)
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

/** From here to SMALL_UNITS_MAX, what grows little by little takes four steps to a doubling rather than 32. */
const GROWING_BYTES_MIN = 512

/**
 * The bytes to ask for, and to free, where a block that says itself how long it is grows little by little: the same for
 * lengths close together, so that it seldom moves.
 */
export function growingBytes(bytes: number): number {
  if (bytes <= GROWING_BYTES_MIN || bytes > SMALL_UNITS_MAX << UNIT_SHIFT) return bytes
  const step = 1 << (31 - Math.clz32(bytes - 1) - MEDIUM_STEPS)
  return (bytes + step - 1) & -step
}

/** True when a block of so many bytes is a giant: its segment is new, and what is new is zeros. */
export function isGiant(bytes: number): boolean {
  return blockBytes(bytes) > RUN_UNITS_MAX << UNIT_SHIFT
}

const NO_MEMORY = new Mem(new ArrayBuffer(0))

/** Told in place of a stack trace from somewhere deep: the 64 GiB are used up. */
class ArenaFull extends Error {}

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

  /** Makes memory that somebody has filled a giant of its own: its bytes are the block's, from the first on. */
  adopt(mem: Mem): number {
    if (!isGiant(mem.length) || blockBytes(mem.length) !== mem.length)
      throw new Error(`memory of ${mem.length} bytes cannot be a giant`)
    this.used += mem.length
    return this.installGiant(mem)
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

  /**
   * An empty slab goes back to the pages. But the last with room of the classes that everybody uses stays: they will
   * ask again soon. The others are too many: each might keep a segment for itself.
   */
  private retire(slab: number, cls: number): void {
    if (cls < EXACT_UNITS_MAX && this.partial[cls] === slab && this.next[slab] === 0) return
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
    if (this.freePages[segment] === PAGES && this.hasPagesBeside(segment)) this.dropSegment(segment)
  }

  /** Whether another segment has a free page, too: else a block that comes and goes would take a segment each time. */
  private hasPagesBeside(segment: number): boolean {
    return this.freePages.some((free, index) => free > 0 && index !== segment)
  }

  // Large blocks --------------------------------------------------------------------------------------------

  private allocLarge(bytes: number): number {
    const size = blockBytes(bytes)
    this.used += size
    if (!isGiant(size)) return this.findPages(size / PAGE_BYTES) << PAGE_SHIFT
    return this.installGiant(Mem.ofSize(size))
  }

  private installGiant(mem: Mem): number {
    const segment = this.segmentIndex()
    this.install(segment, mem, null, 0)
    return segment << SEGMENT_SHIFT
  }

  private freeLarge(ref: number, bytes: number): void {
    const size = blockBytes(bytes)
    this.used -= size
    if (!isGiant(size)) this.freeRun(ref >>> PAGE_SHIFT, size / PAGE_BYTES)
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
