import { expect, test, vi } from 'vitest'
import { snapshotRuns } from '../../../persistence/rdb/snapshot-run.js'
import { parts } from '../../../server/parts.js'
import { rehearse } from '../../../server/rehearsal/rehearsal.js'
import { PIPELINE, SCRIPT } from '../../../server/rehearsal/script.js'
import { Stage } from '../../../server/rehearsal/stage.js'
import { testEngine } from '../../support/engine.js'

test.each(SCRIPT.flatMap(({ commands }) => commands))('%s is played without an error', command => {
  const { engine, clock } = testEngine()
  const stage = new Stage(engine, parts)
  stage.play(command, PIPELINE)
  clock.advance(1)
  const { stats } = stage.engine
  expect(stats.commands).toBe(PIPELINE * command.split(' ; ').length)
  expect([...stats.errors.keys()]).toEqual([])
})

const turn = (): Promise<void> => new Promise(resolve => void setImmediate(resolve))

test('keys change while snapshots are under way', async () => {
  const { engine, clock } = testEngine()
  const stage = new Stage(engine, parts)
  for (let round = 0; round < 1000; round++) stage.play('SET s:# ~', PIPELINE)
  const runs = new Set<unknown>()
  for (let round = 0; round < 10; round++) {
    stage.keepSaving()
    const run = snapshotRuns(stage.engine).current!
    stage.play('SET s:# ~', PIPELINE)
    if (run.earlyBytes > 0) runs.add(run)
    clock.advance(1)
    await turn()
  }
  expect(runs.size).toBeGreaterThan(1)
})

test('it stands still while somebody asks for something', async () => {
  const { engine, clock } = testEngine()
  // Who looks at the clock sees that time has passed.
  vi.spyOn(clock, 'monotonicUs').mockImplementation(() => {
    clock.stall(100)
    return clock.wallUs()
  })
  let wayGiven = 0
  let isOver = false
  const played = rehearse(engine, parts, () => wayGiven++).then(() => {
    isOver = true
  })
  for (let ms = 0; ms < 5000; ms++) {
    engine.stats.commands++
    clock.advance(1)
    await turn()
  }
  expect([isOver, wayGiven]).toEqual([false, 1])
  while (!isOver) {
    clock.advance(1)
    await turn()
  }
  await played
})

test('the server whose rehearsal it is has noticed nothing', async () => {
  const { engine, clock, history } = testEngine()
  let isOver = false
  const played = rehearse(engine, parts, () => undefined).then(() => {
    isOver = true
  })
  while (!isOver) {
    clock.advance(1)
    await turn()
  }
  await played
  expect(engine.stats.commands).toBe(0)
  expect(engine.keyspace.keys).toBe(0)
  expect(engine.sessions.size).toBe(0)
  expect(history).toEqual([])
})
