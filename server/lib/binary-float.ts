/**
 * Exact arithmetic on binary floating point numbers, for what a JS number cannot do.
 *
 * A JS number is an IEEE double, and V8 reads and prints it well; but Redis also reads hexadecimal floats, prints
 * `%.17g` and `%.4f` as C does, and adds in the 80-bit format of x86. All of that is the same little task: a
 * number is `mantissa * 2^exponent` with an integer mantissa of any size, and the one operation that loses
 * anything is `round`, which fits the mantissa into a format. Everything before it is exact (BigInt), so there is
 * never a second rounding. Ties go to the even neighbour, as the hardware and C's printf do; JS' own toFixed
 * and toPrecision round ties upwards, which is why they are not used.
 *
 * Not for hot paths: an operation costs about a microsecond.
 */

/** The size of a number, without its sign: mantissa * 2^exponent. An infinite one has the exponent Infinity. */
export interface Binary {
  readonly mantissa: bigint
  readonly exponent: number
}

/** A floating point format: how wide the mantissa, the place of its lowest possible bit, and the first power of
 *  two that is too large. */
export interface BinaryFormat {
  readonly bits: number
  readonly lowest: number
  readonly tooLarge: number
}

export const DOUBLE: BinaryFormat = { bits: 53, lowest: -1074, tooLarge: 1024 }

/** The 80-bit format of the x87 unit, which C on x86 calls `long double`. */
export const EXTENDED: BinaryFormat = { bits: 64, lowest: -16445, tooLarge: 16384 }

const INFINITE: Binary = { mantissa: 1n, exponent: Infinity }
const ZERO: Binary = { mantissa: 0n, exponent: 0 }

/** The powers of ten that nearly every number needs, ready made. */
const POWERS_OF_TEN = Array.from({ length: 40 }, (_, power) => 10n ** BigInt(power))

function powerOfTen(power: number): bigint {
  return POWERS_OF_TEN[power] ?? 10n ** BigInt(power)
}

function bitLength(n: bigint): number {
  const hex = n.toString(16)
  return (hex.length - 1) * 4 + (32 - Math.clz32(parseInt(hex[0], 16)))
}

/** The number of the format that is nearest, the even one of two. */
export function round(mantissa: bigint, exponent: number, format: BinaryFormat): Binary {
  if (mantissa === 0n) return ZERO
  const length = bitLength(mantissa)
  if (length + exponent > format.tooLarge) return INFINITE
  const excess = Math.max(length - format.bits, format.lowest - exponent)
  if (excess <= 0) return { mantissa, exponent }
  if (excess > length) return ZERO
  const rounded = { mantissa: shiftRightToEven(mantissa, excess), exponent: exponent + excess }
  return bitLength(rounded.mantissa) + rounded.exponent > format.tooLarge ? INFINITE : rounded
}

/** Divides by 2^places and rounds to the nearest integer, the even one of two. */
function shiftRightToEven(n: bigint, places: number): bigint {
  const shift = BigInt(places)
  const floor = n >> shift
  const rest = n - (floor << shift)
  const half = 1n << (shift - 1n)
  return rest > half || (rest === half && (floor & 1n) === 1n) ? floor + 1n : floor
}

/** The number of the format nearest to digits * 10^exponent. */
export function fromDecimal(digits: bigint, exponent: number, format: BinaryFormat): Binary {
  if (digits === 0n) return ZERO
  // Decided on the order of magnitude (log10(2) = 0.30103), for 10^exponent itself may not fit into memory.
  const magnitude = digits.toString().length + exponent
  if (magnitude > format.tooLarge * 0.302 + 2) return INFINITE
  if (magnitude < format.lowest * 0.302 - 2) return ZERO
  if (exponent >= 0) return round(digits * powerOfTen(exponent), 0, format)
  return divide(digits, powerOfTen(-exponent), format)
}

/**
 * The quotient gets two bits more than the format holds and, below them, one bit that says whether a remainder is
 * left: enough for `round` to tell a tie from a little more than a tie.
 */
function divide(dividend: bigint, divisor: bigint, format: BinaryFormat): Binary {
  const places = Math.max(0, format.bits + 2 + bitLength(divisor) - bitLength(dividend))
  const shifted = dividend << BigInt(places)
  const quotient = shifted / divisor
  const inexact = quotient * divisor === shifted ? 0n : 1n
  return round((quotient << 1n) | inexact, -places - 1, format)
}

/** Takes a finite double apart; the sign is left out. */
export function fromNumber(value: number): Binary {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0]
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  return biased === 0
    ? { mantissa: fraction, exponent: -1074 }
    : { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 }
}

/** Puts a double together; the number must have been rounded to it. */
export function toNumber(x: Binary): number {
  return x.exponent === Infinity ? Infinity : Number(x.mantissa) * 2 ** x.exponent
}

/** C's `%.<decimals>f` of a finite number. */
export function toFixed(x: Binary, decimals: number): string {
  return placePoint(scaled(x, decimals), decimals)
}

/** The text of units / 10^decimals, with exactly that many decimals. */
export function placePoint(units: bigint, decimals: number): string {
  const text = units.toString().padStart(decimals + 1, '0')
  if (decimals === 0) return text
  const point = text.length - decimals
  return `${text.slice(0, point)}.${text.slice(point)}`
}

/** x * 10^places as an integer, the nearest, the even one of two. */
function scaled(x: Binary, places: number): bigint {
  const product = x.mantissa * powerOfTen(places)
  return x.exponent >= 0 ? product << BigInt(x.exponent) : shiftRightToEven(product, -x.exponent)
}
