/**
 * What listpacks and intsets store: a run of bytes, and its integer when the bytes spell one.
 *
 * Both encodings keep `12345` as a number and give it back as the text `12345`, so whoever stores an element has
 * to know whether its bytes are the one text of an int64, and whoever reads a number may have to print it. An
 * `Element` does either once, and remembers, so that looking a member up, measuring it and storing it parse it
 * one time. It is made once and aimed again and again: nothing is allocated per element.
 *
 * An int64 does not fit a JS number, and a BigInt is garbage for every snowflake id that passes. So an integer
 * is two int32 words, `high` and `low`, in two's complement. That suits the encodings: the size an integer needs
 * is a question about its words, and copying them out is what is written.
 */

import { Mem, Span } from '../lib/bytes.js'
import { parseIntegerAt, writeInteger } from '../lib/integer.js'

const WORD = 2 ** 32
const MINUS = 45
const ZERO = 48
const NINE = 57

/** '-' and 19 digits. */
const INT64_TEXT_MAX = 20
/** An integer beyond 2^53 has at least 16 digits. */
const WIDE_TEXT_MIN = 16

const NOTHING = new Mem(new ArrayBuffer(0))

export class Element {
  /** True when the bytes are the decimal text of an int64, written the only way that counts: see integer.ts. */
  isInteger = false
  /** The upper word of the integer, signed. */
  high = 0
  /** The lower word of the integer, its 32 bits as an int32. */
  low = 0
  private readonly bytes = new Span(NOTHING, 0, 0)
  private readonly digits = Mem.ofSize(INT64_TEXT_MAX + 4)
  private printed = true

  /** The bytes of `span`, which have to stay where they are while the element is used. */
  set(span: Span): this {
    this.setBytes(span.mem, span.start, span.length)
    this.bytes.hash = span.hash
    return this
  }

  setBytes(mem: Mem, start: number, length: number): this {
    this.setText(mem, start, length)
    if (mem.u8[start] > NINE) return this
    const value = parseIntegerAt(mem.u8, start, length)
    if (!Number.isNaN(value)) this.setWords(Math.floor(value / WORD) | 0, value | 0)
    else if (length >= WIDE_TEXT_MIN && length <= INT64_TEXT_MAX) this.parseWide(mem.u8, start, length)
    this.printed = true
    return this
  }

  /** A safe integer. */
  setNumber(value: number): this {
    return this.setInteger(Math.floor(value / WORD) | 0, value | 0)
  }

  setInteger(high: number, low: number): this {
    this.setWords(high, low)
    this.printed = false
    return this
  }

  /** Bytes that are taken as text even if they spell an integer. */
  setText(mem: Mem, start: number, length: number): this {
    this.bytes.set(mem, start, length)
    this.isInteger = false
    this.printed = true
    return this
  }

  /** The bytes of the element, printed if need be; valid until the element is set again. */
  span(): Span {
    if (!this.printed) this.print()
    return this.bytes
  }

  /** The nearest number to the integer: itself up to 2^53. */
  number(): number {
    return this.high * WORD + (this.low >>> 0)
  }

  /** True when both are the same bytes. */
  equals(other: Element): boolean {
    return this.isInteger && other.isInteger
      ? this.low === other.low && this.high === other.high
      : this.span().equals(other.span())
  }

  private setWords(high: number, low: number): void {
    this.isInteger = true
    this.high = high
    this.low = low
  }

  /**
   * 16 to 19 digits. The number is `top * 10^9 + bottom` with the digits cut at the ninth from the right; `top`
   * is split once more, at 16 bits, so that every product is exact.
   */
  private parseWide(u8: Uint8Array, start: number, length: number): void {
    const negative = u8[start] === MINUS
    const first = negative ? start + 1 : start
    const cut = start + length - 9
    const top = digitsBetween(u8, first, cut)
    const bottom = digitsBetween(u8, cut, cut + 9)
    if (u8[first] === ZERO || Number.isNaN(top + bottom)) return
    const upper = Math.floor(top / 65536) * 1e9
    const middle = (upper % 65536) * 65536 + (top % 65536) * 1e9 + bottom
    const high = Math.floor(upper / 65536) + Math.floor(middle / WORD)
    this.setMagnitude(negative, high, middle | 0)
  }

  private setMagnitude(negative: boolean, high: number, low: number): void {
    const limit = 2 ** 31
    if (negative && (high < limit || (high === limit && low === 0))) {
      this.setWords((low === 0 ? -high : ~high) | 0, -low | 0)
    } else if (!negative && high < limit) {
      this.setWords(high, low)
    }
  }

  private print(): void {
    const value = this.number()
    const u8 = this.digits.u8
    const end = Number.isSafeInteger(value) ? writeInteger(value, u8, 0) : printWide(this.high, this.low, u8)
    this.bytes.set(this.digits, 0, end)
    this.printed = true
  }
}

/** The number that these digits spell, or NaN when one of them is none. At most 15 of them. */
function digitsBetween(u8: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = u8[i] - ZERO
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}

/** Long division by 10^9, 16 bits at a time, of an integer beyond 2^53. */
function printWide(high: number, low: number, u8: Uint8Array): number {
  const negative = high < 0
  if (negative) {
    high = low === 0 ? -high : ~high
    low = -low
  }
  low >>>= 0
  const afterHigh = (high % 1e9) * 65536 + (low >>> 16)
  const afterMiddle = (afterHigh % 1e9) * 65536 + (low & 65535)
  const top =
    Math.floor(high / 1e9) * WORD + Math.floor(afterHigh / 1e9) * 65536 + Math.floor(afterMiddle / 1e9)
  const cut = writeInteger(negative ? -top : top, u8, 0)
  return writePadded(afterMiddle % 1e9, u8, cut)
}

function writePadded(nineDigits: number, u8: Uint8Array, at: number): number {
  for (let i = at + 8; i >= at; i--) {
    u8[i] = ZERO + (nineDigits % 10)
    nineDigits = Math.floor(nineDigits / 10)
  }
  return at + 9
}
