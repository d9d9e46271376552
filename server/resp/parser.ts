/**
 * The request parser: bytes in, spans out.
 *
 * Reads of all connections land in one shared memory, behind some headroom. What one connection left unfinished
 * is put back right before the new bytes, so a request that is split over two reads is again one run of bytes,
 * and nothing but that tail is ever copied:
 *
 *      | headroom ........ tail | new bytes ........ |
 *
 * A tail that outgrows the headroom (a request of many words) lives in a memory of the connection's own, which
 * doubles as it fills. What has been parsed of an unfinished request is remembered as positions, never parsed again.
 * A big bulk goes past all this, into memory of its own (big-bulk.ts); the tail ends with its header then.
 *
 * The states are those of the protocol: a request begins (inline or multibulk), a bulk's header, a bulk's body.
 * Bad input ends the connection with Redis' own sentence, after the replies to what came before.
 */

import { Mem, Span, copyBytes } from '../lib/bytes.js'
import { parseInt64, parseIntegerAt } from '../lib/integer.js'
import { splitWords } from '../lib/words.js'
import { BIG_BULK_MIN, BigBulk } from './big-bulk.js'
import { type CommandError, protocolError } from './errors.js'
import { Lookahead } from './lookahead.js'
import { Request } from './request.js'

const CR = 13
const LF = 10
const STAR = 42
const DOLLAR = 36
const INLINE_MAX = 64 * 1024
const MULTIBULK_MAX = 2_147_483_647
const UNAUTHENTICATED_MULTIBULK_MAX = 10
const UNAUTHENTICATED_BULK_MAX = 16_384
const OWN_MIN = 32 * 1024
/** A larger query buffer is given back as soon as its request has run, a smaller one by `trim`. */
const OWN_KEPT = 1024 * 1024

/** Where the network reads into: `HEADROOM` bytes for a tail, then room for new bytes. */
export const HEADROOM = 16 * 1024
/** What one client may bring before others are read: a few hundred commands, well below a millisecond. */
export const READ_BYTES = 16 * 1024

/** How much a client may send. */
export interface RequestLimits {
  /** proto-max-bulk-len, in bytes. */
  maxBulk: number
  authenticated: boolean
}

const EMPTY = new Mem(new ArrayBuffer(0))

export class RequestParser {
  readonly request = new Request()
  /** Set when the input broke the protocol: no further request comes. */
  error: CommandError | null = null

  private mem: Mem = EMPTY
  /** The window's unread bytes: [at, end). */
  private at = 0
  private end = 0
  /** Words of the multibulk still to come; 0 between requests. */
  private wordsLeft = 0
  /** Length of the bulk whose header has been read; -1 before its header. */
  private bulkLength = -1
  /** Where the window began: requests that have run are behind it. */
  private begin = 0
  /** Where the unfinished request's first byte that is still needed lies. */
  private from = 0
  /** The tail between reads: bytes [0, tailLength) of `own`. */
  private own: Mem = EMPTY
  private tailLength = 0
  /** The longest tail since the last `trim`. */
  private peak = 0
  private readonly bulk = new BigBulk()

  /** The limits are asked for only where they may bite. */
  constructor(
    private readonly limits: () => RequestLimits,
    private readonly ahead = new Lookahead(),
  ) {}

  /** Bytes that wait to be parsed, and all that came with them while they run: CLIENT LIST's qbuf. */
  get pending(): number {
    return this.end - this.begin + this.bulk.pending
  }

  /** Where the next bytes should be read to: null where others read. */
  get room(): Span | null {
    return this.bulk.isUnderWay ? this.bulk.room : null
  }

  /** The memory that holds what is being parsed. */
  get window(): Mem {
    return this.mem
  }

  /** Bytes behind the request that `next` gave last. */
  get left(): number {
    return this.end - this.from
  }

  /** Bytes of the words of a request that is not complete yet. */
  get argumentBytes(): number {
    return this.wordsLeft > 0 ? this.request.bytes : 0
  }

  /** Bytes that the words of a request that is not complete yet take beside their bytes. */
  get wordBytes(): number {
    return this.wordsLeft > 0 ? this.request.listBytes : 0
  }

  /** Bytes of memory that this connection's query buffer holds. */
  get capacity(): number {
    return this.own.length + this.bulk.capacity
  }

  /** The first of the bytes that wait, as latin1 text. */
  firstBytes(length: number): string {
    if (this.bulk.isUnderWay) return this.bulk.firstBytes(length)
    return this.mem.u8.latin1Slice(this.begin, Math.min(this.begin + length, this.end))
  }

