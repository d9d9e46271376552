/**
 * Raw bytes, seen without copying.
 *
 * The whole server speaks of data as *spans*: (memory, start, length). An argument is a span of the read
 * buffer, a value a span of the arena, a literal a span of its own little memory. Nothing becomes a JS string
 * until somebody needs a string, which on the hot path nobody does.
 *
 * Why a `Mem` holds several views of the same bytes: V8 copies and compares bytes one at a time (about 1.5 ns
 * each); four at a time through a DataView costs the same per step, unaligned or not, so short runs go four
 * times faster, and half as long again when a loop does four words a step. From about 500 bytes on a native copy
 * wins: 80 ns flat, and what it leaves to the collector. That is Node's `fill` with a view of the source, a memcpy of
 * 60 GB/s. V8's own `set`, `copyWithin` and `fill` take memory that threads share byte by byte, 4 GB/s, when source and
 * target lie differently on words. Measured by `npm run bench:micro`.
 */

/** A stretch of memory. `u8` for bytes and text, `dv` for unaligned words, `i32` for aligned words. */
export class Mem {
  readonly u8: Buffer
  readonly dv: DataView
  readonly i32: Int32Array
  readonly length: number
  /** Whoever stores what is in it may keep the memory itself: nobody else will write to it. */
  isGift = false
  /** What `first` answered last. */
  private head: Buffer
  private longs: BigUint64Array | null = null

  /** `buffer` must own its bytes: the views start at its first byte. */
  constructor(buffer: ArrayBuffer | SharedArrayBuffer) {
    this.u8 = Buffer.from(buffer as ArrayBuffer)
    this.dv = new DataView(buffer)
    this.i32 = new Int32Array(buffer, 0, buffer.byteLength >>> 2)
    this.length = buffer.byteLength
    this.head = this.u8
  }

  /** For aligned words of eight bytes: what V8 adds and stores at once of them makes no BigInt. */
  get u64(): BigUint64Array {
    return (this.longs ??= new BigUint64Array(this.i32.buffer, 0, this.length >>> 3))
  }

  /** The first `length` bytes. A view costs 0.15 us and most replies are as long as the one before, so one is kept. */
  first(length: number): Buffer {
    if (this.head.length !== length) this.head = this.u8.subarray(0, length)
    return this.head
  }

  /** Fresh zeroed memory of at least `bytes` bytes, outside V8's garbage accounting (see arena.ts). */
  static ofSize(bytes: number): Mem {
    return new Mem(new SharedArrayBuffer((bytes + 7) & ~7))
  }

  /** Memory that holds a copy of `bytes`, and room for `slack` more behind them. */
  static copyOf(bytes: Uint8Array, slack = 0): Mem {
    const mem = new Mem(new ArrayBuffer((bytes.length + slack + 7) & ~7))
    mem.u8.set(bytes)
    return mem
  }
}

/** From this length on a native copy beats a loop over words: it has to make a view first, and cross into C++. */
const NATIVE_COPY_MIN = 512

/** Copies `length` bytes between memories, or within one: then the ranges may overlap. */
export function copyBytes(to: Mem, toStart: number, from: Mem, fromStart: number, length: number): void {
  const movesUp = to === from && toStart > fromStart && toStart < fromStart + length
  if (length >= NATIVE_COPY_MIN || movesUp) copyNatively(to, toStart, from, fromStart, length)
  else if (length >= 4) copyWords(to.dv, toStart, from.dv, fromStart, length)
  else for (let i = 0; i < length; i++) to.u8[toStart + i] = from.u8[fromStart + i]
}

function copyNatively(to: Mem, toStart: number, from: Mem, fromStart: number, length: number): void {
  if (to === from && Math.abs(toStart - fromStart) < length)
    to.u8.copyWithin(toStart, fromStart, fromStart + length)
  else to.u8.fill(from.u8.subarray(fromStart, fromStart + length), toStart, toStart + length)
}

const ZERO = new Uint8Array(1)

/** Makes the bytes from `start` to `end` zeros. */
export function zeroBytes({ u8 }: Mem, start: number, end: number): void {
  if (end > start) u8.fill(ZERO, start, end)
}

/**
 * Four words a step, which is twice as fast as one. The last word goes in at the end wherever it stands, over bytes
 * that are there already, and is read before anything is written: so ranges may overlap where bytes move down.
 */
function copyWords(to: DataView, toStart: number, from: DataView, fromStart: number, length: number): void {
  const end = length - 4
  const last = from.getInt32(fromStart + end, true)
  let i = 0
  for (; i <= length - 16; i += 16) {
    const at = fromStart + i
    const a = from.getInt32(at, true)
    const b = from.getInt32(at + 4, true)
    const c = from.getInt32(at + 8, true)
    const d = from.getInt32(at + 12, true)
    to.setInt32(toStart + i, a, true)
    to.setInt32(toStart + i + 4, b, true)
    to.setInt32(toStart + i + 8, c, true)
    to.setInt32(toStart + i + 12, d, true)
  }
  for (; i < end; i += 4) to.setInt32(toStart + i, from.getInt32(fromStart + i, true), true)
  to.setInt32(toStart + end, last, true)
}

