import { expect, test } from 'vitest'
import { Mem } from '../../../server/lib/bytes.js'
import type { Wire } from '../../../server/lib/network.js'
import type { Connection } from '../../../server/net/connection.js'
import { ClientLimits } from '../../../server/net/limits.js'
import { Outbox } from '../../../server/net/outbox.js'
import { Reception } from '../../../server/net/reception.js'
import { HEADROOM } from '../../../server/resp/parser.js'
import { testEngine } from '../../support/engine.js'

/** A wire that remembers what was done to it. */
class FakeWire implements Wire {
  readonly remoteAddress = '192.0.2.7:50000'
  readonly localAddress = '192.0.2.1:6379'
  readonly fd = 7
  readonly pending = 0
  readonly unix = false
  sent = ''
  keepAliveSeconds = -1
  state: 'open' | 'ended' | 'destroyed' = 'open'
  owner: Connection | null = null

  constructor(readonly loopback = true) {}

  write(bytes: Uint8Array): boolean {
    this.sent += Buffer.from(bytes).toString('latin1')
    return true
  }

  noDelay(): void {
    // Nobody asks.
  }

  keepAlive(seconds: number): void {
    this.keepAliveSeconds = seconds
  }

  end(): void {
    this.state = 'ended'
    this.owner?.closed()
  }

  destroy(): void {
    this.state = 'destroyed'
    this.owner?.closed()
  }

  pause(): void {}
  resume(): void {}
}

function house(config: Record<string, string>) {
  const world = testEngine({ config })
  const reception = new Reception(world.engine, new Outbox(world.engine, new ClientLimits(world.engine)))
  const enter = (wire = new FakeWire()): FakeWire => {
    wire.owner = reception.accept(wire)
    return wire
  }
  const say = (wire: FakeWire, line: string): string => {
    const bytes = Buffer.concat([Buffer.alloc(HEADROOM), Buffer.from(`${line}\r\n`)])
    wire.owner?.received(Mem.copyOf(bytes), HEADROOM, bytes.length - HEADROOM)
    world.clock.advance(0)
    const { sent } = wire
    wire.sent = ''
    return sent
  }
  const pass = (ms: number): void => {
    world.advance(ms)
    reception.tick(world.engine.keyspace.now)
  }
  return { world, reception, enter, say, pass }
}

test('a client is let in and answered', () => {
  const { enter, say, reception, world } = house({ 'tcp-keepalive': '60' })
  const wire = enter()
  expect(say(wire, 'PING')).toBe('+PONG\r\n')
  expect([reception.count, world.engine.stats.connections, wire.keepAliveSeconds]).toEqual([1, 1, 60])
})

test('one client more than maxclients is told so and sent away, until another has left', () => {
  const { enter, reception, world } = house({ maxclients: '1' })
  const first = enter()
  const second = enter()
  expect([second.sent, second.state, second.owner]).toEqual([
    '-ERR max number of clients reached\r\n',
    'ended',
    null,
  ])
  expect([reception.count, world.engine.stats.rejectedConnections]).toEqual([1, 1])
  first.destroy()
  expect(enter().state).toBe('open')
})

test('protected mode sends away who comes from elsewhere', () => {
  const { enter, world } = house({})
  const wire = enter(new FakeWire(false))
  expect(wire.sent).toMatch(/^-DENIED Redis is running in protected mode .*\r\n$/)
  expect([wire.state, world.engine.stats.rejectedConnections]).toEqual(['ended', 1])
})

test('without protected mode, or with a password, it lets them in', () => {
  expect(house({ 'protected-mode': 'no' }).enter(new FakeWire(false)).state).toBe('open')
  expect(house({ requirepass: 'secret' }).enter(new FakeWire(false)).state).toBe('open')
})

test('timeout lets go of the silent, not of those who spoke since', () => {
  const { enter, say, pass } = house({ timeout: '10' })
  const silent = enter()
  const talkative = enter()
  pass(9000)
  say(talkative, 'PING')
  pass(2000)
  expect([silent.state, talkative.state]).toEqual(['destroyed', 'open'])
})

test('without a timeout nobody has to speak', () => {
  const { enter, pass } = house({})
  const wire = enter()
  pass(10 ** 6)
  expect(wire.state).toBe('open')
})

test('close ends everybody in order, destroy at once', () => {
  const { enter, reception, world } = house({})
  const wire = enter()
  reception.close()
  world.clock.advance(0)
  expect([wire.state, reception.count]).toEqual(['ended', 0])
  const other = enter()
  reception.destroy()
  expect(other.state).toBe('destroyed')
})
