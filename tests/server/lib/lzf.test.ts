import { describe, expect, test } from 'vitest'
import { Mem, Span } from '../../../server/lib/bytes.js'
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

function guarded(size: number): Mem {
  const mem = Mem.ofSize(size)
  mem.u8.fill(GUARD)
  return mem
}

function isUntouched(bytes: Buffer): boolean {
  return bytes.every(byte => byte === GUARD)
}

/** The decompressed bytes, or null; asserts that nothing outside the target range is touched. */
function decompress(packed: Uint8Array, size: number): Buffer | null {
  const target = guarded(size + 8)
  const input = Mem.copyOf(Buffer.concat([Buffer.alloc(3), packed, Buffer.alloc(300)]))
  const ok = lzfDecompress(new Span(input, 3, packed.length), target, 4, size)
  expect(isUntouched(target.u8.subarray(0, 4))).toBe(true)
  expect(isUntouched(target.u8.subarray(4 + size))).toBe(true)
  return ok ? target.u8.subarray(4, 4 + size) : null
}

/** The compressed bytes. */
function compress(bytes: Buffer, compressor = new LzfCompressor()): Buffer {
  const target = Mem.ofSize(20_000)
  return target.u8.subarray(0, compressor.compress(Span.of(bytes), target, 0, 20_000))
}

describe('LZF', () => {
  test('what was compressed comes back, with one compressor for all', () => {
    const random = seededRandom(17)
    const compressor = new LzfCompressor()
    for (let i = 0; i < 400; i++) {
      const bytes = sample(random)
      const { length } = bytes
      const input = new Span(Mem.copyOf(Buffer.concat([Buffer.alloc(5), bytes])), 5, length)
      const packed = guarded(length * 2 + 10)
      const size = compressor.compress(input, packed, 2, length + (length >> 4) + 2)
      expect(decompress(packed.u8.subarray(2, 2 + size), length)?.equals(bytes)).toBe(true)
      expect(isUntouched(packed.u8.subarray(2 + size))).toBe(true)
    }
  })

  test('bytes that repeat at any distance come back', () => {
    const random = seededRandom(21)
    for (let distance = 1; distance <= 40; distance++) {
      for (const length of [distance + 3, distance * 2 + 2, 100, 263, 264, 265, 1000]) {
        const bytes = Buffer.alloc(length, random.bytes(distance))
        expect(decompress(compress(bytes), length)?.equals(bytes)).toBe(true)
      }
    }
  })

  test('what can be compressed is, behind a long stretch of what cannot', () => {
    const random = seededRandom(22)
    const bytes = Buffer.concat([random.bytes(8000), Buffer.alloc(8000, 'over and over ')])
    expect(compress(bytes).length).toBeLessThan(8600)
    expect(decompress(compress(bytes), bytes.length)?.equals(bytes)).toBe(true)
  })

  test('repeating bytes shrink a hundredfold', () => {
    expect(compress(Buffer.alloc(10_000, 'x')).length).toBeLessThan(130)
  })

  test('gives 0 when the room does not suffice, and stays within it', () => {
    const random = seededRandom(18)
    const compressor = new LzfCompressor()
    for (let i = 0; i < 200; i++) {
      const bytes = sample(random)
      const room = random.below(compress(bytes, compressor).length + 1)
      const target = guarded(20_000)
      const size = compressor.compress(Span.of(bytes), target, 0, room)
      expect(size).toBeLessThanOrEqual(room)
      expect(isUntouched(target.u8.subarray(room))).toBe(true)
    }
  })

  test('the same input gives the same output whatever was compressed before', () => {
    const random = seededRandom(19)
    const worn = new LzfCompressor()
    for (let i = 0; i < 50; i++) {
      const bytes = sample(random)
      expect(compress(bytes, worn).equals(compress(bytes))).toBe(true)
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
