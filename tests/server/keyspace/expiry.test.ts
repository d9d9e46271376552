import { describe, expect, test } from 'vitest'
import { EngineAlert } from '../../../server/engine/gates.js'
import { Keyspace } from '../../../server/keyspace/keyspace.js'
import { Span } from '../../../server/lib/bytes.js'
import { VirtualClock } from '../../../server/lib/clock.js'
import { seededRandom } from '../../../server/lib/random.js'
import { VerifiedArena } from '../../../server/memory/verified-arena.js'
import { testEngine } from '../../support/engine.js'

const PERIOD_US = 100_000

/** A clock on which every look takes its time. */
class BusyClock extends VirtualClock {
  constructor(private readonly lookUs: number) {
    super()
  }

  override monotonicUs(): number {
    this.advance(this.lookUs / 1000)
    return super.monotonicUs()
  }
}

function keyspaceWith(keys: number, expireAt: (i: number) => number): Keyspace {
  const keyspace = new Keyspace(new VerifiedArena(), seededRandom(1), { k0: 1, k1: 2 }, 2)
  for (let i = 0; i < keys; i++) {
    keyspace.databases[i % 2].setString(Span.of(`${i}`), Span.of('v'), expireAt(i))
  }
  keyspace.now = 1000
  return keyspace
}

describe('the expiry cycle', () => {
  test('buries the dead in few cycles when there is time', () => {
    const keyspace = keyspaceWith(5000, i => (i % 3 === 0 ? 500 : 50_000))
    keyspace.expiry.slow(new VirtualClock(), PERIOD_US)
    expect(keyspace.stats.expired).toBeGreaterThan(500)
    for (let i = 0; i < 500; i++) keyspace.expiry.slow(new VirtualClock(), PERIOD_US)
    expect(keyspace.keys).toBe(5000 - Math.ceil(5000 / 3))
    expect(keyspace.databases[0].tables.averageTtl).toBeCloseTo(49_000)
  })

  test('leaves off after a quarter of its period, and goes on in the next one', () => {
    const keyspace = keyspaceWith(5000, () => 500)
    const clock = new BusyClock(1000)
    const elapsedUs = keyspace.expiry.slow(clock, PERIOD_US)
    expect(elapsedUs).toBeGreaterThanOrEqual(25_000)
    expect(elapsedUs).toBeLessThan(28_000)
    expect(keyspace.stats.expiredTimeCapReached).toBe(1)
    expect(keyspace.stats.expireCycleCpuUs).toBe(elapsedUs)
    for (let i = 0; i < 30; i++) {
      clock.advance(100)
      keyspace.expiry.slow(clock, PERIOD_US)
    }
    expect(keyspace.keys).toBe(0)
  })

  test('more effort takes more time', () => {
    const keyspace = keyspaceWith(5000, () => 500)
    keyspace.expiry.setEffort(10)
    expect(keyspace.expiry.slow(new BusyClock(1000), PERIOD_US)).toBeGreaterThanOrEqual(43_000)
  })

  test('is fast at the end of a turn only when it is behind, and not again at once', () => {
    const keyspace = keyspaceWith(5000, () => 500)
    const clock = new BusyClock(100)
    expect(keyspace.expiry.fast(clock)).toBe(0)
    keyspace.expiry.slow(clock, PERIOD_US / 100)
    expect(keyspace.stats.expiredTimeCapReached).toBe(1)
    const elapsedUs = keyspace.expiry.fast(clock)
    expect(elapsedUs).toBeGreaterThanOrEqual(1000)
    expect(elapsedUs).toBeLessThan(1500)
    expect(keyspace.expiry.fast(clock)).toBe(0)
    clock.advance(2)
    expect(keyspace.expiry.fast(clock)).toBeGreaterThan(0)
  })

  test('rests while clients are paused, when DEBUG says so, and on a replica', () => {
    const world = testEngine()
    const { engine } = world
    world.ask('SET k v PX 1')
    engine.setAlert(EngineAlert.paused, true)
    world.advance(1000)
    expect(world.ask('DBSIZE')).toBe(1)
    engine.setAlert(EngineAlert.paused, false)
    engine.debug.activeExpire = false
    world.advance(1000)
    expect(world.ask('DBSIZE')).toBe(1)
    engine.debug.activeExpire = true
    engine.keyspace.expiryMode = 'hide'
    world.advance(1000)
    expect(world.ask('DBSIZE')).toBe(1)
    engine.keyspace.expiryMode = 'delete'
    world.advance(1000)
    expect(world.ask('DBSIZE')).toBe(0)
  })

  test('tells each death by itself', () => {
    const world = testEngine()
    world.ask('SET a v PX 1')
    world.ask('SET b v PX 1')
    world.history.length = 0
    world.events.length = 0
    world.advance(1000)
    expect(world.history.sort()).toEqual(['DEL a', 'DEL b'])
    expect(world.events.sort()).toEqual(['expired a', 'expired b'])
  })

  test('says UNLINK under lazyfree-lazy-expire', () => {
    const world = testEngine({ config: { 'lazyfree-lazy-expire': 'yes' } })
    world.ask('SET a v PX 1')
    world.history.length = 0
    world.advance(1000)
    expect(world.history).toEqual(['UNLINK a'])
    world.ask('SET a v')
    world.history.length = 0
    world.ask('EXPIRE a -1')
    expect(world.history).toEqual(['UNLINK a'])
  })
})
