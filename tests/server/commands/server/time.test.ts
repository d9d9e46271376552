import { expect, test } from 'vitest'
import { testEngine } from '../../../support/engine.js'

test('TIME is unix seconds and microseconds', () => {
  const world = testEngine({ nowMs: 1_700_000_000_123 })
  world.advance(0.456)
  expect(world.ask('TIME')).toEqual(['1700000000', '123456'])
})

test('LASTSAVE is the start of a server that has not saved', () => {
  const world = testEngine({ nowMs: 1_700_000_000_999 })
  world.advance(5000)
  expect(world.ask('LASTSAVE')).toBe(1_700_000_000)
})

test('ROLE of a master without replicas', () => {
  expect(testEngine().ask('ROLE')).toEqual(['master', 0, []])
})
