import { expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'

test('a pause asked for again becomes stricter and longer, never milder or shorter', () => {
  const { engine } = testEngine()
  engine.pause.begin('client', 'all', 1000)
  engine.pause.begin('client', 'write', 10)
  expect(engine.pause.mode).toBe('all')
})

test('the strictest of several pauses holds, and each ends for itself', () => {
  const world = testEngine()
  const { pause } = world.engine
  pause.begin('failover', 'write', Infinity)
  pause.begin('client', 'all', 500)
  expect(pause.mode).toBe('all')
  world.advance(499)
  expect(pause.mode).toBe('all')
  world.advance(1)
  expect(pause.mode).toBe('write')
  pause.end('failover')
  expect(pause.active).toBe(false)
  pause.end('failover')
  expect(pause.active).toBe(false)
})

test('replicas and the AOF at its loading are never paused', () => {
  const world = testEngine()
  const [replica, loader] = [world.client('replica'), world.client('loader')]
  replica.session.class = 'replica'
  loader.session.trusted = true
  world.engine.pause.begin('shutdown', 'all', Infinity)
  expect(replica.ask('PING')).toBe('PONG')
  expect(loader.ask('SET x 1')).toBe('OK')
})

test('kept commands that another pause still holds run in their order when that ends', () => {
  const world = testEngine()
  const { pause } = world.engine
  pause.begin('client', 'write', 1000)
  const [a, b] = [world.client('a'), world.client('b')]
  a.send('APPEND x a')
  b.send('APPEND x b')
  pause.begin('failover', 'write', Infinity)
  pause.end('client')
  world.advance(10)
  expect(a.waiting + b.waiting).toBe(0)
  pause.end('failover')
  world.advance(10)
  expect(a.receive().value).toBe(1)
  expect(b.receive().value).toBe(2)
})
