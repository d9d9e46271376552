import { expect, test } from 'vitest'
import { latencyGraph } from '../../../../server/commands/server/latency-graph.js'
import { testEngine } from '../../../support/engine.js'

test('LATENCY GRAPH draws a column for every spike', () => {
  const samples = [
    { at: 100, milliseconds: 10 },
    { at: 101, milliseconds: 20 },
    { at: 102, milliseconds: 30 },
  ]
  expect(latencyGraph('command', { samples, max: 40 }, 110).split('\n')).toEqual([
    'command - high 30 ms, low 10 ms (all time high 40 ms)',
    '-'.repeat(80),
    '  #',
    ' _|',
    ' ||',
    '_||',
    '   ',
    '198',
    '0ss',
    's  ',
    '',
  ])
})

test('LATENCY DOCTOR gives advice that fits', () => {
  const world = testEngine({ config: { 'latency-monitor-threshold': '1' } })
  expect(world.ask('LATENCY DOCTOR')).toContain('No latency spike')
  world.engine.latency.record('expire-cycle', 5000, 1_000_000)
  expect(world.ask('LATENCY DOCTOR')).toMatch(
    /1\. expire-cycle: 1 latency spikes \(average 5ms[^]*come due together/,
  )
})

test('LATENCY DOCTOR says that it is off', () => {
  expect(testEngine().ask('LATENCY DOCTOR')).toContain('latency-monitor-threshold')
})
