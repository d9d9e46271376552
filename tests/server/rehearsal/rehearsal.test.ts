import { describe, expect, test, vi } from 'vitest'
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

describe('while somebody asks for something', () => {
  /** A rehearsal meanwhile: whether it is over after so many milliseconds, and how many commands were played by then. */
  async function disturbed(ms: number): Promise<{ isOver: boolean; played: number; wayGiven: number }> {
    const { engine, clock } = testEngine()
    const play = vi.spyOn(Stage.prototype, 'play')
    // Who looks at the clock sees that time has passed.
    vi.spyOn(clock, 'monotonicUs').mockImplementation(() => {
      clock.stall(100)
      return clock.wallUs()
    })
    const seen = { isOver: false, played: 0, wayGiven: 0 }
    void rehearse(engine, parts, () => seen.wayGiven++).then(() => {
      seen.isOver = true
    })
    for (let passed = 0; passed < ms; passed++) {
      engine.stats.commands++
      clock.advance(1)
      await turn()
    }
    seen.played = play.mock.calls.length
    play.mockRestore()
    return { ...seen }
  }

  test('it stands still', async () => {
    const early = await disturbed(200)
    const late = await disturbed(1000)
    expect(early).toMatchObject({ isOver: false, wayGiven: 1 })
    expect(late).toEqual(early)
  })

  test('it is given up in the end', async () => {
    const { isOver, wayGiven } = await disturbed(4500)
    expect([isOver, wayGiven]).toEqual([true, 1])
  })
})

test('nothing is saved, however long it takes', async () => {
  const { engine, clock } = testEngine()
  const stage = new Stage(engine, parts)
  for (let round = 0; round < 1000; round++) stage.play('SET key:# xxx', PIPELINE)
  clock.advance(1_000_000)
  stage.play('SET key:# xxx', PIPELINE)
  await turn()
  expect(stage.engine.disk).not.toBe(engine.disk)
  expect([snapshotRuns(stage.engine).current, await stage.engine.disk.list('/')]).toEqual([null, []])
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
