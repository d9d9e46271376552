import { expect, test } from 'vitest'
import { EngineStats } from '../../../server/engine/stats.js'

const SECOND_MS = 1000

/** Statistics after some seconds, in each of which the loop was at work for so many microseconds. */
function after(...busyUs: number[]): EngineStats {
  const stats = new EngineStats()
  let nowMs = SECOND_MS
  let workedUs = 77
  stats.sample(nowMs, workedUs)
  for (const us of busyUs) stats.sample((nowMs += SECOND_MS), (workedUs += us))
  return stats
}

const CALM = Array<number>(30).fill(400_000)

test('a loop is calm when it had half of its time to itself in thirty samples in a row', () => {
  expect(after(...CALM).isCalm).toBe(true)
  expect(after(...CALM.slice(1)).isCalm).toBe(false)
  expect(after(...CALM, 600_000).isCalm).toBe(false)
  expect(after(600_000, ...CALM).isCalm).toBe(true)
})

test('the time at work is counted from the first sample, and anew from a reset on', () => {
  const stats = after(400_000, 600_000)
  expect(stats.busyUs).toBe(1_000_000)
  stats.reset()
  stats.sample(10 * SECOND_MS, 5_000_000)
  stats.sample(11 * SECOND_MS, 5_000_250)
  expect(stats.busyUs).toBe(250)
})
