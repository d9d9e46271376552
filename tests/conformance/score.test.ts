import { expect, it } from 'vitest'
import { percent, scoreOf } from './score.js'

it('caps a unit at its baseline, so that it cannot hide another', () => {
  const score = scoreOf([
    { ok: 12, baselineOk: 10 },
    { ok: 5, baselineOk: 10 },
  ])
  expect(score).toEqual({ reached: 15, possible: 20 })
})

it('says 100% only for all', () => {
  expect(percent({ reached: 2889, possible: 2890 })).toBe('99.9%')
  expect(percent({ reached: 2890, possible: 2890 })).toBe('100%')
  expect(percent({ reached: 0, possible: 0 })).toBe('-')
})