  /**
   * To be called now and then between feeds: gives back a query buffer more than twice as large as anything since
   * the last time needed; all that is spare when the client is `idle`.
   */
  trim(idle: boolean): void {
    this.bulk.trim(idle)
    const tail = this.tailLength
    const target = tail === 0 ? 0 : powerOfTwo(tail)
    const needed = idle ? target : Math.max(target, this.peak, OWN_MIN / 2)
    this.peak = tail
    if (this.own.length / 2 < needed || this.own.length === 0) return
    if (tail === 0) this.replaceOwn(EMPTY)
    else if (target < this.own.length) this.moveOwn(target)
  }

  /** Offers new bytes: `mem` from `start`, with HEADROOM bytes to spare before them; or such as were read into `room`. */
  feed(mem: Mem, start: number, length: number): void {
    if (this.bulk.isUnderWay) {
      const taken = this.bulk.add(mem, start, length)
      if (taken === length) return
      start += taken
      length -= taken
    }
    const tail = this.tailLength
    if (tail === 0) {
      this.open(mem, start, start + length, 0)
    } else if (tail <= HEADROOM) {
      copyBytes(mem, start - tail, this.own, 0, tail)
      this.open(mem, start - tail, start + length, tail)
    } else {
      this.grow(tail + length)
      copyBytes(this.own, tail, mem, start, length)
      this.open(this.own, 0, tail + length, tail)
    }
  }

  /** Finds the plain requests that come next, and looks no further before they have been taken. */
  lookAhead(): boolean {
    const { ahead } = this
    if (ahead.left > 0 || this.wordsLeft > 0 || this.error !== null) return false
    return ahead.find(this.mem, this.at, this.end) > 0
  }

  /** Parses the next request; false when the bytes do not hold a whole one (or broke the protocol). */
  next(): boolean {
    const { request, ahead } = this
    if (this.bulk.hasWords && this.wordsLeft === 0) this.forgetWords()
    if (ahead.left > 0) {
      this.at = this.from = ahead.take(request, this.mem)
      return true
    }
    while (this.error === null) {
      if (this.wordsLeft === 0) {
        this.from = this.at
        if (this.at >= this.end) return false
        request.release()
        if (!(this.mem.u8[this.at] === STAR ? this.beginMultibulk() : this.inline())) return false
        if (this.wordsLeft === 0 && request.count === 0) continue
      }
      if (!this.words()) return false
      this.from = this.at
      return true
    }
    return false
  }

  /** Keeps what is left for the next feed: the shared memory belongs to others until then. */
  park(): void {
    this.ahead.drop()
    const length = this.error === null ? this.end - this.from : 0
    if (this.bulk.hasWords && (length === 0 || this.wordsLeft === 0)) this.forgetWords()
    if (length === 0) {
      this.tailLength = 0
      this.open(EMPTY, 0, 0, 0)
      if (this.own.length > OWN_KEPT) {
        this.request.forget()
        this.own = EMPTY
      } else {
        this.request.release()
      }
      return
    }
    this.moveTail(length)
    this.tailLength = length
    this.end = this.from + length
    this.begin = this.at
    if (length > this.peak) this.peak = length
  }

  /** Points the window at [start, end) of `mem`; the first `tail` bytes are those parked before. */
  private open(mem: Mem, start: number, end: number, tail: number): void {
    if (tail > 0) {
      const shift = start - this.from
      if (shift !== 0 || mem !== this.mem) this.request.move(this.mem, mem, shift)
      this.at += shift
    } else {
      this.at = start
    }
    this.begin = start
    this.from = start
    this.mem = mem
    this.end = end
  }

  /** The request has run: nothing may hold the memory of its big words any longer. What came before them was short. */
  private forgetWords(): void {
    this.request.forget()
    this.bulk.release()
    if (this.mem !== this.own || this.from === this.end) this.own = EMPTY
  }

  private moveTail(length: number): void {
    if (this.mem === this.own && this.from === 0) return
    if (this.mem !== this.own && this.own.length < length) {
      this.own = new Mem(new ArrayBuffer(powerOfTwo(length)))
    }
    copyBytes(this.own, 0, this.mem, this.from, length)
    this.open(this.own, 0, length, length)
  }

  private grow(bytes: number): void {
    if (this.own.length < bytes) this.moveOwn(powerOfTwo(bytes))
  }

  private moveOwn(bytes: number): void {
    const other = new Mem(new ArrayBuffer(bytes))
    copyBytes(other, 0, this.own, 0, this.tailLength)
    this.open(other, 0, this.tailLength, this.tailLength)
    this.begin = this.at
    this.replaceOwn(other)
  }

  private replaceOwn(other: Mem): void {
    const former = this.own
    this.own = other
    this.request.letGo(former)
  }

