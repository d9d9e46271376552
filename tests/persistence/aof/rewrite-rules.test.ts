import { expect, test } from 'vitest'
import { RewriteLimit, growthPercent, hasOutgrown } from '../../../persistence/aof/rewrite-rules.js'

const MINUTE_MS = 60_000

test('growth is counted from the size after the last rewrite', () => {
  expect(growthPercent(250, 100)).toBe(150)
  expect(growthPercent(50, 0)).toBe(4900)
})

test('a log that is small, or may not grow by itself, is left alone', () => {
  const grown = { currentBytes: 300, baseBytes: 100, percentage: 100, minBytes: 200 }
  expect(hasOutgrown(grown)).toBe(true)
  expect(hasOutgrown({ ...grown, percentage: 0 })).toBe(false)
  expect(hasOutgrown({ ...grown, minBytes: 300 })).toBe(false)
  expect(hasOutgrown({ ...grown, percentage: 201 })).toBe(false)
})

test('from the third failure on the waits double up to an hour', () => {
  const limit = new RewriteLimit()
  const waits: number[] = []
  let nowMs = 1
  expect(limit.holds(2, nowMs, wait => waits.push(wait))).toBe(false)
  for (let attempt = 0; attempt < 8; attempt++) {
    expect(limit.holds(3 + attempt, nowMs, wait => waits.push(wait))).toBe(true)
    nowMs += (waits.at(-1) ?? 0) * MINUTE_MS
    expect(limit.holds(3 + attempt, nowMs - 1, () => undefined)).toBe(true)
    expect(limit.holds(3 + attempt, nowMs, () => undefined)).toBe(false)
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
})

test('a success ends the waiting', () => {
  const limit = new RewriteLimit()
  limit.holds(3, 1, () => undefined)
  expect(limit.holds(0, 2, () => undefined)).toBe(false)
  const waits: number[] = []
  limit.holds(3, 3, wait => waits.push(wait))
  expect(waits).toEqual([1])
})
