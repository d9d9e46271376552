/**
 * The bytes of a HyperLogLog.
 *
 * A HyperLogLog is an ordinary string value: clients GET it, SET it on another server, and every RDB carries
 * it. So the layout is Redis' own, to the bit.
 *
 *     value    = header registers
 *     header   = "HYLL" encoding:u8 unused:3 cardinality:u64le          16 bytes
 *     encoding = 0 dense | 1 sparse
 *
 * `cardinality` caches the last estimate. Its most significant bit says that the registers changed since:
 * the number below it is then worth nothing ("stale").
 *
 * The registers, 16384 numbers of 6 bits, come in two writings:
 *
 *     dense  = 12288 bytes, register after register from the least significant bit of each byte up
 *
 *              byte 0    byte 1    byte 2    byte 3
 *              11000000  22221111  33333322  55444444 ...
 *
 *     sparse = opcode...          together they cover exactly 16384 registers, in order
 *     opcode = 00nnnnnn           ZERO   n+1 registers hold 0               1..64
 *            | 01nnnnnn nnnnnnnn  XZERO  n+1 registers hold 0               1..16384, high bits first
 *            | 1vvvvvnn           VAL    n+1 registers hold v+1             1..4 times a value of 1..32
 *
 * Whoever may SET a string may forge one of these, so only the header is taken on trust once it was looked
 * at (`isHyperLogLog`); the opcodes are checked by whoever walks them.
 */
import type { Span } from '../../lib/bytes.js'

export const HEADER_BYTES = 16

/** The low bits of an element's hash that choose its register. */
export const INDEX_BITS = 14
export const REGISTERS = 1 << INDEX_BITS

/** The highest rank an element can have: 50 zero bits behind the index bits, and the one that ends them. */
export const RANK_MAX = 64 - INDEX_BITS + 1

/** Values a 6-bit register can hold; those above RANK_MAX appear only in forged bytes. */
export const REGISTER_VALUES = 64

export const DENSE = 0
export const SPARSE = 1
export const DENSE_BYTES = HEADER_BYTES + (REGISTERS * 6) / 8

/** One XZERO over all registers. */
export const EMPTY_SPARSE_BYTES = HEADER_BYTES + 2

const MAGIC = 'HYLL'
const ENCODING_AT = 4
const CARDINALITY_LOW_AT = 8
const CARDINALITY_HIGH_AT = 12
const STALE_AT = 15
const STALE_BIT = 0x80

/** The largest high word with which the cardinality is still exact as a number: 2^53 is beyond it. */
const SAFE_HIGH = 0x1fffff

/** True when the header could be that of a HyperLogLog; the opcodes of a sparse one may still be corrupt. */
export function isHyperLogLog(value: Span): boolean {
  if (value.length < HEADER_BYTES) return false
  for (let i = 0; i < MAGIC.length; i++) {
    if (value.at(i) !== MAGIC.charCodeAt(i)) return false
  }
  return isDense(value) ? value.length === DENSE_BYTES : isSparse(value)
}

export function isDense(value: Span): boolean {
  return value.at(ENCODING_AT) === DENSE
}

export function isSparse(value: Span): boolean {
  return value.at(ENCODING_AT) === SPARSE
}

export function setEncoding(value: Span, encoding: typeof DENSE | typeof SPARSE): void {
  value.mem.u8[value.start + ENCODING_AT] = encoding
}

/** Writes the header of a new sketch: its cached cardinality is stale from the start, as in Redis. */
export function writeHeader(value: Span, encoding: typeof DENSE | typeof SPARSE): void {
  const { mem, start } = value
  mem.u8.fill(0, start, start + HEADER_BYTES)
  mem.u8.write(MAGIC, start, 'latin1')
  setEncoding(value, encoding)
  markStale(value)
}

/** The cached estimate, or null when it is stale. A number where that is exact. */
export function cachedCardinality(value: Span): number | bigint | null {
  const { mem, start } = value
  if ((mem.u8[start + STALE_AT] & STALE_BIT) !== 0) return null
  const low = mem.dv.getUint32(start + CARDINALITY_LOW_AT, true)
  const high = mem.dv.getUint32(start + CARDINALITY_HIGH_AT, true)
  if (high <= SAFE_HIGH) return high * 2 ** 32 + low
  return (BigInt(high) << 32n) | BigInt(low)
}

export function cacheCardinality(value: Span, cardinality: number | bigint): void {
  const { mem, start } = value
  mem.dv.setBigInt64(start + CARDINALITY_LOW_AT, BigInt(cardinality), true)
}

export function markStale(value: Span): void {
  value.mem.u8[value.start + STALE_AT] |= STALE_BIT
}
