import { expect, test } from 'vitest'
import { seededRandom, systemRandom } from '../../../server/lib/random.js'

const draw = (seed: number): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: 4 }, () => random.uint32())
}

test('the same seed gives the same numbers', () => {
  const [a, b] = [seededRandom(1), seededRandom(1)]
  for (let i = 0; i < 100; i++) {
    expect(a.uint32()).toBe(b.uint32())
    expect(a.float()).toBe(b.float())
    expect(a.below(1000)).toBe(b.below(1000))
    expect(a.hex(9)).toBe(b.hex(9))
  }
})

test('neighbouring seeds have nothing in common', () => {
  const seen = new Set([0, 1, 2, 3, -1, 2 ** 31].flatMap(draw))
  expect(seen.size).toBe(24)
})

test('recorded seeds stay valid: the first numbers of seed 1 never change', () => {
  expect(draw(1)).toMatchInlineSnapshot(`
    [
      2442144158,
      3238099751,
      3819917871,
      2104621829,
    ]
  `)
})

test('two system sources differ', () => {
  const [a, b] = [systemRandom(), systemRandom()]
  expect([a.uint32(), a.uint32()]).not.toEqual([b.uint32(), b.uint32()])
})
