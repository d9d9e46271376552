import { expect, test } from 'vitest'
import { Config } from '../../server/config/config.js'
import { Heartbeat, rounds } from '../../server/heartbeat.js'
import { VirtualClock } from '../../server/lib/clock.js'

const ANYBODY = { loading: false, maySetProtected: true }

function beating(clients = () => 0) {
  const clock = new VirtualClock()
  const config = new Config()
  let beats = 0
  const heartbeat = new Heartbeat(clock, config, clients, () => (beats += 1))
  const beatsIn = (ms: number): number => {
    const before = beats
    clock.advance(ms)
    return beats - before
  }
  return { heartbeat, config, beatsIn }
}

test('it beats hz times a second, until it is stopped', () => {
  const { heartbeat, beatsIn } = beating()
  heartbeat.start()
  expect(beatsIn(1000)).toBe(10)
  heartbeat.stop()
  expect(beatsIn(1000)).toBe(0)
})

test('CONFIG SET hz changes the pace at once', () => {
  const { heartbeat, config, beatsIn } = beating()
  heartbeat.start()
  expect(config.set([['hz', '100']], ANYBODY)).toBe(null)
  expect(beatsIn(1000)).toBe(100)
})

test('many clients quicken it, their leaving slows it down', () => {
  let clients = 0
  const { heartbeat, beatsIn } = beating(() => clients)
  heartbeat.start()
  clients = 3000
  beatsIn(100)
  expect(beatsIn(1000)).toBe(20)
  clients = 0
  beatsIn(100)
  expect(beatsIn(1000)).toBe(10)
})

test('the rate doubles until a round cares for 200 clients, and ends at 500', () => {
  expect([rounds(10, true, 2000), rounds(10, true, 2001), rounds(10, true, 10_000)]).toEqual([10, 20, 80])
  expect(rounds(10, true, 1_000_000)).toBe(500)
  expect(rounds(10, false, 1_000_000)).toBe(10)
})
