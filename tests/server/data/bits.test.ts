import { describe, expect, test } from 'vitest'
import { countBits, findBit, getBit, popcount, setBit } from '../../../server/data/bits.js'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../../server/lib/random.js'

/** The naive model: a string of '0' and '1'. */
function bitsOf(value: Span): string {
  return [...value.bytes()].map(byte => byte.toString(2).padStart(8, '0')).join('')
}

/** Some bytes in the middle of a memory whose other bytes are noise: whoever reads outside is noticed. */
function randomSpan(random: Random, length: number): Span {
  const before = random.below(9)
  const mem = Mem.copyOf(random.bytes(before + length + 16))
  const fill = [-1, 0x00, 0xff][random.below(3)]
  if (fill >= 0) mem.u8.fill(fill, before, before + length)
  const span = new Span(mem, before, length)
  for (let i = random.below(4); i > 0 && length > 0; i--)
    mem.u8[before + random.below(length)] ^= 1 << random.below(8)
  return span
}

function randomRange(random: Random, bits: number): [first: number, last: number] {
  const a = random.below(bits)
  const b = random.below(bits)
  return [Math.min(a, b), Math.max(a, b)]
}

describe('single bits', () => {
  test('bit 0 is the most significant bit of the first byte', () => {
    const value = Span.of('\x80\x01')
    expect([0, 1, 14, 15].map(offset => getBit(value, offset))).toEqual([1, 0, 0, 1])
  })

  test('bits beyond the end are 0, however far', () => {
    expect(getBit(Span.of('\xff'), 8)).toBe(0)
    expect(getBit(Span.of('\xff'), 2 ** 35 + 3)).toBe(0)
    expect(getBit(Span.of(''), 0)).toBe(0)
  })

  test('setting a bit gives back the one it replaced and touches no other', () => {
    const mem = Mem.copyOf(Buffer.from([0, 0b10100000, 0]))
    expect(setBit(mem, 1, 1, 1)).toBe(0)
    expect(setBit(mem, 1, 0, 0)).toBe(1)
    expect([...mem.u8.subarray(0, 3)]).toEqual([0, 0b01100000, 0])
  })
})

describe('counting', () => {
  test('popcount of a word', () => {
    expect([0, 1, -1, 0x80000000, 0x0f0f0f0f].map(popcount)).toEqual([0, 1, 32, 1, 16])
  })

  test('counts the bits of any range as the naive model does', () => {
    const random = seededRandom(1)
    for (let round = 0; round < 3000; round++) {
      const value = randomSpan(random, 1 + random.below(round % 50 === 0 ? 2000 : 40))
      const [first, last] = randomRange(random, value.length * 8)
      const expected = bitsOf(value)
        .slice(first, last + 1)
        .replaceAll('0', '').length
      expect(countBits(value, first, last)).toBe(expected)
    }
  })

  test('a batch of full bytes does not overflow its counters', () => {
    const value = Span.of(Buffer.alloc(10_000, 0xff))
    expect(countBits(value, 0, 79_999)).toBe(80_000)
    expect(countBits(value, 3, 79_998)).toBe(79_996)
  })

  test('an empty range has no bits', () => {
    expect(countBits(Span.of('\xff'), 5, 4)).toBe(0)
    expect(countBits(Span.of(''), 0, -1)).toBe(0)
  })
})

describe('searching', () => {
  test('finds the first set or clear bit of any range as the naive model does', () => {
    const random = seededRandom(2)
    for (let round = 0; round < 5000; round++) {
      const value = randomSpan(random, 1 + random.below(40))
      const [first, last] = randomRange(random, value.length * 8)
      const bit = random.below(2) as 0 | 1
      const within = bitsOf(value)
        .slice(first, last + 1)
        .indexOf(`${bit}`)
      expect(findBit(value, bit, first, last, false)).toBe(within < 0 ? -1 : first + within)
    }
  })

  test('a clear bit is found behind the end of an open range, a set bit is not', () => {
    const ones = Span.of('\xff\xff\xff')
    expect(findBit(ones, 0, 0, 23, true)).toBe(24)
    expect(findBit(ones, 0, 9, 23, true)).toBe(24)
    expect(findBit(ones, 0, 0, 23, false)).toBe(-1)
    expect(findBit(Span.of('\0\0'), 1, 0, 15, true)).toBe(-1)
  })

  test('an empty range holds neither bit, open or not', () => {
    expect(findBit(Span.of(''), 0, 0, -1, true)).toBe(-1)
    expect(findBit(Span.of('\0'), 0, 8, 7, true)).toBe(-1)
  })
})
