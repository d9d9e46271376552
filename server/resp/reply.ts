/**
 * The reply writer: the only place that knows how an answer looks on the wire.
 *
 * Commands speak of what they answer (a map, a set, a double, null); whether that becomes RESP2 or RESP3 is
 * decided here. Bytes go straight into chunks of output memory: no Buffer, no string per reply.
 *
 * An array whose length is known only at its end is written behind a gap (`openArray`), which `closeArray`
 * fills with the header and closes up.
 */

import { type Mem, type Span, copyBytes, writeText } from '../lib/bytes.js'
import { formatDouble } from '../lib/double.js'
import { integerLength, writeInteger } from '../lib/integer.js'
import { CHUNK_BYTES, type ChunkPool, LARGE_CHUNK_BYTES } from './chunks.js'
import type { CommandError } from './errors.js'

const CR = 13
const LF = 10
const HEADER_MAX = 32

/** A chunk that is full, with the bytes it holds. */
export interface FilledChunk {
  readonly mem: Mem
  readonly length: number
  /** It is no chunk of the pool's: others send the same bytes, which do not change. */
  readonly shared?: boolean
}

/** Where an array of unknown length began. */
export interface OpenArray {
  readonly chunk: number
  readonly at: number
  readonly type: string
  /** The bytes left for the header. */
  readonly gap: number
}

/** Asked before a reply grows by a chunk: somebody may not be reading. */
export interface ReplyGuard {
  /** `bytes`: the length that the reply would have. False: it must not, and the client will go. */
  mayGrow(bytes: number): boolean
}

export class ReplyWriter {
  /** 2 or 3: which protocol the client speaks. */
  protocol = 2
  /** Errors written so far, for the engine's statistics. */
  errors = 0
  /** The code of the error written last. */
  lastError: CommandError | null = null
  guard: ReplyGuard | null = null
  /** The guard has said no: what is written goes nowhere. */
  overflowed = false

  private chunk: Mem | null = null
  private at = 0
  private readonly full: FilledChunk[] = []
  private fullBytes = 0
  /** What `share` was given, while it is all that there is. */
  private borrowed: FilledChunk | null = null
  /** The length from which on nothing is kept; -1: all is. */
  private mutedFrom = -1
  /** The replies of the turn before did not fit one small chunk: these will hardly either. */
  private isAmple = false

  constructor(private readonly pool: ChunkPool) {}

  /** Bytes written and not yet taken. */
  get length(): number {
    return this.fullBytes + this.at
  }

  /** True when what is written goes nowhere: loops that only read may stop. */
  get unheard(): boolean {
    return this.overflowed || this.mutedFrom >= 0
  }

  /** Chunks that hold them. */
  get chunks(): number {
    return this.full.length + (this.at > 0 ? 1 : 0)
  }

  ok(): void {
    const mem = this.room(5)
    const u8 = mem.u8
    const at = this.at
    u8[at] = 43
    u8[at + 1] = 79
    u8[at + 2] = 75
    u8[at + 3] = CR
    u8[at + 4] = LF
    this.at = at + 5
  }

  /** A status line: `+text`. */
  simple(text: string): void {
    this.line('+', text)
  }

  error(error: CommandError): void {
    this.errors++
    this.lastError = error
    this.line('-', error.line)
  }

  int(value: number | bigint): void {
    if (typeof value === 'bigint') {
      this.line(':', value.toString())
      return
    }
    this.header(58, value)
  }

  /** A bulk string from a span. */
  bulk(span: Span): void {
    this.bulkBytes(span.mem, span.start, span.length)
  }

  bulkBytes(from: Mem, start: number, length: number): void {
    if (length >= CHUNK_BYTES && this.unheard) return
    const mem = this.room(length + HEADER_MAX)
    const at = writeBulkHeader(mem, this.at, length)
    copyBytes(mem, at, from, start, length)
    mem.dv.setInt16(at + length, CRLF, true)
    this.at = at + length + 2
  }

  /** A bulk string of the digits of a safe integer. */
  bulkInteger(value: number): void {
    const mem = this.room(2 * HEADER_MAX)
    const at = writeInteger(value, mem.u8, writeBulkHeader(mem, this.at, integerLength(value)))
    mem.dv.setInt16(at, CRLF, true)
    this.at = at + 2
  }

  /** A bulk string from latin1 text. */
  text(text: string): void {
    const mem = this.room(text.length + HEADER_MAX)
    const u8 = mem.u8
    let at = this.at
    u8[at++] = 36
    at = writeInteger(text.length, u8, at)
    u8[at++] = CR
    u8[at++] = LF
    at += u8.latin1Write(text, at)
    u8[at++] = CR
    u8[at++] = LF
    this.at = at
  }

