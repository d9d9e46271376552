import { expect, test } from 'vitest'
import { Mem } from '../../../server/lib/bytes.js'
import { halfSipHash } from '../../../server/lib/halfsiphash.js'
import { seededRandom } from '../../../server/lib/random.js'

const KEY0 = 0x03020100
const KEY1 = 0x07060504

/** Inputs 00, 00 01, 00 01 02 ...: the first vectors of the reference (2-4) and of Linux (1-3). */
const VECTORS_2_4 = [0x5b9f35a9, 0xb85a4727, 0x03a662fa, 0x04e7fe8a]
const VECTORS_1_3 = [
  0x5814c896, 0xe7e864ca, 0xbc4b0e30, 0x01539939, 0x7e059ea6, 0x88e3d89b, 0xa0080b65, 0x9d38d9d6,
]

const COUNTING = Buffer.from(Array.from({ length: 64 }, (_, i) => i))

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function siphash(bytes: Buffer, [key0, key1]: number[], rounds: number, finalRounds: number): number {
  const v = [key0, key1, key0 ^ 0x6c796765, key1 ^ 0x74656462]
  const mix = (a: number, b: number, bits: number): void => {
    v[a] = (v[a] + v[b]) | 0
    v[b] = rotate(v[b], bits) ^ v[a]
  }
  const round = (): void => {
    mix(0, 1, 5)
    v[0] = rotate(v[0], 16)
    mix(2, 3, 8)
    mix(0, 3, 7)
    mix(2, 1, 13)
    v[2] = rotate(v[2], 16)
  }
  const padded = Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))])
  padded[padded.length - 1] = bytes.length & 255
  for (let i = 0; i < padded.length; i += 4) {
    v[3] ^= padded.readInt32LE(i)
    for (let n = 0; n < rounds; n++) round()
    v[0] ^= padded.readInt32LE(i)
  }
  v[2] ^= 0xff
  for (let n = 0; n < finalRounds; n++) round()
  return v[1] ^ v[3]
}

test('the naive version gives the vectors of the reference', () => {
  const hashes = VECTORS_2_4.map((_, n) => siphash(COUNTING.subarray(0, n), [KEY0, KEY1], 2, 4) >>> 0)
  expect(hashes).toEqual(VECTORS_2_4)
})

test('gives the vectors of Linux', () => {
  expect(VECTORS_1_3.map((_, n) => halfSipHash(Mem.copyOf(COUNTING), 0, n, KEY0, KEY1) >>> 0)).toEqual(
    VECTORS_1_3,
  )
})

test('agrees with the naive version on any bytes and key', () => {
  const random = seededRandom(15)
  for (let i = 0; i < 3000; i++) {
    const bytes = random.bytes(3 + random.below(i % 50 === 0 ? 600 : 40))
    const key = [random.uint32() | 0, random.uint32() | 0]
    const expected = siphash(bytes.subarray(3), key, 1, 3)
    expect(halfSipHash(Mem.copyOf(bytes), 3, bytes.length - 3, key[0], key[1])).toBe(expected)
  }
})
