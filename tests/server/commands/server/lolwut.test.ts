import { expect, test } from 'vitest'
import { landscape } from '../../../../server/commands/server/lolwut.js'
import { seededRandom } from '../../../../server/lib/random.js'
import { testEngine } from '../../../support/engine.js'

test('a landscape has the size asked for', () => {
  const lines = landscape(seededRandom(1), 40, 10).split('\n')
  expect(lines.length).toBe(11)
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
})

test('nearer hills cover what is behind them', () => {
  const last = landscape(seededRandom(2), 60, 12).trimEnd().split('\n').at(-1)
  expect(last).toMatch(/^#+$/)
})

test('LOLWUT takes columns and rows', () => {
  const lines = (testEngine().ask('LOLWUT VERSION 6 20 4') as string).split('\n')
  expect(lines.slice(-3)).toEqual(['', 'Redis ver. 7.4.2', ''])
  expect(lines.length).toBe(4 + 3)
})
