import { describe, expect, test } from 'vitest'
import { median, medians, ratio } from '../../bench/statistics.js'

describe('median', () => {
  test('the middle of an odd number, by value and not by place or by text', () => {
    expect(median([100, 9, 20])).toBe(20)
    expect(median([7])).toBe(7)
  })

  test('the mean of the two middles of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  test('the values stay where they were', () => {
    const values = [3, 1, 2]
    median(values)
    expect(values).toEqual([3, 1, 2])
  })

  test('of nothing there is none', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

test('medians are taken figure by figure, not from one middle run', () => {
  const runs = [
    { cpuUs: 1, rps: 30 },
    { cpuUs: 2, rps: 10 },
    { cpuUs: 3, rps: 20 },
  ]
  expect(medians(runs)).toEqual({ cpuUs: 2, rps: 20 })
})

test('a ratio needs two figures above zero', () => {
  expect(ratio(1, 4)).toBe(0.25)
  expect(ratio(0, 4)).toBeNull()
  expect(ratio(1, 0)).toBeNull()
  expect(ratio(NaN, 4)).toBeNull()
})