  /** A bulk string from a Buffer. */
  buffer(bytes: Uint8Array): void {
    if (bytes.length >= CHUNK_BYTES && this.unheard) return
    const mem = this.room(bytes.length + HEADER_MAX)
    const u8 = mem.u8
    let at = this.at
    u8[at++] = 36
    at = writeInteger(bytes.length, u8, at)
    u8[at++] = CR
    u8[at++] = LF
    u8.set(bytes, at)
    at += bytes.length
    u8[at++] = CR
    u8[at++] = LF
    this.at = at
  }

  /** Text with a format of three letters (`txt`, `mkd`); a plain bulk in RESP2. */
  verbatim(format: string, text: string): void {
    if (this.protocol === 2) {
      this.buffer(Buffer.from(text))
      return
    }
    const bytes = Buffer.from(`${format}:${text}`)
    this.raw(`=${bytes.length}\r\n`)
    this.rawBytes(bytes)
    this.raw('\r\n')
  }

  null(): void {
    this.raw(this.protocol === 2 ? '$-1\r\n' : '_\r\n')
  }

  /** What an array-shaped reply answers when there is none. */
  nullArray(): void {
    this.raw(this.protocol === 2 ? '*-1\r\n' : '_\r\n')
  }

  bool(value: boolean): void {
    if (this.protocol === 2) this.int(value ? 1 : 0)
    else this.raw(value ? '#t\r\n' : '#f\r\n')
  }

  double(value: number): void {
    if (this.protocol === 2 && Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.bulkInteger(value)
      return
    }
    const text = formatDouble(value)
    if (this.protocol === 2) this.text(text)
    else this.line(',', text)
  }

  /** A double in digits that are the caller's choice. */
  doubleText(text: string): void {
    if (this.protocol === 2) this.text(text)
    else this.line(',', text)
  }

  /** An integer of any size, as its decimal digits. */
  bigNumber(digits: string): void {
    if (this.protocol === 2) this.text(digits)
    else this.line('(', digits)
  }

  array(length: number): void {
    this.header(42, length)
  }

  map(pairs: number): void {
    if (this.protocol === 2) this.header(42, pairs * 2)
    else this.header(37, pairs)
  }

  set(length: number): void {
    this.header(this.protocol === 2 ? 42 : 126, length)
  }

  push(length: number): void {
    this.header(this.protocol === 2 ? 42 : 62, length)
  }

  /**
   * Begins an array ('*'), map ('%') or set ('~') whose length comes with `closeArray`. Of an array that will have no
   * more than `most` elements, and mostly that many, nothing has to be moved then.
   */
  openArray(type: '*' | '%' | '~' = '*', most = Infinity): OpenArray {
    const gap = most === Infinity ? HEADER_MAX : integerLength(most) + 3
    this.room(gap)
    const open = { chunk: this.full.length, at: this.at, type, gap }
    this.at += gap
    return open
  }

  /** `length` counts elements; for a map, pairs. */
  closeArray(open: OpenArray, length: number): void {
    if (this.unheard) return
    const pairs = open.type === '%'
    const type = this.protocol === 2 ? '*' : open.type
    const header = `${type}${pairs && this.protocol === 2 ? length * 2 : length}\r\n`
    const current = open.chunk === this.full.length
    const mem = current ? this.chunk : this.full[open.chunk].mem
    if (mem === null) return
    const end = current ? this.at : this.full[open.chunk].length
    const gap = open.gap - header.length
    writeText(mem.u8, open.at, header)
    if (gap === 0) return
    copyBytes(mem, open.at + header.length, mem, open.at + open.gap, end - open.at - open.gap)
    if (current) {
      this.at -= gap
    } else {
      this.full[open.chunk] = { mem, length: end - gap }
      this.fullBytes -= gap
    }
  }

  /** Bytes that are a reply already. */
  raw(text: string): void {
    const mem = this.room(text.length)
    this.at = writeText(mem.u8, this.at, text)
  }

  rawBytes(bytes: Uint8Array): void {
    const mem = this.room(bytes.length)
    mem.u8.set(bytes, this.at)
    this.at += bytes.length
  }

  /**
   * Bytes that many clients get: they are sent from where they are. Only when something else is written in the same turn
   * they are copied, so that one write will do. (A chunk for each of 50,000 listeners would be 800 MB.)
   */
  share(bytes: FilledChunk): void {
    const { length } = bytes
    const free = this.chunk === null && this.length === 0 && !this.overflowed
    if (!free || (length > CHUNK_BYTES && this.guard?.mayGrow(length) === false)) {
      this.rawBytes(bytes.mem.first(length))
    } else {
      this.borrowed = bytes
      this.at = length
    }
  }

  /**
   * Hands over what has been written: whole chunks and how much of each. The taker gives every chunk back to the
   * pool when its bytes are gone.
   */
  take(): FilledChunk[] {
    this.copyBorrowed()
    if (this.chunk !== null) this.close(this.chunk)
    this.fullBytes = 0
    return this.full.splice(0)
  }

