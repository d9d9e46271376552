import { describe, expect, test } from 'vitest'
import { Span } from '../../../server/lib/bytes.js'
import { testEngine } from '../../support/engine.js'
import { notifies, propagates } from '../../support/session.js'

describe('what is told of sorted sets', () => {
  propagates('ZADD z 1 a 2 b', 'ZADD z 1 a 2 b')
  propagates(['ZADD z 1 a', 'ZADD z 1 a'])
  propagates(['ZADD z 1 a', 'ZINCRBY z 1 a'], 'ZINCRBY z 1 a')
  propagates(['ZADD z 1 a', 'ZADD z INCR 1 a'], 'ZADD z INCR 1 a')
  propagates(['ZADD z 1 a', 'ZPOPMIN z'], 'ZPOPMIN z')
  propagates(['ZADD z 1 a 2 b', 'ZMPOP 2 y z MAX COUNT 5'], 'ZPOPMAX z 2')
  propagates(['ZADD z 1 a', 'BZPOPMIN y z 0'], 'ZPOPMIN z')
  propagates(['ZADD z 1 a', 'BZMPOP 0 1 z MIN'], 'ZPOPMIN z 1')
  propagates(['ZADD z 1 a', 'ZREM z b'])
  propagates('ZINTERSTORE z 1 y')
  propagates(['ZADD z 1 a', 'ZUNIONSTORE y 1 z'], 'ZUNIONSTORE y 1 z')
  propagates('GEOADD g 13.361389 38.115556 Palermo', 'ZADD g 3479099956230698 Palermo')
  propagates('GEOADD g CH XX 1 1 a')
  propagates(['GEOADD g 1 1 a', 'GEORADIUS g 1 1 1 km STORE h'], 'GEORADIUS g 1 1 1 km STORE h')

  notifies('ZADD z 1 a 2 b', 'zadd z')
  notifies(['ZADD z 1 a', 'ZADD z 1 a'])
  notifies(['ZADD z 1 a', 'ZINCRBY z 1 a'], 'zincr z')
  notifies(['ZADD z 1 a', 'ZREM z a'], 'zrem z', 'del z')
  notifies(['ZADD z 1 a', 'ZPOPMAX z'], 'zpopmax z', 'del z')
  notifies(['ZADD z 1 a 2 b', 'ZREMRANGEBYRANK z 0 0'], 'zremrangebyrank z')
  notifies(['ZADD z 1 a 2 b', 'ZREMRANGEBYSCORE z 1 2'], 'zremrangebyscore z', 'del z')
  notifies(['ZADD z 1 a', 'ZRANGESTORE y z 0 -1'], 'zrangestore y')
  notifies(['ZADD z 1 a', 'ZINTERSTORE z 2 z y'], 'del z')
  notifies(['GEOADD g 1 1 a', 'GEOSEARCHSTORE h g FROMMEMBER a BYRADIUS 1 m'], 'geosearchstore h')
})

test('every member that changes is a change', () => {
  const world = testEngine()
  world.ask('ZADD z 1 a 2 b 3 c')
  expect(world.engine.keyspace.dirty).toBe(3)
  world.ask('ZADD z 1 a 5 b')
  expect(world.engine.keyspace.dirty).toBe(4)
  world.ask('ZPOPMIN z 2')
  expect(world.engine.keyspace.dirty).toBe(6)
  world.ask('ZADD z 1 a 2 b')
  world.ask('ZREMRANGEBYRANK z 0 -1')
  expect(world.engine.keyspace.dirty).toBe(10)
  expect(world.ask('EXISTS z')).toBe(0)
})

test('a big sorted set dies in slices, and leaves nothing', () => {
  const world = testEngine()
  const { graveyard, arena, databases } = world.engine.keyspace
  for (const line of ['SET first 1', 'DEL first']) world.ask(line)
  const empty = arena.used
  for (let i = 0; i < 50; i++)
    world.ask(`ZADD z ${Array.from({ length: 100 }, (_, j) => `${j} m${i}-${j}`).join(' ')}`)
  // UNLINK would have all of it freed at the end of the turn, as the clock stands still.
  databases[0].delete(Span.of('z'), true)
  const taken = [arena.used]
  for (let more = true; more; taken.push(arena.used)) {
    world.audit()
    more = graveyard.slice(200)
  }
  world.audit()
  expect(taken.length).toBeGreaterThan(10)
  expect(taken).toEqual(taken.toSorted((a, b) => b - a))
  expect(arena.used).toBe(empty)
})

test('a time to live goes with the key that a result replaces', () => {
  const world = testEngine()
  world.ask('ZADD z 1 a')
  world.ask('SET y x EX 100')
  world.ask('ZUNIONSTORE y 1 z')
  expect(world.ask('TTL y')).toBe(-1)
})

test('ZPOPMIN of a key whose time has come is its death and nothing else', () => {
  const world = testEngine()
  world.ask('ZADD z 1 a')
  world.ask('PEXPIRE z 10')
  world.advance(20)
  world.history.length = 0
  expect(world.ask('ZPOPMIN z')).toEqual([])
  expect(world.history).toEqual(['DEL z'])
})
