import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { watchGc } from '../../../server/lib/gc-watch.js'
import { ageHeap } from '../../../server/lib/v8-flags.js'

test('the heap is aged by minor collections alone, and nobody can collect afterwards', async () => {
  using watch = watchGc()
  ageHeap()
  await new Promise(setImmediate)
  const { minor, major } = watch.statistics()
  expect(minor.count).toBeGreaterThanOrEqual(2)
  expect(major.count).toBe(0)
  expect(runInNewContext('typeof gc')).toBe('undefined')
})
