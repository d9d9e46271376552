/**
 * The grammar of numbers that C's strtod reads, less what Redis refuses: white space in front, and any spelling
 * of nan.
 */

/** What a text says, exactly: significand * base^exponent, or infinity. */
export interface FloatText {
  readonly negative: boolean
  readonly infinite: boolean
  readonly significand: bigint
  readonly base: 2 | 10
  readonly exponent: number
}

/** Redis copies a float into a buffer of this size before it reads it; longer texts are not numbers. */
export const FLOAT_TEXT_MAX = 5 * 1024 - 1

const DECIMAL = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:e([+-]?[0-9]+))?$/i
const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?[0-9]+))?$/i
const INFINITE = /^([+-]?)inf(?:inity)?$/i

export function readFloat(text: string): FloatText | null {
  if (text.length > FLOAT_TEXT_MAX) return null
  const decimal = DECIMAL.exec(text)
  if (decimal !== null) return finite(decimal, '', 10, 1)
  const infinite = INFINITE.exec(text)
  if (infinite !== null) {
    return { negative: infinite[1] === '-', infinite: true, significand: 0n, base: 2, exponent: 0 }
  }
  const hexadecimal = HEXADECIMAL.exec(text)
  return hexadecimal === null ? null : finite(hexadecimal, '0x', 2, 4)
}

/** Each digit behind the point lowers the exponent by `places`. */
function finite(match: RegExpExecArray, prefix: string, base: 2 | 10, places: number): FloatText | null {
  const [, sign, whole, fraction = '', power = '0'] = match
  if (whole.length + fraction.length === 0) return null
  return {
    negative: sign === '-',
    infinite: false,
    significand: BigInt(prefix + whole + fraction),
    base,
    exponent: Number(power) - fraction.length * places,
  }
}
