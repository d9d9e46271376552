import { expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { type Peer, TestNet } from '../../support/wire.js'

const LISTENERS = 100
/** What a write to a socket is to take. */
const WRITE_US = 100

test('who asked is answered first; many listeners are told in pieces, in their order', () => {
  const world = testEngine()
  const net = new TestNet(world)
  const publisher = net.connect()
  const listeners = Array.from({ length: LISTENERS }, () => net.connect())
  for (const listener of listeners) listener.say('SUBSCRIBE news')
  for (const peer of [publisher, ...listeners]) peer.heard()

  const told: Peer[] = []
  for (const peer of [publisher, ...listeners]) {
    const write = peer.write.bind(peer)
    peer.write = bytes => {
      told.push(peer)
      world.clock.stall(WRITE_US)
      return write(bytes)
    }
  }
  const { turns } = world.engine.stats
  publisher.say('PUBLISH news hello')

  expect(told).toEqual([publisher, ...listeners])
  expect(publisher.heard()).toBe(`:${LISTENERS}\r\n`)
  const message = '*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n'
  expect(listeners.map(listener => listener.heard())).toEqual(listeners.map(() => message))
  // About a millisecond of writes in a turn.
  expect(world.engine.stats.turns - turns).toBeGreaterThanOrEqual((LISTENERS * WRITE_US) / 2000)
})

test('a listener that goes before it is told is forgotten', () => {
  const world = testEngine()
  const net = new TestNet(world)
  const [publisher, gone, stays] = [net.connect(), net.connect(), net.connect()]
  for (const listener of [gone, stays]) listener.say('SUBSCRIBE news')
  for (const peer of [gone, stays]) peer.heard()
  const { session } = gone.connection
  net.outbox.tell(gone.connection)
  gone.connection.closed()
  publisher.say('PUBLISH news hello')
  expect([world.engine.sessions.has(session.id), gone.heard()]).toEqual([false, ''])
  expect(stays.heard()).toContain('hello')
})
