import { expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'

test('a wall clock that is put forward is noticed by the next turn, not in the middle of one', () => {
  const { engine, clock } = testEngine()
  engine.beginTurn()
  const { now } = engine.keyspace
  clock.jumpWall(60_000)
  engine.beginTurn()
  expect(engine.keyspace.now).toBe(now)
  clock.advance(1)
  engine.beginTurn()
  expect(engine.keyspace.now).toBe(now + 60_001)
})

test('time goes on within a turn', () => {
  const { engine, clock } = testEngine()
  engine.beginTurn()
  const { now } = engine.keyspace
  clock.stall(5000)
  engine.beginTurn()
  expect(engine.keyspace.now).toBe(now + 5)
})
