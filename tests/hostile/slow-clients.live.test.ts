import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Attacker, request } from './attacker.js'
import { Target, until } from './target.js'

/** Clients that do not do their part: they do not read, do not end what they began, or are suddenly gone. */

const MB = 1024 * 1024
/** What one PING of a bystander may take, on a busy machine that also plays all the attackers. */
const FAST_MS = 1000

let target: Target
let bystander: Attacker

beforeEach(async () => {
  target = await Target.start()
  bystander = await Attacker.open(target.port)
})

afterEach(async () => {
  bystander[Symbol.dispose]()
  await target.isUnharmed()
  await target[Symbol.asyncDispose]()
})

test('500 clients that send a byte now and then are answered in the end, and nobody else waits for them', async () => {
  const bytes = request('SET', 'key', 'value')
  const attackers = await openMany(500)
  for (const byte of bytes) {
    for (const attacker of attackers) attacker.socket.write(Buffer.of(byte))
    await isServed()
  }
  for (const attacker of attackers) expect(await attacker.hears(5)).toBe('+OK\r\n')
  close(attackers)
})

test('a client that reads nothing of 100 MB of replies is not read from, and takes bounded memory', async () => {
  await bystander.answersTo(request('SET', 'big', Buffer.alloc(MB)))
  using attacker = await Attacker.open(target.port)
  attacker.socket.pause()
  const replies = 200
  for (let i = 0; i < replies; i++) attacker.socket.write(request('GET', 'big'))
  for (let i = 0; i < 20; i++) {
    await isServed()
    expect(target.clientBytes).toBeLessThan(80 * MB)
  }
  attacker.socket.resume()
  await until(() => attacker.bytesHeard === replies * (MB + 12))
})

test('the memory of a client that reads nothing and is gone comes back', async () => {
  await bystander.answersTo(request('SET', 'big', Buffer.alloc(MB)))
  using attacker = await Attacker.open(target.port)
  attacker.socket.pause()
  await attacker.send(request('GET', 'big').toString('latin1').repeat(60))
  await until(() => target.clientBytes > 40 * MB)
  attacker.socket.destroy()
  await until(() => target.clientBytes < MB)
})

test('CLIENT KILL ends a client in the middle of a big reply', async () => {
  await bystander.answersTo(request('SET', 'big', Buffer.alloc(32 * MB)))
  using attacker = await Attacker.open(target.port)
  const id = /\d+/.exec(await attacker.answersTo(request('CLIENT', 'ID')))![0]
  attacker.socket.pause()
  await attacker.send(request('GET', 'big'))
  await until(() => target.clientBytes > 16 * MB)
  expect(await bystander.answersTo(request('CLIENT', 'KILL', 'ID', id))).toBe(':1\r\n')
  await until(() => target.clientBytes < MB)
  attacker.socket.resume()
  await attacker.ended()
  expect(attacker.bytesHeard).toBeLessThan(32 * MB)
})

test('a client that says QUIT and reads late still gets all that it asked for', async () => {
  await bystander.answersTo(request('SET', 'big', Buffer.alloc(16 * MB)))
  using attacker = await Attacker.open(target.port)
  attacker.socket.pause()
  await attacker.send(Buffer.concat([request('SUBSCRIBE', 'news'), request('QUIT')]))
  using reader = await Attacker.open(target.port)
  reader.socket.pause()
  await reader.send(Buffer.concat([request('GET', 'big'), request('QUIT')]))
  await until(() => target.clientBytes > 4 * MB)
  await isServed()
  reader.socket.resume()
  await reader.ended()
  expect(reader.bytesHeard).toBe(16 * MB + 13 + 5)
})

test('a message for a subscriber that has said QUIT does not cost it the replies that wait', async () => {
  await bystander.answersTo(request('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 0 0 0'))
  await bystander.answersTo(request('SET', 'big', Buffer.alloc(16 * MB)))
  using attacker = await Attacker.open(target.port)
  attacker.socket.pause()
  await attacker.send(
    Buffer.concat([
      request('HELLO', '3'),
      request('GET', 'big'),
      request('SUBSCRIBE', 'news'),
      request('QUIT'),
    ]),
  )
  await until(() => target.clientBytes > 4 * MB)
  for (let i = 0; i < 5; i++) await bystander.answersTo(request('PUBLISH', 'news', 'x'.repeat(100)))
  attacker.socket.resume()
  await attacker.ended()
  expect(attacker.bytesHeard).toBeGreaterThan(16 * MB)
  expect(attacker.heard.includes('+OK\r\n')).toBe(true)
})

