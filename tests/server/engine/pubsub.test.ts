import { expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { Push, type Reply } from '../../support/reply.js'

const push = (...items: Reply[]): Push => new Push(items)

test('a session that closes leaves all its channels', () => {
  const world = testEngine()
  const { pubsub } = world.engine
  const client = world.client('listener')
  client.ask('SUBSCRIBE a')
  client.ask('PSUBSCRIBE b*')
  client.ask('SSUBSCRIBE c')
  expect([pubsub.channels.size, pubsub.patterns.size, pubsub.shardChannels.size]).toEqual([1, 1, 1])
  client.close()
  expect([pubsub.channels.size, pubsub.patterns.size, pubsub.shardChannels.size]).toEqual([0, 0, 0])
  expect(world.ask('PUBLISH a hello')).toBe(0)
})

test('a session has the output limits of class pubsub while it subscribes to anything', () => {
  const world = testEngine()
  const { session } = world.client()
  expect(session.class).toBe('normal')
  for (const [join, leave] of [
    ['SUBSCRIBE a', 'UNSUBSCRIBE'],
    ['PSUBSCRIBE *', 'PUNSUBSCRIBE'],
    ['SSUBSCRIBE c', 'SUNSUBSCRIBE'],
    ['SUBSCRIBE a', 'RESET'],
  ]) {
    world.ask(join)
    expect(session.class, join).toBe('pubsub')
    world.ask(leave)
    expect(session.class, leave).toBe('normal')
  }
})

test('receivers of one protocol share the bytes of a message', () => {
  const world = testEngine()
  const sent: Uint8Array[] = []
  const send = world.engine.pushes.send.bind(world.engine.pushes)
  world.engine.pushes.send = (session, bytes) => {
    sent.push(bytes)
    send(session, bytes)
  }
  world.client('two').ask('SUBSCRIBE a')
  world.client('also two').ask('SUBSCRIBE a')
  world.client('three', 3).ask('SUBSCRIBE a')
  world.ask('PUBLISH a hello')
  expect(sent).toHaveLength(3)
  expect(sent[0]).toBe(sent[1])
  expect(Buffer.from(sent[2]).toString()).toBe(Buffer.from(sent[0]).toString().replace('*', '>'))
})

test('a RESP3 client hears of its own change behind the reply, and of those of a transaction behind EXEC', () => {
  const world = testEngine()
  world.engine.changes.notify = world.engine.config.values.notifyKeyspaceEvents | 0xffff
  const client = world.client('a', 3)
  client.ask('SUBSCRIBE __keyevent@0__:set')
  expect(client.ask('SET key value')).toBe('OK')
  expect(client.receive().value).toEqual(push('message', '__keyevent@0__:set', 'key'))
  client.ask('MULTI')
  client.ask('SET one 1')
  client.ask('SET two 2')
  expect(client.ask('EXEC')).toEqual(['OK', 'OK'])
  expect(client.receive().value).toEqual(push('message', '__keyevent@0__:set', 'one'))
  expect(client.receive().value).toEqual(push('message', '__keyevent@0__:set', 'two'))
})

test('a message told between commands, to whoever spoke last, goes out with the turn', () => {
  const world = testEngine()
  const client = world.client('a', 3)
  client.ask('SUBSCRIBE news')
  world.engine.publish('news', Buffer.from('late'))
  expect(client.waiting).toBe(0)
  world.advance(0)
  expect(client.receive().value).toEqual(push('message', 'news', 'late'))
})

test('PUBLISH goes to sinks that take messages, in its place in the transaction, and to no others', () => {
  const world = testEngine()
  const replica: string[] = []
  world.engine.journal.attach({
    takesMessages: true,
    append: (_db, mem, start, length) => replica.push(mem.u8.latin1Slice(start, start + length)),
  })
  const names = (): string[] =>
    [
      ...replica
        .splice(0)
        .join('')
        .matchAll(/\*\d\r\n\$\d\r\n(\w+)/g),
    ].map(match => match[1])
  world.ask('PUBLISH news hello')
  world.ask('SPUBLISH news hello')
  expect(names()).toEqual(['PUBLISH', 'SPUBLISH'])
  world.ask('MULTI')
  world.ask('SET key value')
  world.ask('PUBLISH news hello')
  world.ask('EXEC')
  expect(names()).toEqual(['MULTI', 'SET', 'PUBLISH', 'EXEC'])
  expect(world.history.filter(line => line.startsWith('PUBLISH'))).toEqual([])
})

test('INFO counts channels, patterns and shard channels', () => {
  const world = testEngine()
  const client = world.client('listener')
  for (const line of ['SUBSCRIBE a', 'SUBSCRIBE b', 'PSUBSCRIBE c*']) client.ask(line)
  const info = world.ask('INFO stats')
  expect(info).toContain('\r\npubsub_channels:2\r\npubsub_patterns:1\r\npubsubshard_channels:0\r\n')
})
