import { expect, test } from 'vitest'
import { RdbEncoder } from '../../../persistence/rdb/encoder.js'
import { writeSnapshot } from '../../../persistence/rdb/snapshot-run.js'
import { testEngine } from '../../support/engine.js'

const ENTRY_MS = 2

/** Ticks are 100 ms apart: none comes by and goes on with a walk that has been forgotten. */
test('after a long slice the walk rests as long for who asked meanwhile, and goes on', async () => {
  const world = testEngine()
  for (let i = 0; i < 500; i++) world.ask(`SET key:${i} value`)
  const encoder = new RdbEncoder(world.engine)
  const entry = encoder.entry.bind(encoder)
  encoder.entry = (database, ref) => {
    world.clock.stall(ENTRY_MS * 1000)
    return entry(database, ref)
  }
  const run = writeSnapshot(world.engine, { write: () => Promise.resolve() }, { encoder })
  world.ask('PING')
  const first = run.keysSaved
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(500)
  // As long as the slice has taken, and as long again.
  world.advance(2 * first * ENTRY_MS)
  // Nobody has asked for anything since.
  expect(run.keysSaved).toBe(500)
  await run.done
})
