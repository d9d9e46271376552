import { describe, expect, test } from 'vitest'
import { LzfCompressor, lzfDecompress } from '../../../server/lib/lzf.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'

const GUARD = 0xa5

/** Bytes that repeat themselves more or less. */
function sample(random: Random): Buffer {
  const alphabet = 1 + random.below(random.below(4) === 0 ? 256 : 6)
  const bytes = Buffer.from(Array.from({ length: random.below(3000) }, () => random.below(alphabet)))
  const copies = random.below(4)
  return Buffer.concat([
    bytes,
    ...Array.from({ length: copies }, () => bytes.subarray(random.below(bytes.length + 1))),
  ])
}

/** The decompressed bytes, or null; asserts that nothing outside the target range is touched. */
function decompress(packed: Uint8Array, size: number): Buffer | null {
  const target = Buffer.alloc(size + 8, GUARD)
  const input = Buffer.concat([Buffer.alloc(3), packed, Buffer.alloc(300)])
  const ok = lzfDecompress(input, 3, packed.length, target, 4, size)
  expect(target.subarray(0, 4).every(byte => byte === GUARD)).toBe(true)
  expect(target.subarray(4 + size).every(byte => byte === GUARD)).toBe(true)
  return ok ? target.subarray(4, 4 + size) : null
}

describe('LZF', () => {
  test('what was compressed comes back, with one compressor for all', () => {
    const random = seededRandom(17)
    const compressor = new LzfCompressor()
    for (let i = 0; i < 400; i++) {
      const bytes = Buffer.concat([Buffer.alloc(5), sample(random)])
      const length = bytes.length - 5
      const packed = Buffer.alloc(length * 2 + 10, GUARD)
      const size = compressor.compress(bytes, 5, length, packed, 2, length + (length >> 4) + 2)
      expect(decompress(packed.subarray(2, 2 + size), length)?.equals(bytes.subarray(5))).toBe(true)
      expect(packed.subarray(2 + size).every(byte => byte === GUARD)).toBe(true)
    }
  })

  test('repeating bytes shrink a hundredfold', () => {
    const packed = Buffer.alloc(1000)
    expect(new LzfCompressor().compress(Buffer.alloc(10_000, 'x'), 0, 10_000, packed, 0, 1000)).toBeLessThan(
      130,
    )
  })

  test('gives 0 when the room does not suffice, and stays within it', () => {
    const random = seededRandom(18)
    const compressor = new LzfCompressor()
    for (let i = 0; i < 200; i++) {
      const bytes = sample(random)
      const whole = compressor.compress(bytes, 0, bytes.length, Buffer.alloc(20_000), 0, 20_000)
      const room = random.below(whole + 1)
      const target = Buffer.alloc(20_000, GUARD)
      const size = compressor.compress(bytes, 0, bytes.length, target, 0, room)
      expect(size).toBeLessThanOrEqual(room)
      expect(target.subarray(room).every(byte => byte === GUARD)).toBe(true)
    }
  })

  test('the same input gives the same output whatever was compressed before', () => {
    const random = seededRandom(19)
    const worn = new LzfCompressor()
    for (let i = 0; i < 50; i++) {
      const bytes = sample(random)
      const [a, b] = [Buffer.alloc(20_000), Buffer.alloc(20_000)]
      worn.compress(bytes, 0, bytes.length, a, 0, a.length)
      new LzfCompressor().compress(bytes, 0, bytes.length, b, 0, b.length)
      expect(a.equals(b)).toBe(true)
    }
  })

  test('reads every form of the format', () => {
    // "ab", then 3 bytes from 2 back, then 2 + 7 + 1 bytes from 1 back (long form).
    const packed = Buffer.from([1, 97, 98, 1 << 5, 1, 7 << 5, 1, 0])
    expect(decompress(packed, 15)?.toString()).toBe('ababa' + 'a'.repeat(10))
  })

  test.each([
    ['a literal run beyond the input', [5, 1, 2]],
    ['a reference without its offset', [0, 97, 1 << 5]],
    ['a long reference without its length', [0, 97, 7 << 5]],
    ['a long reference without its offset', [0, 97, 7 << 5, 3]],
    ['a reference to before the beginning', [0, 97, 1 << 5, 1]],
    ['too many bytes', [0, 97, 7 << 5, 255, 0]],
    ['too few bytes', [0, 97]],
  ])('refuses %s', (_, packed) => {
    expect(decompress(Buffer.from(packed), 10)).toBeNull()
  })

  test('random bytes never make it leave its range', () => {
    const random = seededRandom(20)
    for (let i = 0; i < 3000; i++) decompress(random.bytes(random.below(60)), random.below(200))
  })
})
