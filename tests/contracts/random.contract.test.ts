import { describe, expect, test } from 'vitest'
import { seededRandom, systemRandom, type Random } from '../../server/lib/random.js'

const implementations: [name: string, make: () => Random][] = [
  ['system random', systemRandom],
  ['seeded random', () => seededRandom(42)],
]

describe.each(implementations)('%s', (_name, make) => {
  test('gives words that use all 32 bits', () => {
    const random = make()
    let ones = 0
    let zeros = 0
    for (let i = 0; i < 1000; i++) {
      const word = random.uint32()
      expect(word).toBe(word >>> 0)
      ones |= word
      zeros |= ~word
    }
    expect([ones, zeros]).toEqual([-1, -1])
  })

  test.each([1, 2, 3, 6, 7, 10, 64, 100])('numbers below %i are spread evenly', n => {
    const random = make()
    const counts = new Array<number>(n).fill(0)
    const draws = 2000 * n
    for (let i = 0; i < draws; i++) counts[random.below(n)]++
    expect(counts).toHaveLength(n)
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(300) // 6.7 sigma
  })

  test('numbers below 2^32 and just above 2^31 are in range', () => {
    const random = make()
    for (let i = 0; i < 1000; i++) {
      expect(random.below(2 ** 31 + 1)).toBeLessThanOrEqual(2 ** 31)
      expect(random.below(2 ** 32)).toBeGreaterThanOrEqual(0)
    }
  })

  test('floats lie in [0, 1) and are centred', () => {
    const random = make()
    let sum = 0
    for (let i = 0; i < 10_000; i++) {
      const float = random.float()
      expect(float >= 0 && float < 1).toBe(true)
      sum += float
    }
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.02) // 7 sigma
  })

  test('bytes and hex come in the length asked for and differ from call to call', () => {
    const random = make()
    expect(random.bytes(0)).toHaveLength(0)
    expect(random.bytes(20)).toHaveLength(20)
    expect(random.bytes(20).equals(random.bytes(20))).toBe(false)
    expect(random.hex(40)).toMatch(/^[0-9a-f]{40}$/)
    expect(random.hex(7)).toMatch(/^[0-9a-f]{7}$/)
    expect(random.hex(40)).not.toBe(random.hex(40))
  })
})
