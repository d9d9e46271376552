/**
 * XXH3 (Yann Collet), 64 bits, seed 0: the digest of DIGEST, DELEX IFDEQ and SET IFDEQ.
 * xxh3("Hello world") = b6acb9d84a38ff74.
 *
 * Five functions for five ranges of length, all of them 64-bit arithmetic modulo 2^64 on words of the input
 * combined with words of a fixed secret. The four for up to 240 bytes are here and use BigInt, a microsecond or
 * two; longer inputs have their loop in xxh3-long.ts, which does not.
 */
import { stripes } from './xxh3-long.js'
import { PRIME64_1, PRIME64_2, PRIME64_3, SECRET } from './xxh3-secret.js'

const MIX_PRIME = 0x165667919e3779f9n
const MIX_PRIME_SHORT = 0x9fb21c651e98df25n

export function xxh3(u8: Uint8Array, start = 0, length = u8.length - start): bigint {
  const input = new DataView(u8.buffer, u8.byteOffset + start, length)
  if (length > 240) return hashLong(input)
  if (length > 128) return hash129to240(input)
  if (length > 16) return hash17to128(input)
  if (length > 8) return hash9to16(input)
  if (length > 3) return hash4to8(input)
  if (length > 0) return hash1to3(input)
  return avalanche64(secret(56) ^ secret(64))
}

function hash1to3(input: DataView): bigint {
  const length = input.byteLength
  const first = input.getUint8(0)
  const middle = input.getUint8(length >> 1)
  const last = input.getUint8(length - 1)
  const combined = (first << 16) | (middle << 24) | last | (length << 8)
  const key = SECRET.getInt32(0, true) ^ SECRET.getInt32(4, true)
  return avalanche64(BigInt((combined ^ key) >>> 0))
}

function hash4to8(input: DataView): bigint {
  const length = input.byteLength
  const head = BigInt(input.getUint32(0, true))
  const tail = BigInt(input.getUint32(length - 4, true))
  let hash = ((head << 32n) + tail) ^ secret(8) ^ secret(16)
  hash ^= rotateLeft(hash, 49n) ^ rotateLeft(hash, 24n)
  hash = low64(hash * MIX_PRIME_SHORT)
  hash ^= (hash >> 35n) + BigInt(length)
  hash = low64(hash * MIX_PRIME_SHORT)
  return hash ^ (hash >> 28n)
}

function hash9to16(input: DataView): bigint {
  const length = input.byteLength
  const head = word(input, 0) ^ secret(24) ^ secret(32)
  const tail = word(input, length - 8) ^ secret(40) ^ secret(48)
  return avalanche(BigInt(length) + swapBytes(head) + tail + foldedProduct(head, tail))
}

/** Pairs of 16 bytes from both ends towards the middle. */
function hash17to128(input: DataView): bigint {
  const length = input.byteLength
  let sum = BigInt(length) * PRIME64_1
  const pairs = (length - 1) >> 5
  for (let i = 0; i <= pairs; i++) {
    sum += mix16(input, 16 * i, 32 * i)
    sum += mix16(input, length - 16 * (i + 1), 32 * i + 16)
  }
  return avalanche(sum)
}

function hash129to240(input: DataView): bigint {
  const length = input.byteLength
  let sum = BigInt(length) * PRIME64_1
  for (let i = 0; i < 8; i++) sum += mix16(input, 16 * i, 16 * i)
  sum = avalanche(sum)
  const rounds = length >> 4
  for (let i = 8; i < rounds; i++) sum += mix16(input, 16 * i, 16 * (i - 8) + 3)
  sum += mix16(input, length - 16, 119)
  return avalanche(sum)
}

/** Merges the eight sums of the stripes. */
function hashLong(input: DataView): bigint {
  const sums = stripes(input)
  let hash = BigInt(input.byteLength) * PRIME64_1
  for (let i = 0; i < 8; i += 2) {
    hash += foldedProduct(sums[i] ^ secret(11 + 8 * i), sums[i + 1] ^ secret(19 + 8 * i))
  }
  return avalanche(hash)
}

function mix16(input: DataView, at: number, secretAt: number): bigint {
  return foldedProduct(word(input, at) ^ secret(secretAt), word(input, at + 8) ^ secret(secretAt + 8))
}

/** The two halves of the 128-bit product, folded together. */
function foldedProduct(a: bigint, b: bigint): bigint {
  const product = a * b
  return low64(product) ^ (product >> 64n)
}

function avalanche(sum: bigint): bigint {
  let hash = low64(sum)
  hash ^= hash >> 37n
  hash = low64(hash * MIX_PRIME)
  return hash ^ (hash >> 32n)
}

/** The older finish, that of XXH64. */
function avalanche64(sum: bigint): bigint {
  let hash = sum ^ (sum >> 33n)
  hash = low64(hash * PRIME64_2)
  hash ^= hash >> 29n
  hash = low64(hash * PRIME64_3)
  return hash ^ (hash >> 32n)
}

function word(input: DataView, at: number): bigint {
  return input.getBigUint64(at, true)
}

function secret(at: number): bigint {
  return SECRET.getBigUint64(at, true)
}

function low64(n: bigint): bigint {
  return BigInt.asUintN(64, n)
}

function rotateLeft(n: bigint, bits: bigint): bigint {
  return low64(n << bits) | (n >> (64n - bits))
}

function swapBytes(n: bigint): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, n, true)
  return view.getBigUint64(0, false)
}