test('a client that has ended its own side gets the replies to all that it sent', async () => {
  using attacker = await Attacker.open(target.port)
  attacker.socket.end(request('PING').toString('latin1').repeat(10_000))
  await attacker.ended()
  expect(attacker.heard).toBe('+PONG\r\n'.repeat(10_000))
})

test('a client that has ended its own side and reads late gets a big reply whole', async () => {
  await bystander.answersTo(request('SET', 'big', Buffer.alloc(16 * MB)))
  using attacker = await Attacker.open(target.port)
  attacker.socket.pause()
  attacker.socket.end(Buffer.concat([request('GET', 'big'), request('GET', 'big'), request('GET', 'big')]))
  await until(() => target.clientBytes > 16 * MB)
  await isServed()
  attacker.socket.resume()
  await attacker.ended()
  expect(attacker.bytesHeard).toBe(3 * (16 * MB + 13))
})

test('a client that ends its side while it waits is gone at once', async () => {
  using attacker = await Attacker.open(target.port)
  await attacker.send(request('BLPOP', 'list', '0'))
  await until(() => target.engine.waiting.blocked === 1)
  attacker.socket.end()
  await attacker.ended()
  await until(() => target.engine.waiting.blocked === 0)
  expect(await bystander.answersTo(request('RPUSH', 'list', 'a'))).toBe(':1\r\n')
  expect(await bystander.answersTo(request('LLEN', 'list'))).toBe(':1\r\n')
})

test('clients that are gone in the middle of anything leave nothing behind', async () => {
  const middles = [
    '*',
    '*3\r\n$3\r\nSET\r\n$5\r\nhel',
    '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$500000000\r\nabc',
    `*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2000000\r\n${'x'.repeat(1_000_000)}`,
    'MULTI\r\nSET a b\r\nSET a c\r\n',
    'WATCH a\r\nMULTI\r\n',
    'BLPOP a b c 0\r\nPING\r\n',
    'SUBSCRIBE a b\r\nPSUBSCRIBE c\r\n',
    'MONITOR\r\n',
    'HELLO 3\r\nCLIENT TRACKING ON BCAST\r\nGET a\r\n',
    'CLIENT REPLY OFF\r\nPING\r\n',
    'ECHO "abc',
    `${'PING\r\n'.repeat(10_000)}*2\r\n$4\r\nECHO\r\n$100\r\n`,
  ]
  for (const how of ['destroy', 'resetAndDestroy'] as const) {
    const attackers = await openMany(middles.length * 4)
    await Promise.all(attackers.map((attacker, i) => attacker.send(middles[i % middles.length])))
    await isServed()
    for (const { socket } of attackers) socket[how]()
    await until(() => target.engine.sessions.size === 1)
  }
  expect(await bystander.answersTo(request('PUBSUB', 'CHANNELS'))).toBe('*0\r\n')
})

test('10,000 connections that come and go leave nothing behind', { timeout: 30_000 }, async () => {
  for (let i = 0; i < 20; i++) {
    const sockets = Array.from({ length: 500 }, (_, n) => passerBy(n))
    await Promise.all(sockets.map(socket => once(socket, 'close')))
    if (i % 5 === 0) await isServed()
  }
  await until(() => target.engine.sessions.size === 1)
  expect(target.engine.stats.connections).toBeGreaterThanOrEqual(10_000)
})

/** Comes, says something or half of it or nothing, and goes. */
function passerBy(n: number): Socket {
  const said = ['', request('GET', 'nothing'), '*2\r\n$3\r\nGET\r\n$10\r\nabc'][n % 3]
  const socket = connect(target.port, '127.0.0.1', () => socket.end(said))
  return socket.resume()
}

async function openMany(count: number): Promise<Attacker[]> {
  return Promise.all(Array.from({ length: count }, () => Attacker.open(target.port)))
}

function close(attackers: readonly Attacker[]): void {
  for (const attacker of attackers) attacker[Symbol.dispose]()
}

async function isServed(): Promise<void> {
  const before = performance.now()
  expect(await bystander.answersTo('')).toBe('')
  expect(performance.now() - before).toBeLessThan(FAST_MS)
}
