/**
 * Integers as Redis reads and writes them.
 *
 * A *strict* integer is the one text that printing the number would give back: an optional minus and digits
 * without leading zeros. `+1`, `01`, `-0`, ` 1` and the empty text are not integers. Strictness is what lets a
 * string be stored as a number and read back byte for byte.
 *
 * Two widths. The hot path speaks JS safe integers and says NaN for everything else; the caller that must know
 * the whole of int64 asks `parseInt64` when it meets NaN. Cursors of SCAN are unsigned and are read loosely, by
 * the rules of C's strtoull.
 */
import type { Span } from './bytes.js'

const MINUS = 45
const ZERO = 48

/** '-' and the 16 digits of 2^53 - 1. */
const SAFE_TEXT_MAX = 17
/** '-' and the 19 digits of 2^63. */
const INT64_TEXT_MAX = 20

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
const UINT64_MAX = 2n ** 64n - 1n

/** The strict integer the span holds, or NaN when it holds none within +-(2^53 - 1). */
export function parseInteger(span: Span): number {
  return parseIntegerAt(span.mem.u8, span.start, span.length)
}

/** `parseInteger` for a run of bytes that is no span. */
export function parseIntegerAt(u8: Uint8Array, start: number, length: number): number {
  if (length === 0 || length > SAFE_TEXT_MAX) return NaN
  const negative = u8[start] === MINUS
  const end = start + length
  let i = negative ? start + 1 : start
  const first = u8[i++] - ZERO
  if (first < 1 || first > 9 || i > end) return first === 0 && length === 1 && !negative ? 0 : NaN
  let value = first
  while (i < end) {
    const digit = u8[i++] - ZERO
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  if (value > Number.MAX_SAFE_INTEGER) return NaN
  return negative ? -value : value
}

/** The strict integer the span holds, or null when it holds none within int64. */
export function parseInt64(span: Span): bigint | null {
  const value = parseInteger(span)
  if (!Number.isNaN(value)) return BigInt(value)
  if (span.length > INT64_TEXT_MAX) return null
  const text = span.latin1()
  if (!/^-?[1-9][0-9]*$/.test(text)) return null
  const wide = BigInt(text)
  return wide < INT64_MIN || wide > INT64_MAX ? null : wide
}

/**
 * The unsigned integer of a span by strtoull's rules: a sign and leading zeros are welcome, and a negative number
 * counts back from 2^64, so that `-1` is the largest cursor. The empty text is 0. Null for anything else, overflow
 * included.
 */
export function parseUint64(span: Span): bigint | null {
  const value = span.length === 0 ? 0 : parseInteger(span)
  if (value >= 0) return BigInt(value)
  const match = /^([+-]?)0*([0-9]{1,20})$/.exec(span.latin1())
  if (match === null) return null
  const size = BigInt(match[2])
  if (size > UINT64_MAX) return null
  return match[1] === '-' ? BigInt.asUintN(64, -size) : size
}

/** The low part of a number too wide for int32 arithmetic. A safe integer divided by it is below 2^27. */
const LOW_PART = 1e8
const LOW_DIGITS = 8

/** Writes the decimal digits of a safe integer at `at` and returns the position behind them. */
export function writeInteger(n: number, u8: Uint8Array, at: number): number {
  if (n < 0) {
    u8[at++] = MINUS
    n = -n
  }
  if (n < 10) {
    u8[at] = ZERO + n
    return at + 1
  }
  if (n <= 0x7fffffff) return writeDigits(n, u8, at, digitCount(n))
  // The quotient never rounds up to the next integer: it has 26 bits to hold a fraction of at most 1 - 1e-8.
  const high = Math.floor(n / LOW_PART)
  const middle = writeDigits(high, u8, at, digitCount(high))
  return writeDigits(n - high * LOW_PART, u8, middle, LOW_DIGITS)
}

/** How many bytes `writeInteger` writes. */
export function integerLength(n: number): number {
  const sign = n < 0 ? 1 : 0
  const size = n < 0 ? -n : n
  if (size <= 0x7fffffff) return sign + digitCount(size)
  return sign + LOW_DIGITS + digitCount(Math.floor(size / LOW_PART))
}

/** Writes exactly `count` digits of an int32, zeros in front where it has fewer. */
function writeDigits(n: number, u8: Uint8Array, at: number, count: number): number {
  let rest = n | 0
  for (let i = at + count - 1; i >= at; i--) {
    const quotient = (rest / 10) | 0
    u8[i] = ZERO + rest - quotient * 10
    rest = quotient
  }
  return at + count
}

function digitCount(n: number): number {
  if (n < 10000) return n < 100 ? (n < 10 ? 1 : 2) : n < 1000 ? 3 : 4
  if (n < 1e8) return n < 1e6 ? (n < 1e5 ? 5 : 6) : n < 1e7 ? 7 : 8
  return n < 1e9 ? 9 : 10
}
