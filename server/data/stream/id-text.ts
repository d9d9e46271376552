/**
 * Ids as clients write them: `ms-seq`, or `ms` alone, or `ms-*` for a sequence number that is to be found.
 *
 * Numbers are read by C's strtoull, as Redis does: leading zeros, blanks and a plus are welcome, and a negative
 * number with a leading zero counts back from 2^64.
 */

import type { Span } from '../../lib/bytes.js'
import type { StreamId } from './stream-id.js'

const DASH = 45
const STAR = 42
const TEXT_MAX = 127
/** So many digits are a number that is exact. */
const SAFE_DIGITS = 15
const WORD = 2 ** 32

export type IdForm = 'invalid' | 'whole' | 'ms' | 'ms-*'

/** Reads an id; what the text leaves open is 0. */
export function parseId(text: Span, into: StreamId): IdForm {
  const { start, length } = text
  if (length > TEXT_MAX) return 'invalid'
  const { u8 } = text.mem
  const end = start + length
  let dash = start
  while (dash < end && u8[dash] !== DASH) dash++
  into.setLeast()
  if (!parseHalf(u8, start, dash, into, true)) return 'invalid'
  if (dash === end) return 'ms'
  if (dash + 2 === end && u8[dash + 1] === STAR) return 'ms-*'
  return parseHalf(u8, dash + 1, end, into, false) ? 'whole' : 'invalid'
}

function parseHalf(u8: Buffer, start: number, end: number, into: StreamId, isMs: boolean): boolean {
  const value = end - start <= SAFE_DIGITS ? digits(u8, start, end) : NaN
  if (value >= 0) {
    setHalf(into, isMs, Math.floor(value / WORD) | 0, value | 0)
    return true
  }
  const wide = parseLoosely(u8.latin1Slice(start, end))
  if (wide === null) return false
  setHalf(into, isMs, Number(wide >> 32n) | 0, Number(wide & 0xffffffffn) | 0)
  return true
}

function setHalf(id: StreamId, isMs: boolean, high: number, low: number): void {
  if (isMs) id.setWords(high, low, id.seqHigh, id.seqLow)
  else id.setWords(id.msHigh, id.msLow, high, low)
}

function digits(u8: Buffer, start: number, end: number): number {
  if (start === end) return NaN
  let value = 0
  for (let i = start; i < end; i++) {
    const digit = u8[i] - 48
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}

function parseLoosely(text: string): bigint | null {
  const match = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)$/.exec(text)
  if (match === null || /^-[1-9]/.test(text)) return null
  const size = BigInt(match[2])
  if (size >= 2n ** 64n) return null
  return match[1] === '-' ? BigInt.asUintN(64, -size) : size
}