  private beginMultibulk(): boolean {
    const end = this.lineEnd(this.at, 'too big mbulk count string')
    if (end < 0) return false
    const count = this.readLength(this.at + 1, end)
    if (Number.isNaN(count) || count > MULTIBULK_MAX) return this.fail('invalid multibulk length')
    if (count > UNAUTHENTICATED_MULTIBULK_MAX && !this.limits().authenticated) {
      return this.fail('unauthenticated multibulk length')
    }
    this.at = end + 2
    this.wordsLeft = Math.max(count, 0)
    this.bulkLength = -1
    return true
  }

  private words(): boolean {
    if (this.bulk.isUnderWay && !this.endBulk()) return false
    const { request, mem, end } = this
    while (this.wordsLeft > 0) {
      if (this.bulkLength < 0 && !this.bulkHeader()) return false
      const start = this.at
      const after = start + this.bulkLength + 2
      if (after > end) {
        if (this.bulkLength >= BIG_BULK_MIN) this.beginBulk()
        return false
      }
      // The two bytes behind a bulk are skipped unread, as Redis does.
      request.push(mem, start, this.bulkLength)
      this.at = after
      this.bulkLength = -1
      this.wordsLeft--
    }
    return true
  }

  /** The window ends with the header from now on. */
  private beginBulk(): void {
    const { at, end, mem, bulk } = this
    bulk.begin(this.bulkLength)
    bulk.add(mem, at, end - at)
    this.end = at
  }

  /** The big bulk is a word when all of it is there. */
  private endBulk(): boolean {
    if (!this.bulk.isComplete) return false
    this.bulk.giveTo(this.request)
    this.bulkLength = -1
    this.wordsLeft--
    return true
  }

  private bulkHeader(): boolean {
    const u8 = this.mem.u8
    const at = this.at
    // Nine headers in ten are "$d\r\n" or "$dd\r\n".
    if (u8[at] === DOLLAR && at + 4 < this.end) {
      const first = u8[at + 1] - 48
      if (first >= 0 && first <= 9) {
        if (u8[at + 2] === CR) {
          this.at = at + 4
          this.bulkLength = first
          return true
        }
        const second = u8[at + 2] - 48
        if (u8[at + 3] === CR && first > 0 && second >= 0 && second <= 9) {
          this.at = at + 5
          this.bulkLength = first * 10 + second
          return this.at <= this.end
        }
      }
    }
    return this.anyBulkHeader()
  }

  private anyBulkHeader(): boolean {
    const end = this.lineEnd(this.at, 'too big bulk count string')
    if (end < 0) return false
    const first = this.mem.u8[this.at]
    if (first !== DOLLAR) return this.fail(`expected '$', got '${printable(first)}'`)
    const length = this.readLength(this.at + 1, end)
    if (Number.isNaN(length) || length < 0 || length > this.limits().maxBulk)
      return this.fail('invalid bulk length')
    if (length > UNAUTHENTICATED_BULK_MAX && !this.limits().authenticated) {
      return this.fail('unauthenticated bulk length')
    }
    this.at = end + 2
    this.bulkLength = length
    return true
  }

  /** The position of the CR that ends the line at `at`, or -1: not here yet, or too long. */
  private lineEnd(at: number, tooLong: string): number {
    const u8 = this.mem.u8
    const end = this.end
    let i = at
    while (i < end && u8[i] !== CR) i++
    if (i >= end && end - at > INLINE_MAX) this.fail(tooLong)
    return i + 1 < end ? i : -1
  }

  /** A strict integer; NaN for anything else, and for what no int64 holds. Beyond 2^53 it is about right. */
  private readLength(at: number, end: number): number {
    const value = parseIntegerAt(this.mem.u8, at, end - at)
    if (!Number.isNaN(value)) return value
    const wide = parseInt64(new Span(this.mem, at, end - at))
    return wide === null ? NaN : Number(wide)
  }

  /** A line of plain words, as typed by hand. */
  private inline(): boolean {
    const u8 = this.mem.u8
    const end = u8.indexOf(LF, this.at)
    if (end < 0 || end >= this.end) {
      if (this.end - this.at > INLINE_MAX) this.fail('too big inline request')
      return false
    }
    if (end - this.at > INLINE_MAX) return this.fail('too big inline request')
    const stop = end > this.at && u8[end - 1] === CR ? end - 1 : end
    const words = splitWords(u8.latin1Slice(this.at, stop))
    if (words === null) return this.fail('unbalanced quotes in request')
    this.at = end + 1
    for (const word of words) {
      const mem = Mem.copyOf(Buffer.from(word, 'latin1'))
      this.request.push(mem, 0, word.length)
    }
    return true
  }

  private fail(what: string): false {
    this.error = protocolError(what)
    return false
  }
}

function powerOfTwo(n: number): number {
  let size = 64
  while (size < n) size *= 2
  return size
}

function printable(byte: number): string {
  return byte === CR || byte === LF ? ' ' : String.fromCharCode(byte)
}
