/**
 * The arithmetic of INCRBYFLOAT and HINCRBYFLOAT.
 *
 * Redis adds these in C's `long double`, on x86 the 80-bit format with a mantissa of 64 bits, and prints 17
 * decimals, trailing zeros cut. That is why `0.1 + 0.2` is `0.3` there and `0.30000000000000004` in doubles:
 * three more decimal digits hide the rounding error. JS has no such type, so the format is rebuilt here, bit for
 * bit, on binary-float.ts: parse rounds once, add rounds once, printing rounds once.
 *
 * Infinity can be parsed and added (the commands refuse the result); nan comes only from inf + -inf.
 */
import type { Binary } from './binary-float.js'
import { EXTENDED, fromDecimal, round, toFixed } from './binary-float.js'
import { readFloat } from './float-text.js'

/** +-(mantissa * 2^exponent). The exponent is Infinity for an infinite number and NaN for nan. */
export interface LongDouble extends Binary {
  readonly negative: boolean
}

const NOT_A_NUMBER: LongDouble = { negative: false, mantissa: 0n, exponent: NaN }

export const ZERO: LongDouble = { negative: false, mantissa: 0n, exponent: 0 }
export const ONE: LongDouble = { negative: false, mantissa: 1n, exponent: 0 }
/** The largest finite number, about 1.2e4932; negative, the smallest. */
export const LARGEST: LongDouble = { negative: false, mantissa: 2n ** 64n - 1n, exponent: 16384 - 64 }
export const SMALLEST: LongDouble = { ...LARGEST, negative: true }

/** Decimals printed: what Redis found to look unsurprising. */
const HUMAN_DECIMALS = 17

/** The nearest long double; null when the text is no number, overflows, or underflows to zero. */
export function parseLongDouble(text: string): LongDouble | null {
  const said = readFloat(text)
  if (said === null) return null
  const { negative, significand, exponent } = said
  if (said.infinite) return { negative, mantissa: 1n, exponent: Infinity }
  const nearest =
    said.base === 10 ? fromDecimal(significand, exponent, EXTENDED) : round(significand, exponent, EXTENDED)
  if (nearest.exponent === Infinity || (nearest.mantissa === 0n && significand !== 0n)) return null
  return { negative, mantissa: nearest.mantissa, exponent: nearest.exponent }
}

/** The sum, rounded to the nearest long double, the even one of two. */
export function add(a: LongDouble, b: LongDouble): LongDouble {
  if (!isFinite(a) || !isFinite(b)) return addSpecial(a, b)
  const exponent = Math.min(a.exponent, b.exponent)
  const sum = aligned(a, exponent) + aligned(b, exponent)
  const negative = sum < 0n
  return { negative, ...round(negative ? -sum : sum, exponent, EXTENDED) }
}

function aligned(x: LongDouble, exponent: number): bigint {
  const size = x.mantissa << BigInt(x.exponent - exponent)
  return x.negative ? -size : size
}

export function subtract(a: LongDouble, b: LongDouble): LongDouble {
  return add(a, { ...b, negative: !b.negative })
}

/** True when `a` is smaller than `b`; never with nan. */
export function isLess(a: LongDouble, b: LongDouble): boolean {
  if (!isFinite(a) || !isFinite(b)) return order(a) < order(b)
  const exponent = Math.min(a.exponent, b.exponent)
  return aligned(a, exponent) < aligned(b, exponent)
}

/** The place of the infinities, with all finite numbers at 0 between them. */
function order(x: LongDouble): number {
  if (isNaN(x)) return NaN
  if (!isInfinite(x)) return 0
  return x.negative ? -1 : 1
}

function addSpecial(a: LongDouble, b: LongDouble): LongDouble {
  if (isNaN(a) || isNaN(b)) return NOT_A_NUMBER
  if (!isInfinite(a)) return b
  return isInfinite(b) && a.negative !== b.negative ? NOT_A_NUMBER : a
}

/** The form the commands reply with: no exponent, 17 decimals at most, no trailing zeros, no minus on zero. */
export function toHuman(x: LongDouble): string {
  if (isNaN(x)) return 'nan'
  if (isInfinite(x)) return x.negative ? '-inf' : 'inf'
  const text = trimZeros(toFixed(x, HUMAN_DECIMALS))
  return x.negative && text !== '0' ? '-' + text : text
}

function trimZeros(text: string): string {
  let end = text.length
  while (text[end - 1] === '0') end--
  if (text[end - 1] === '.') end--
  return text.slice(0, end)
}

export function isNaN(x: LongDouble): boolean {
  return Number.isNaN(x.exponent)
}

export function isInfinite(x: LongDouble): boolean {
  return x.exponent === Infinity
}

export function isFinite(x: LongDouble): boolean {
  return Number.isFinite(x.exponent)
}
