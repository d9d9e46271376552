/**
 * Doubles as Redis reads and prints them.
 *
 * Reading follows strtod: decimal and hexadecimal floats, `inf` and `infinity` in any case; no nan, no white
 * space, nothing that overflows or that underflows to zero. NaN therefore means "not a number" without ambiguity.
 *
 * Printing follows Redis 7.2 and later: the shortest digits that read back as the same double. The digits are
 * V8's; the *layout* is Redis' own and differs from JS on both sides:
 *
 * | value                | JS                   | Redis                 | because                                |
 * |----------------------|----------------------|-----------------------|----------------------------------------|
 * | 2^60                 | 1152921504606847000  | 1152921504606846976   | integers up to 2^62 print exactly      |
 * | 1e19                 | 10000000000000000000 | 1e+19                 | 8 or more zeros would follow the digits|
 * | 12345.678901234567   | 12345.678901234567   | 1.2345678901234567e+4 | 7 or more decimals, and not within     |
 * |                      |                      |                       | 0.001 ... 10000                        |
 * | 0.0000015            | 0.0000015            | 1.5e-6                | the same                               |
 *
 * One difference is left on purpose: Redis' digit generator (Grisu2) misses the shortest or the nearest digits of
 * about one double in 300 (measured: 1,412 of 398,790), always long ones; its text then has a digit more or another
 * last digit. Ours is always the shortest and nearest, and reads back as the same double, as theirs does.
 */
import type { Span } from './bytes.js'
import { DOUBLE, fromNumber, placePoint, round, toFixed, toNumber } from './binary-float.js'
import { FLOAT_TEXT_MAX, readFloat } from './float-text.js'
import { writeInteger } from './integer.js'

const MINUS = 45
const POINT = 46
const ZERO = 48

/** The double the span holds, or NaN when it holds none. */
export function parseDouble(span: Span): number {
  const plain = parsePlainDecimal(span)
  if (!Number.isNaN(plain)) return plain
  return span.length > FLOAT_TEXT_MAX ? NaN : parseDoubleText(span.latin1())
}

/** The double the text holds, or NaN when it holds none. */
export function parseDoubleText(text: string): number {
  const said = readFloat(text)
  if (said === null) return NaN
  if (said.infinite) return said.negative ? -Infinity : Infinity
  const value =
    said.base === 10 ? Math.abs(Number(text)) : toNumber(round(said.significand, said.exponent, DOUBLE))
  if (value === Infinity || (value === 0 && said.significand !== 0n)) return NaN
  return said.negative ? -value : value
}

/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))

/** Digits whose integer is below 2^53 whatever they are. */
const EXACT_DIGITS_MAX = 15

/**
 * Most scores are `17` or `3.25`: few digits and perhaps a point. Digits and power of ten are then exact doubles,
 * and one IEEE division rounds correctly (Clinger 1990). NaN for every other text, valid or not.
 */
function parsePlainDecimal(span: Span): number {
  const u8 = span.mem.u8
  const negative = span.length > 0 && u8[span.start] === MINUS
  const end = span.start + span.length
  const first = negative ? span.start + 1 : span.start
  if (end - first > EXACT_DIGITS_MAX + 1) return NaN
  let digits = 0
  let point = -1
  for (let i = first; i < end; i++) {
    const digit = u8[i] - ZERO
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit
    else if (u8[i] === POINT && point < 0) point = i
    else return NaN
  }
  const count = point < 0 ? end - first : end - first - 1
  if (count === 0 || count > EXACT_DIGITS_MAX) return NaN
  const value = point < 0 ? digits : digits / EXACT_POWERS[end - point - 1]
  return negative ? -value : value
}

/** The double in Redis' shortest form. */
export function formatDouble(value: number): string {
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value)
  if (!Number.isFinite(value)) return formatSpecial(value)
  return Math.abs(value) >= 2 ** 53 ? formatHuge(value) : formatFraction(value)
}

/** Writes what `formatDouble` gives at `at` and returns the position behind it. */
export function writeDouble(value: number, u8: Buffer, at: number): number {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return writeInteger(value, u8, at)
  return at + u8.write(formatDouble(value), at, 'latin1')
}

function formatSpecial(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  return value > 0 ? 'inf' : '-inf'
}

function formatFraction(value: number): string {
  const size = Math.abs(value)
  const text = String(value)
  const decimals = text.length - 1 - text.indexOf('.')
  const plain = (size >= 0.001 && size < 10000) || (decimals < 7 && size >= 1e-6)
  return plain ? text : value.toExponential()
}

/** From 2^53 on every double is an integer. */
function formatHuge(value: number): string {
  if (Math.abs(value) <= 2 ** 62) return BigInt(value).toString()
  const text = value.toExponential()
  const [, sign, first, rest = '', power] = /^(-?)([0-9])(?:\.([0-9]+))?e\+([0-9]+)$/.exec(text) ?? []
  const zeros = Number(power) - rest.length
  return zeros < 8 ? sign + first + rest + '0'.repeat(zeros) : text
}

/** Digits by which every double can be told from all others. */
const TELLING_DIGITS = 17

/** C's `%.17g`: exact, ties to even. */
export function formatGeneral(value: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const [digits, power] = toTellingDigits(Math.abs(value)).split('e')
  const exponent = Number(power)
  const bare = digits.replace('.', '').replace(/0+$/, '') || '0'
  if (exponent < -4 || exponent >= TELLING_DIGITS) {
    const rest = bare.length > 1 ? `.${bare.slice(1)}` : ''
    return `${sign}${bare[0]}${rest}e${exponent < 0 ? '-' : '+'}${`${Math.abs(exponent)}`.padStart(2, '0')}`
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${bare}`
  const whole = bare.padEnd(exponent + 1, '0')
  const decimals = whole.slice(exponent + 1)
  return sign + whole.slice(0, exponent + 1) + (decimals === '' ? '' : `.${decimals}`)
}

/** As JS prints them, but for a number right between two: JS takes the larger, C the even one. */
function toTellingDigits(size: number): string {
  const near = size.toExponential(TELLING_DIGITS - 1)
  const exact = size.toExponential(TELLING_DIGITS)
  const isTie =
    /[02468]5e/.test(exact) && new RegExp(`^${exact.split('e')[0]}0*e`).test(size.toExponential(60))
  return isTie ? exact.replace('5e', 'e') : near
}

/** C's `%.<decimals>f`: exact, ties to even. */
export function formatFixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatSpecial(value)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + toFixed(fromNumber(value), decimals)
}

/**
 * The distance format of GEODIST and GEOSEARCH WITHDIST: the value is multiplied as a double and then rounded to
 * an integer, ties to even, which now and then differs from `formatFixed` in the last digit. Zero has no sign.
 */
export function formatScaled(value: number, decimals: number): string {
  const units = roundToEven(value * EXACT_POWERS[decimals])
  const sign = units < 0 ? '-' : ''
  return sign + placePoint(BigInt(Math.abs(units)), decimals)
}

function roundToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1
  return rest < 0.5 ? floor : floor + 1
}