  /** As `take`, but the first chunk alone; null when there is none. */
  takeFirst(): FilledChunk | null {
    const { full, chunk, borrowed } = this
    if (borrowed !== null) {
      this.borrowed = null
      this.at = 0
      return borrowed
    }
    if (full.length > 0) {
      this.isAmple = true
      this.fullBytes -= full[0].length
      return full.shift() ?? null
    }
    if (chunk === null) return null
    const only = { mem: chunk, length: this.at }
    if (only.length <= CHUNK_BYTES) this.isAmple = false
    this.chunk = null
    this.at = 0
    return only
  }

  /** Drops what has been written. */
  discard(): void {
    for (const chunk of this.take()) this.pool.give(chunk.mem)
  }

  /** What is written from here on goes nowhere: the client asked not to get it. */
  mute(): void {
    this.mutedFrom = this.length
  }

  /** Ends `mute`: what was written meanwhile is gone. */
  unmute(): void {
    if (this.mutedFrom < 0) return
    this.rewind(this.mutedFrom)
    this.mutedFrom = -1
  }

  /** Takes back all but the first `length` bytes: a reply that the client asked not to get. */
  rewind(length: number): void {
    if (this.overflowed) return
    if (length < this.at) this.borrowed = null
    while (length < this.fullBytes) {
      if (this.chunk !== null) this.pool.give(this.chunk)
      const last = this.full.pop()
      if (last === undefined) return
      this.fullBytes -= last.length
      this.chunk = last.mem
      this.at = last.length
    }
    this.at = length - this.fullBytes
  }

  private line(type: string, text: string): void {
    const mem = this.room(text.length + 3)
    let at = this.at
    mem.u8[at++] = type.charCodeAt(0)
    at = writeText(mem.u8, at, text)
    mem.u8[at++] = CR
    mem.u8[at++] = LF
    this.at = at
  }

  private header(type: number, value: number): void {
    const mem = this.room(HEADER_MAX)
    const u8 = mem.u8
    let at = this.at
    u8[at++] = type
    at = writeInteger(value, u8, at)
    u8[at++] = CR
    u8[at++] = LF
    this.at = at
  }

  /** Memory with at least `bytes` bytes free at `this.at`. */
  private room(bytes: number): Mem {
    const chunk = this.chunk
    if (chunk !== null && this.at + bytes <= chunk.length) return chunk
    return this.moreRoom(bytes)
  }

  private moreRoom(bytes: number): Mem {
    this.copyBorrowed(bytes)
    if (this.mutedFrom >= 0) this.rewind(this.mutedFrom)
    if (this.chunk !== null && this.at + bytes <= this.chunk.length) return this.chunk
    const length = this.length + bytes
    if (length > CHUNK_BYTES && this.guard?.mayGrow(length) === false) this.overflow()
    if (this.overflowed) this.discard()
    if (this.chunk !== null) this.close(this.chunk)
    const isLarge = this.isAmple || this.full.length > 0
    this.chunk = this.pool.take(isLarge ? Math.max(bytes, LARGE_CHUNK_BYTES) : bytes)
    this.at = 0
    return this.chunk
  }

  /** Makes what is borrowed our own, in a chunk with room for `more` bytes where they would fit any. */
  private copyBorrowed(more = 0): void {
    const { borrowed } = this
    if (borrowed === null) return
    const { mem, length } = borrowed
    this.borrowed = null
    this.chunk = this.pool.take(length + more <= LARGE_CHUNK_BYTES ? length + more : length)
    copyBytes(this.chunk, 0, mem, 0, length)
  }

  private overflow(): void {
    this.overflowed = true
    this.guard = null
  }

  private close(chunk: Mem): void {
    if (this.at === 0) {
      this.pool.give(chunk)
    } else {
      this.full.push({ mem: chunk, length: this.at })
      this.fullBytes += this.at
    }
    this.chunk = null
    this.at = 0
  }
}

/** CR and LF, in one store. */
const CRLF = 0x0a0d
/** `$00\r` in one store: two digits, as most members have, cost a range of a hundred a fifth less. */
const TWO_DIGITS = 0x0d303024

/** Writes the length of a bulk string and answers where its bytes begin. */
function writeBulkHeader(mem: Mem, at: number, length: number): number {
  if (length >= 10 && length < 100) {
    const tens = (length * 205) >>> 11
    mem.dv.setInt32(at, TWO_DIGITS + (tens << 8) + ((length - tens * 10) << 16), true)
    mem.u8[at + 4] = LF
    return at + 5
  }
  mem.u8[at] = 36
  const end = writeInteger(length, mem.u8, at + 1)
  mem.dv.setInt16(end, CRLF, true)
  return end + 2
}
