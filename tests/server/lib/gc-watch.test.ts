import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { watchGc } from '../../../server/lib/gc-watch.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options?: { type: 'minor' | 'major' }) => void

test('collections are counted and their pauses summed, minor and major apart', async () => {
  using watch = watchGc()
  expect(watch.statistics().major).toEqual({ count: 0, totalUs: 0, longestUs: 0 })
  collect()
  collect({ type: 'minor' })
  await new Promise(setImmediate)
  const { minor, major } = watch.statistics()
  for (const pauses of [minor, major]) {
    expect(pauses.count).toBeGreaterThan(0)
    expect(pauses.longestUs).toBeGreaterThan(0)
    expect(pauses.totalUs).toBeGreaterThanOrEqual(pauses.longestUs)
  }
})

test('a watch that was disposed of counts no more', async () => {
  const watch = watchGc()
  watch[Symbol.dispose]()
  collect()
  await new Promise(setImmediate)
  expect(watch.statistics().major.count).toBe(0)
})
