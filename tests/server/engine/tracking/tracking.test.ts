import { describe, expect, test } from 'vitest'
import { type TestClient, type TestEngine, testEngine } from '../../../support/engine.js'
import { Push, type Reply } from '../../../support/reply.js'

const push = (...items: Reply[]): Push => new Push(items)
const stale = (...keys: string[]): Push => push('invalidate', keys)
const redirected = (...keys: string[]): Reply => ['message', '__redis__:invalidate', keys]

/** A client that tracks and has its invalidations sent to another, which is subscribed. */
function redirection(
  world: TestEngine,
  options = '',
  protocol: 2 | 3 = 2,
): { reader: TestClient; ear: TestClient } {
  const ear = world.client('ear')
  const reader = world.client('reader', protocol)
  ear.ask('SUBSCRIBE __redis__:invalidate')
  reader.ask(`CLIENT TRACKING ON REDIRECT ${ear.session.id} ${options}`)
  return { reader, ear }
}

describe('redirection', () => {
  test('lets a RESP2 client hear of it on another connection', () => {
    const world = testEngine()
    const { reader, ear } = redirection(world)
    expect(reader.ask('CLIENT GETREDIR')).toBe(ear.session.id)
    reader.ask('GET a')
    world.ask('SET a 1')
    expect(ear.receive().value).toEqual(redirected('a'))
    world.ask('FLUSHALL')
    expect(ear.receive().value).toEqual(['message', '__redis__:invalidate', null])
    expect(reader.waiting).toBe(0)
  })

  test('is of no use while the other connection is not subscribed', () => {
    const world = testEngine()
    const { reader, ear } = redirection(world)
    ear.ask('UNSUBSCRIBE')
    reader.ask('GET a')
    world.ask('SET a 1')
    expect(ear.waiting).toBe(0)
  })

  test('to a RESP3 client makes a push, subscribed or not', () => {
    const world = testEngine()
    const { reader, ear } = redirection(world, 'BCAST')
    ear.ask('UNSUBSCRIBE')
    ear.ask('HELLO 3')
    reader.ask('SET a 1')
    expect(ear.receive().value).toEqual(stale('a'))
  })

  test('that breaks is told to a RESP3 client at each key', () => {
    const world = testEngine()
    const { reader, ear } = redirection(world, '', 3)
    const { id } = ear.session
    reader.ask('GET a')
    ear.close()
    world.ask('SET a 1')
    expect(reader.receive().value).toEqual(push('tracking-redir-broken', id))
    const info = reader.ask('CLIENT TRACKINGINFO') as ReadonlyMap<string, Reply>
    expect(info.get('flags')).toEqual(new Set(['on', 'broken_redirect']))
    expect(info.get('redirect')).toBe(id)
    expect(reader.ask('CLIENT LIST')).toContain(` flags=tR db=0 `)
    reader.ask('CLIENT TRACKING ON')
    expect(reader.ask('CLIENT LIST')).toContain(` flags=t db=0 `)
  })
})

