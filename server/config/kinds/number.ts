import { parseMemorySize } from '../../lib/memory-size.js'
import { oneWord, Refusal, type Kind } from '../kind.js'

/**
 * Numbers. Redis keeps them in C integers of up to 64 bits and names those limits in its errors, so a limit may
 * be a bigint here. The value itself is a plain number for the sake of the hot path and saturates at 2^53-1: as
 * a size that is 9 PB, as a time in microseconds 285 years.
 */
export type Limit = number | bigint

export const INT_MIN = -2147483648
export const INT_MAX = 2147483647
export const UINT_MAX = 4294967295
export const LONG_MAX = 9223372036854775807n
export const ULONG_MAX = 18446744073709551615n

const NOT_AN_INTEGER = new Refusal("argument couldn't be parsed into an integer")
const NOT_OCTAL = new Refusal("argument couldn't be parsed as an octal number")
const NOT_MEMORY = new Refusal('argument must be a memory value')
const NOT_MEMORY_OR_PERCENT = new Refusal('argument must be a memory or percent value')
const OVER_A_HUNDRED = new Refusal('percentage argument must be less or equal to 100')

/** A decimal integer between two limits, both included. */
export function integer(min: Limit, max: Limit): Kind<number> {
  return oneWord(`${min} .. ${max}`, word => readDecimal(word, min, max), String)
}

/** The ranges that most directives share: as wide as C's int and long, and what a TCP port can be. */
export const count = integer(0, INT_MAX)
export const longCount = integer(0, LONG_MAX)
export const anyInteger = integer(INT_MIN, INT_MAX)
export const port = integer(0, 65535)

/** An integer that may be asked for up to `INT_MAX` but is quietly held within narrower limits. */
export function heldInteger(low: number, high: number): Kind<number> {
  const read = (word: string) => {
    const value = readDecimal(word, 0, INT_MAX)
    return value instanceof Refusal ? value : Math.min(Math.max(value, low), high)
  }
  return oneWord(`${low} .. ${high}`, read, String)
}

/** File permissions, written as in chmod. */
export function octal(max: number): Kind<number> {
  const print = (value: number) => value.toString(8)
  const read = (word: string) => {
    if (!/^[0-7]+$/.test(word)) return NOT_OCTAL
    return within(parseInt(word, 8), 0, max, value => value.toString(8))
  }
  return oneWord(`0 .. ${print(max)} (octal)`, read, print)
}

/** A number of bytes: `1k` is 1000, `1kb` is 1024, and so on for m and g. */
export function memory(min: Limit, max: Limit): Kind<number> {
  return oneWord('a size such as 64mb', word => readMemory(word, min, max), String, inUnits)
}

/** A number of bytes that may be asked for from 1 on but is quietly held at `low` and more. */
export function heldMemory(low: number): Kind<number> {
  const read = (word: string) => {
    const bytes = readMemory(word, 1, LONG_MAX)
    return bytes instanceof Refusal ? bytes : Math.max(bytes, low)
  }
  return oneWord('a size such as 64mb', read, String, inUnits)
}

/** Any number of bytes. */
export const size = memory(0, LONG_MAX)

/** A number of bytes or a part of another size. */
export type Share = { readonly bytes: number } | { readonly percent: number }

/** A size in bytes, or a percentage of something the directive names. */
export function memoryOrPercent(): Kind<Share> {
  const print = (share: Share) => ('bytes' in share ? String(share.bytes) : `${share.percent}%`)
  const line = (share: Share) => ('bytes' in share ? inUnits(share.bytes) : print(share))
  return oneWord('a size such as 64mb, or a percentage', readShare, print, line)
}

function readMemory(word: string, min: Limit, max: Limit): number | Refusal {
  const bytes = parseMemorySize(word)
  return Number.isNaN(bytes) ? NOT_MEMORY : within(bytes, min, max)
}

function readShare(word: string): Share | Refusal {
  const bytes = parseMemorySize(word)
  if (!Number.isNaN(bytes)) {
    const value = within(bytes, -100, LONG_MAX)
    return value instanceof Refusal ? value : { bytes: value }
  }
  if (!/^(0|[1-9]\d*)%$/.test(word)) return NOT_MEMORY_OR_PERCENT
  const percent = Number(word.slice(0, -1))
  if (percent > 100) return OVER_A_HUNDRED
  return percent === 0 ? { bytes: 0 } : { percent }
}

/** Bytes in the largest binary unit that divides them. */
export function inUnits(bytes: number): string {
  const [unit, size] =
    [['gb', 1024 ** 3] as const, ['mb', 1024 ** 2] as const, ['kb', 1024] as const].find(
      ([, size]) => bytes > 0 && bytes % size === 0,
    ) ?? (['', 1] as const)
  return `${bytes / size}${unit}`
}

/** The number, held to what a plain number counts exactly: see the head of this file. */
export function saturated(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER)
}

function readDecimal(word: string, min: Limit, max: Limit): number | Refusal {
  if (!/^(0|-?[1-9]\d*)$/.test(word)) return NOT_AN_INTEGER
  const fits = BigInt.asIntN(64, BigInt(word)) === BigInt(word)
  return fits ? within(Number(word), min, max) : NOT_AN_INTEGER
}

function within(
  value: number,
  min: Limit,
  max: Limit,
  print: (limit: Limit) => string = String,
): number | Refusal {
  if (value >= Number(min) && value <= Number(max)) return saturated(value)
  return new Refusal(`argument must be between ${print(min)} and ${print(max)} inclusive`)
}
