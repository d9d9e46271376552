import { expect, test } from 'vitest'
import { HLL_SEED, murmur64 } from '../../../server/lib/murmur64.js'
import { seededRandom } from '../../../server/lib/random.js'
import { multiplyHigh } from '../../../server/lib/wide-multiply.js'

const M = 0xc6a4a7935bd1e995n
const MASK = 2n ** 64n - 1n

/** The published algorithm, in 64-bit integers. */
function naive(bytes: Buffer, seed: number): bigint {
  let hash = BigInt(seed) ^ ((BigInt(bytes.length) * M) & MASK)
  const words = bytes.length >> 3
  for (let i = 0; i < words; i++) {
    let word = (bytes.readBigUInt64LE(i * 8) * M) & MASK
    word ^= word >> 47n
    hash = ((hash ^ ((word * M) & MASK)) * M) & MASK
  }
  const rest = bytes.subarray(words * 8)
  rest.forEach((byte, i) => (hash ^= BigInt(byte) << BigInt(8 * i)))
  if (rest.length > 0) hash = (hash * M) & MASK
  hash ^= hash >> 47n
  hash = (hash * M) & MASK
  return hash ^ (hash >> 47n)
}

function ours(bytes: Buffer, start: number, length: number, seed?: number): bigint {
  const hash = { hi: 0, lo: 0 }
  murmur64(bytes, start, length, hash, seed)
  return (BigInt(hash.hi >>> 0) << 32n) | BigInt(hash.lo >>> 0)
}

test('agrees with the published algorithm on any bytes and seed', () => {
  const random = seededRandom(13)
  for (let i = 0; i < 2000; i++) {
    const bytes = random.bytes(random.below(60) + 3)
    const seed = random.uint32()
    expect(ours(bytes, 3, bytes.length - 3, seed)).toBe(naive(bytes.subarray(3), seed))
  }
})

test('the seed of HyperLogLog is the default', () => {
  const bytes = Buffer.from('hello world')
  expect(ours(bytes, 0, 11)).toBe(naive(bytes, HLL_SEED))
})

test('multiplyHigh gives the upper half of the unsigned product', () => {
  const random = seededRandom(14)
  for (let i = 0; i < 5000; i++) {
    const a = i < 9 ? [0, 1, 0xffffffff][i % 3] : random.uint32()
    const b = i < 9 ? [0, 0xffffffff, 0x80000000][(i / 3) | 0] : random.uint32()
    expect(multiplyHigh(a | 0, b | 0) >>> 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n))
  }
})