describe('whose keys', () => {
  test('who changes to BCAST hears nothing of keys read before', () => {
    const world = testEngine()
    const client = world.client('reader', 3)
    for (const line of [
      'CLIENT TRACKING ON',
      'GET a',
      'CLIENT TRACKING OFF',
      'CLIENT TRACKING ON BCAST PREFIX b',
    ])
      client.ask(line)
    world.ask('MSET a 1 b 1')
    expect(client.receive().value).toEqual(stale('b'))
    expect(client.waiting).toBe(0)
    expect(client.ask('CLIENT LIST')).toContain(` flags=tB db=0 `)
  })

  test('a NOLOOP client hears of its own keys when they expire', () => {
    const world = testEngine()
    const client = world.client('reader', 3)
    client.ask('CLIENT TRACKING ON BCAST NOLOOP')
    client.ask('SET mine 1 PX 10')
    expect(client.waiting).toBe(0)
    world.advance(1000)
    expect(client.receive().value).toEqual(stale('mine'))
  })

  test('who cached an evicted key hears of it before the reply to the command that it made room for', () => {
    const world = testEngine({ config: { 'maxmemory-policy': 'volatile-random' } })
    const client = world.client('reader', 3)
    for (const line of [
      'CLIENT TRACKING ON',
      'SET volatile 1 EX 10000',
      'GET volatile',
      'SETBIT big 1600000 0',
    ])
      client.ask(line)
    client.ask('CONFIG SET maxmemory 150000')
    expect(client.ask('GETBIT big 0')).toEqual(stale('volatile'))
    expect(client.receive().value).toBe(0)
  })

  test('keys of clients that left are forgotten when they change', () => {
    const world = testEngine()
    const client = world.client('reader', 3)
    client.ask('CLIENT TRACKING ON')
    client.ask('MGET a b')
    client.close()
    const { tracking } = world.engine
    expect([tracking.clients, tracking.keys]).toEqual([0, 2])
    world.ask('MSET a 1 b 1')
    expect([tracking.keys, tracking.pairs]).toEqual([0, 0])
  })
})

describe('tracking-table-max-keys', () => {
  /** A client that has read 250 keys. */
  function wellRead(world: TestEngine): TestClient {
    const client = world.client('reader', 3)
    client.ask('CLIENT TRACKING ON')
    for (let i = 0; i < 250; i++) client.ask(`GET key${i}`)
    return client
  }

  test('has just enough keys forgotten, by further commands or by time', () => {
    const world = testEngine()
    const client = wellRead(world)
    world.ask('CONFIG SET tracking-table-max-keys 1')
    expect(client.waiting).toBe(0)
    world.ask('PING')
    expect(client.waiting).toBe(100)
    world.advance(1000)
    expect(client.waiting).toBe(249)
    expect(world.engine.tracking.keys).toBe(1)
    expect(world.engine.alert).toBe(0)
  })

  test('of 0 is no limit', () => {
    const world = testEngine({ config: { 'tracking-table-max-keys': '0' } })
    wellRead(world)
    world.advance(1000)
    expect(world.engine.tracking.keys).toBe(250)
  })

  test('tells a client of its keys before the next reply, queued or not', () => {
    const world = testEngine({ config: { 'tracking-table-max-keys': '1' } })
    const client = world.client('reader', 3)
    client.ask('CLIENT TRACKING ON')
    client.ask('MGET a b')
    client.send('MULTI')
    expect(client.receive().value).toBeInstanceOf(Push)
    expect(client.receive().value).toBe('OK')
  })
})

test('INFO counts clients, keys, readers and prefixes', () => {
  const world = testEngine()
  const one = world.client('one')
  const two = world.client('two')
  for (const client of [one, two]) {
    client.ask('CLIENT TRACKING ON')
    client.ask('MGET a b')
  }
  world.client('three').ask('CLIENT TRACKING ON BCAST PREFIX c PREFIX d')
  const info = world.ask('INFO everything')
  expect(info).toContain('\r\ntracking_clients:3\r\n')
  expect(info).toContain(
    '\r\ntracking_total_keys:2\r\ntracking_total_items:4\r\ntracking_total_prefixes:2\r\n',
  )
})

test('a client is charged for its prefixes until it tracks no more', () => {
  const world = testEngine()
  const client = world.client('reader')
  client.ask('CLIENT TRACKING ON BCAST PREFIX some PREFIX other')
  expect(client.session.heldBytes).toBeGreaterThan(200)
  client.ask('RESET')
  expect(client.session.heldBytes).toBe(0)
  expect(world.engine.tracking.prefixes).toBe(0)
})

test('the memory of the table counts against maxmemory', () => {
  const world = testEngine()
  const client = world.client('reader')
  client.ask('CLIENT TRACKING ON')
  const before = world.engine.memory.limited
  for (let i = 0; i < 1000; i++) client.ask(`GET key${i}`)
  expect(world.engine.memory.limited).toBeGreaterThan(before + 1000 * 32)
})
