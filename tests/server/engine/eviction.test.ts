import { describe, expect, test } from 'vitest'
import { timeLimitUs } from '../../../server/engine/eviction.js'
import { EngineAlert } from '../../../server/engine/gates.js'
import { play } from '../../support/session.js'
import { testEngine, type TestEngine } from '../../support/engine.js'
import { eviction } from '../../sessions/eviction.js'

for (const table of eviction) play(table)

/** CONFIG SET, and the end of its turn. */
function set({ engine, clock }: TestEngine, name: string, value: string): void {
  expect(engine.config.set([[name, value]], { loading: false, maySetProtected: true })).toBeNull()
  clock.advance(0)
}

/** A world with `keys` keys whose memory is full to the last byte. */
function fullWorld(policy: string, keys = 200): TestEngine {
  const world = testEngine()
  for (let i = 0; i < keys; i++) world.ask(`SET key:${i} ${'x'.repeat(200)} EX 10000`)
  set(world, 'maxmemory-policy', policy)
  set(world, 'maxmemory', `${world.engine.memory.used}`)
  return world
}

describe('the limit', () => {
  test.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-lrm', 'allkeys-random', 'volatile-lru', 'volatile-ttl'])(
    'is kept by %s, however much is written',
    policy => {
      const world = fullWorld(policy)
      const { engine } = world
      for (let i = 0; i < 500; i++) {
        expect(world.ask(`SET more:${i} ${'y'.repeat(200)} EX 20000`)).toBe('OK')
        world.ask('PING')
        expect(engine.memory.used).toBeLessThanOrEqual(engine.config.values.maxmemory)
      }
      expect(engine.keyspace.stats.evicted).toBeGreaterThan(400)
      world.audit()
    },
  )

  test('lets a key go as a DEL of its own and tells of it', () => {
    const world = fullWorld('allkeys-random', 3)
    world.history.length = 0
    world.events.length = 0
    set(world, 'maxmemory', '1')
    expect(world.history.map(line => line.split(' ')[0])).toEqual(['DEL', 'DEL', 'DEL'])
    expect(world.events.every(event => event.startsWith('evicted key:'))).toBe(true)
  })

  test('is not enforced while clients are paused, nor on a replica, nor while the data is loaded', () => {
    const world = fullWorld('allkeys-random', 20)
    const { engine } = world
    engine.role = 'replica'
    set(world, 'maxmemory', '1')
    expect(world.ask('DBSIZE')).toBe(20)
    engine.role = 'master'
    engine.pause.begin('client', 'write', 1000)
    expect(world.ask('DBSIZE')).toBe(20)
    engine.pause.end('client')
    engine.setAlert(EngineAlert.loading, true)
    expect(engine.makeRoom(undefined as never)).toBe(true)
    engine.setAlert(EngineAlert.loading, false)
    expect(world.ask('DBSIZE')).toBe(0)
  })

  test('does not count what replicas and the AOF have not taken yet', () => {
    const world = fullWorld('allkeys-random', 20)
    const { engine } = world
    engine.memory.register({ purpose: 'aof.buffer', limited: false, bytes: () => 1e9 })
    world.ask('PING')
    expect(world.ask('DBSIZE')).toBe(20)
    expect(engine.keyspace.stats.evicted).toBe(0)
  })

  test('counts how long memory was short', () => {
    const world = fullWorld('noeviction', 20)
    const { stats } = world.engine
    set(world, 'maxmemory', '1')
    world.ask('PING')
    world.advance(70)
    set(world, 'maxmemory', '1gb')
    world.ask('PING')
    expect(stats.overMemorySinceUs).toBeNull()
    expect(stats.overMemoryUs).toBeGreaterThanOrEqual(70_000)
  })
})

test('tenacity is a time: even steps up to 500 us, then 15 % more with each, and no limit at 100', () => {
  expect(timeLimitUs(0)).toBe(0)
  expect(timeLimitUs(10)).toBe(500)
  expect(timeLimitUs(11)).toBeCloseTo(575)
  expect(timeLimitUs(100)).toBe(Infinity)
})
