/**
 * BITFIELD: integers of any width from 1 to 64 bits, at any bit offset of a string.
 *
 * A field is read and written as at most two halves of up to 32 bits, which are exact as numbers. A sum of two
 * numbers that comes out as a safe integer is exact as well (had it been rounded, it would be 2^53 or more), so
 * only fields that really hold more than 53 bits go through BigInt. An `Int` is a number wherever that is
 * exact.
 */
import type { Mem, Span } from '../lib/bytes.js'
import { byteOf } from './bits.js'

export type Int = number | bigint

/** `i1`..`i64` (two's complement) and `u1`..`u63`. */
export interface FieldType {
  readonly signed: boolean
  readonly bits: number
}

/** What to do with a value that does not fit: drop the high bits, stop at the limit, or refuse. */
export type Overflow = 'wrap' | 'sat' | 'fail'

const HALF_BITS = 32
const HALF = 2 ** HALF_BITS
/** Of two, by exponent: a power that is not a constant takes as long as the rest of a field. */
const POWERS = Float64Array.from({ length: 65 }, (_, exponent) => 2 ** exponent)

/** The value of a field; bits beyond the end of the string are 0. */
export function readField(value: Span, offset: number, { signed, bits }: FieldType): Int {
  if (bits <= HALF_BITS) return withSign(readBits(value, offset, bits), signed, bits)
  const highBits = bits - HALF_BITS
  const high = withSign(readBits(value, offset, highBits), signed, highBits)
  const low = readBits(value, offset + highBits, HALF_BITS)
  const whole = high * HALF + low
  return Number.isSafeInteger(whole) ? whole : BigInt(high) * BigInt(HALF) + BigInt(low)
}

/** Writes a value that fits the type into the string at `start`, which must reach that far. */
export function writeField(mem: Mem, start: number, offset: number, { bits }: FieldType, value: Int): void {
  if (bits <= HALF_BITS) return writeBits(mem, start, offset, bits, lowHalf(value))
  const highBits = bits - HALF_BITS
  writeBits(mem, start, offset, highBits, highHalf(value))
  writeBits(mem, start, offset + highBits, HALF_BITS, lowHalf(value))
}

/**
 * SET: the int64 `value` as a field of this type can hold it, or null when it does not fit and may not be
 * bent. An unsigned type takes a negative value for the huge one with the same bits, so it saturates upwards.
 */
export function fitted(type: FieldType, value: Int, overflow: Overflow): Int | null {
  const huge = !type.signed && value < 0
  return fit(type, huge ? BigInt.asUintN(64, BigInt(value)) : value, overflow)
}

/** INCRBY: `before`, a value of this type, plus the int64 `by`; null when that does not fit. */
export function increased(type: FieldType, before: Int, by: Int, overflow: Overflow): Int | null {
  if (typeof before === 'number' && typeof by === 'number') {
    const sum = before + by
    if (Number.isSafeInteger(sum)) return fit(type, sum, overflow)
  }
  return fit(type, BigInt(before) + BigInt(by), overflow)
}

function fit(type: FieldType, value: Int, overflow: Overflow): Int | null {
  if (fits(type, value)) return typeof value === 'number' ? value : normal(value)
  if (overflow === 'fail') return null
  return overflow === 'sat' ? limit(type, value < 0) : wrapped(type, value)
}

/** For wide types the limits below are rounded, to powers of two beyond every safe integer. */
function fits(type: FieldType, value: Int): boolean {
  if (typeof value === 'bigint') return truncated(type, value) === value
  const magnitude = POWERS[magnitudeBits(type)]
  return value >= (type.signed ? -magnitude : 0) && value <= magnitude - 1
}

/** The smallest or the largest value of a type. */
function limit(type: FieldType, smallest: boolean): Int {
  const magnitude = 1n << BigInt(magnitudeBits(type))
  if (!smallest) return normal(magnitude - 1n)
  return type.signed ? normal(-magnitude) : 0
}

function magnitudeBits({ signed, bits }: FieldType): number {
  return signed ? bits - 1 : bits
}

/** The low bits of a value, as a value of the type. */
function wrapped(type: FieldType, value: Int): Int {
  const { signed, bits } = type
  if (typeof value === 'number' && bits <= HALF_BITS)
    return withSign(modulo(value, POWERS[bits]), signed, bits)
  return normal(truncated(type, BigInt(value)))
}

function truncated({ signed, bits }: FieldType, value: bigint): bigint {
  return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
}

/** The number whose two's complement in this many bits is `raw`. */
function withSign(raw: number, signed: boolean, bits: number): number {
  return signed && raw >= POWERS[bits - 1] ? raw - POWERS[bits] : raw
}

function normal(value: bigint): Int {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The remainder that is never negative; exact, the modulus being a power of two. */
function modulo(value: number, modulus: number): number {
  return value - Math.floor(value / modulus) * modulus
}

/** The low 32 bits of a two's complement, as an unsigned number. */
function lowHalf(value: Int): number {
  return typeof value === 'bigint' ? Number(BigInt.asUintN(HALF_BITS, value)) : modulo(value, HALF)
}

/** The 32 bits above those. */
function highHalf(value: Int): number {
  return typeof value === 'bigint' ? lowHalf(value >> 32n) : modulo(Math.floor(value / HALF), HALF)
}

/** Up to 32 bits as an unsigned number. They touch at most five bytes: 40 bits, exact as a number. */
function readBits(value: Span, offset: number, bits: number): number {
  const first = byteOf(offset)
  const last = byteOf(offset + bits - 1)
  let raw = byteOr0(value, first) & (0xff >> (offset & 7))
  for (let byte = first + 1; byte <= last; byte++) raw = raw * 256 + byteOr0(value, byte)
  const behind = (last + 1) * 8 - (offset + bits)
  return Math.floor(raw / (1 << behind))
}

function byteOr0(value: Span, index: number): number {
  return index < value.length ? value.at(index) : 0
}

/** Writes up to 32 bits, a byte's share at a time. */
function writeBits(mem: Mem, start: number, offset: number, bits: number, value: number): void {
  let at = offset
  let left = bits
  while (left > 0) {
    const room = 8 - (at & 7)
    const count = Math.min(room, left)
    const shift = room - count
    const mask = ((1 << count) - 1) << shift
    const byte = start + byteOf(at)
    mem.u8[byte] = (mem.u8[byte] & ~mask) | (((value >>> (left - count)) << shift) & mask)
    at += count
    left -= count
  }
}