/** True when two runs of `length` bytes are equal. */
export function sameBytes(a: Mem, aStart: number, b: Mem, bStart: number, length: number): boolean {
  if (length >= 256) {
    return a.u8.compare(b.u8, bStart, bStart + length, aStart, aStart + length) === 0
  }
  const x = a.dv
  const y = b.dv
  const words = length & ~3
  let i = 0
  for (; i < words; i += 4) {
    if (x.getInt32(aStart + i, true) !== y.getInt32(bStart + i, true)) return false
  }
  for (; i < length; i++) {
    if (a.u8[aStart + i] !== b.u8[bStart + i]) return false
  }
  return true
}

/** Below this length a loop beats the call into native code (40 ns). */
const NATIVE_TEXT_MIN = 32

/** Writes latin1 text; answers where it ends. */
export function writeText(u8: Buffer, at: number, text: string): number {
  const { length } = text
  if (length >= NATIVE_TEXT_MIN) return at + u8.latin1Write(text, at)
  for (let i = 0; i < length; i++) u8[at + i] = text.charCodeAt(i)
  return at + length
}

/** memcmp order, the shorter first when one is a prefix of the other: below, at or above 0. Allocates nothing. */
export function compareBytes(
  a: Mem,
  aStart: number,
  aLength: number,
  b: Mem,
  bStart: number,
  bLength: number,
): number {
  const shared = Math.min(aLength, bLength)
  const words = shared & ~3
  let i = 0
  for (; i < words; i += 4) {
    const x = a.dv.getInt32(aStart + i)
    const y = b.dv.getInt32(bStart + i)
    if (x !== y) return x >>> 0 < y >>> 0 ? -1 : 1
  }
  for (; i < shared; i++) {
    const difference = a.u8[aStart + i] - b.u8[bStart + i]
    if (difference !== 0) return difference
  }
  return aLength - bLength
}

/** A run of bytes in a memory. Spans of a request live until its command ends: copy what must stay. */
export class Span {
  mem: Mem
  start: number
  length: number
  /** The keyspace's hash of the bytes, where somebody has computed it ahead; 0: nobody has. */
  hash = 0

  constructor(mem: Mem, start: number, length: number) {
    this.mem = mem
    this.start = start
    this.length = length
  }

  /** A span with memory of its own, holding the latin1 text or the bytes given. */
  static of(bytes: string | Uint8Array): Span {
    const source = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
    return new Span(Mem.copyOf(source), 0, source.length)
  }

  /** Copies of all, in one memory of their own: a memory for each would take longer than all the rest. */
  static cloneAll(spans: readonly Span[]): Span[] {
    const bytes = spans.reduce((sum, { length }) => sum + length, 0)
    const mem = new Mem(new ArrayBuffer((bytes + 7) & ~7))
    let at = 0
    return spans.map(span => {
      span.copyTo(mem, at)
      at += span.length
      return new Span(mem, at - span.length, span.length)
    })
  }

  /** Points this span elsewhere. */
  set(mem: Mem, start: number, length: number): this {
    this.mem = mem
    this.start = start
    this.length = length
    this.hash = 0
    return this
  }

  /** A copy with memory of its own. */
  clone(): Span {
    return Span.of(this.bytes())
  }

  at(index: number): number {
    return this.mem.u8[this.start + index]
  }

  /** A view of the bytes: no copy, valid as long as the memory is not reused. */
  bytes(): Buffer {
    return this.mem.u8.subarray(this.start, this.start + this.length)
  }

  /** The bytes as a string of one character per byte: lossless. */
  latin1(): string {
    return this.mem.u8.latin1Slice(this.start, this.start + this.length)
  }

  /** As `latin1`, but no more than so many bytes: V8 has no string of 512 MB. */
  prefix(bytes: number): string {
    return this.mem.u8.latin1Slice(this.start, this.start + Math.min(bytes, this.length))
  }

  copyTo(mem: Mem, at: number): void {
    copyBytes(mem, at, this.mem, this.start, this.length)
  }

  equals(other: Span): boolean {
    return (
      this.length === other.length && sameBytes(this.mem, this.start, other.mem, other.start, this.length)
    )
  }

  /** memcmp order, the shorter first when one is a prefix of the other. */
  compare(other: Span): number {
    return this.bytes().compare(other.bytes())
  }

  /** True when the bytes are this lower-case ASCII word, in any case. */
  is(word: string): boolean {
    const length = this.length
    if (length !== word.length) return false
    const u8 = this.mem.u8
    for (let i = 0; i < length; i++) {
      const byte = u8[this.start + i]
      const folded = byte >= 65 && byte <= 90 ? byte | 32 : byte
      if (folded !== word.charCodeAt(i)) return false
    }
    return true
  }
}

const SCRATCH_BYTES = 256

/** Memory for a copy of one run of bytes at a time: the next one takes its place. */
export class Scratch {
  private mem = new Mem(new ArrayBuffer(SCRATCH_BYTES))
  private readonly span = new Span(this.mem, 0, 0)

  copyOf({ mem, start, length }: Span): Span {
    if (length > this.mem.length) this.mem = new Mem(new ArrayBuffer((length * 2 + 7) & ~7))
    copyBytes(this.mem, 0, mem, start, length)
    return this.span.set(this.mem, 0, length)
  }
}

/** True when bytes were to become a string longer than V8 has: 2^29 - 24 characters. */
export function isStringOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (
    error.message === 'Invalid string length' || ('code' in error && error.code === 'ERR_STRING_TOO_LONG')
  )
}
