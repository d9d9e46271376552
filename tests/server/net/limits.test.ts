import { describe, expect, test } from 'vitest'
import { clientBytes, clientMemory, SESSION_BYTES } from '../../../server/engine/client-memory.js'
import { bucketOf } from '../../../server/net/client-eviction.js'
import { CONGESTED_BYTES, isTooMuch } from '../../../server/net/output-limits.js'
import { ReplyBuffer } from '../../../server/net/reply-buffer.js'
import { testEngine } from '../../support/engine.js'
import { TestNet } from '../../support/wire.js'

const KB = 1024
const MB = 1024 * 1024

function netWith(config: Readonly<Record<string, string>> = {}): TestNet {
  return new TestNet(testEngine({ config }))
}

/** A request that announces a bulk and sends so many bytes of it, but not its end. */
function unfinished(bytes: number, words = 1): Buffer {
  return Buffer.from(`*${words}\r\n$${bytes}\r\n${'v'.repeat(bytes)}`)
}

describe('replies on their way out', () => {
  test('come in order though the client reads in fits and starts', () => {
    const net = netWith()
    const peer = net.connect()
    peer.say(`SET k ${'x'.repeat(100_000)}`, 'GET k', 'PING one')
    peer.room = 0
    for (let i = 0; i < 50; i++) peer.say('GET k', `PING ${i}`)
    peer.catchUp()
    const bulk = `$100000\r\n${'x'.repeat(100_000)}\r\n`
    const rest = Array.from({ length: 50 }, (_, i) => `${bulk}$${String(i).length}\r\n${i}\r\n`)
    expect(peer.heard()).toBe(`+OK\r\n${bulk}$3\r\none\r\n${rest.join('')}`)
  })

  test('take memory while they wait, all of which comes back', () => {
    const net = netWith()
    const { engine } = net.world
    const peer = net.connect()
    const before = engine.clientBytes
    peer.say(`SET k ${'x'.repeat(100_000)}`)
    peer.room = 0
    for (let i = 0; i < 30; i++) peer.say('GET k')
    expect(peer.connection.outputBytes).toBe(30 * 100_011)
    expect(engine.clientBytes - before).toBeGreaterThan(30 * 100_000)
    peer.catchUp()
    expect(peer.connection.outputBytes).toBe(0)
    expect(engine.clientBytes).toBe(before + peer.connection.queryCapacity)
    peer.connection.closed()
    expect(engine.clientBytes).toBe(before - SESSION_BYTES)
  })

  test('of many small pieces share their chunks while the client does not read', () => {
    const net = netWith()
    const peer = net.connect()
    peer.room = 0
    for (let i = 0; i < 1000; i++) peer.say('PING')
    expect(net.world.engine.chunks.lent).toBeLessThanOrEqual(64 * KB)
  })

  test('are all sent before a connection ends', () => {
    const net = netWith()
    const peer = net.connect()
    peer.say(`SET k ${'x'.repeat(3 * MB)}`)
    peer.heard()
    peer.room = 0
    peer.say('GET k', 'GET k', 'GET k')
    peer.connection.session.close()
    net.world.clock.advance(0)
    expect(peer.ended).toBe(false)
    peer.catchUp()
    expect(peer.heard().length).toBe(3 * (3 * MB + 12))
    expect(peer.ended).toBe(true)
  })
})

describe('a client without limits that does not read', () => {
  test('is not read from above 64 MB of replies, until it has caught up with half of them', () => {
    const net = netWith()
    const peer = net.connect()
    peer.say(`SET k ${'x'.repeat(MB)}`)
    peer.heard()
    peer.room = 0
    peer.say(...Array.from({ length: 200 }, () => 'GET k'), 'SET done yes')
    expect(peer.reading).toBe(false)
    expect(peer.connection.outputBytes).toBeLessThan(CONGESTED_BYTES + 2 * MB)
    expect(net.world.ask('EXISTS done')).toBe(0)
    peer.catchUp()
    expect(peer.reading).toBe(true)
    expect(net.world.ask('EXISTS done')).toBe(1)
    expect(peer.heard().length).toBe(200 * (MB + 12) + 5)
  })
})

describe('client-output-buffer-limit', () => {
  test('counts from the hard limit at once, from the soft limit after some time', () => {
    const limit = { hardBytes: 100, softBytes: 50, softSeconds: 3 }
    expect(isTooMuch(limit, 99, null, 0)).toBe(false)
    expect(isTooMuch(limit, 100, null, 0)).toBe(true)
    expect(isTooMuch(limit, 60, 1000, 4000)).toBe(false)
    expect(isTooMuch(limit, 60, 1000, 4001)).toBe(true)
    expect(isTooMuch({ hardBytes: 0, softBytes: 0, softSeconds: 0 }, 1e12, null, 0)).toBe(false)
  })

  test('closes without a byte of the reply that was too much', () => {
    const net = netWith({ 'client-output-buffer-limit': 'normal 100000 0 0' })
    const peer = net.connect()
    peer.say(`SET k ${'x'.repeat(10_000)}`)
    peer.heard()
    peer.say(...Array.from({ length: 15 }, () => 'GET k'))
    expect(peer.heard()).toBe('')
    expect(peer.destroyed).toBe(true)
    expect(net.world.engine.stats.outputBufferLimitDisconnections).toBe(1)
    expect(net.world.engine.sessions.has(peer.connection.session.id)).toBe(false)
    expect(net.world.engine.chunks.lent).toBe(0)
  })

  test('counts all of a reply that does not fit the reply buffer, and nothing of one that does', () => {
    const net = netWith({ 'client-output-buffer-limit': 'normal 100000 0 0' })
    const peer = net.connect()
    const keys = Array.from({ length: 1000 }, (_, i) => `SET ${String(i).padStart(100, 'k')} v`)
    peer.say(...keys)
    peer.heard()
    expect(peer.connection.replyBuffer).toBe(16 * KB)
    peer.say('KEYS *')
    expect(peer.heard()).toBe('')
    expect(peer.destroyed).toBe(true)

    net.world.ask('CONFIG SET client-output-buffer-limit "normal 1000 0 0"')
    const other = net.connect()
    other.say(`ECHO ${'x'.repeat(10_000)}`)
    expect(other.heard()).toBe(`$10000\r\n${'x'.repeat(10_000)}\r\n`)
    expect(other.destroyed).toBe(false)
  })

  test('runs a transaction to its end though nobody will hear of it', () => {
    const net = netWith({ 'client-output-buffer-limit': 'normal 100000 0 0' })
    const peer = net.connect()
    const big = 'x'.repeat(200_000)
    peer.say(`SET k ${big}`, 'MULTI', 'SET a 1', 'GET k', 'GET k', 'SET b 2', 'EXEC')
    expect(peer.destroyed).toBe(true)
    expect(net.world.ask('GET a')).toBe('1')
    expect(net.world.ask('GET b')).toBe('2')
  })

  test('keeps memory bounded in the middle of one command', () => {
    const net = netWith({ 'client-output-buffer-limit': 'normal 1000000 0 0' })
    const peer = net.connect()
    const { reply } = peer.connection.session
    const open = reply.openArray()
    for (let i = 0; i < 100_000; i++) reply.text('x'.repeat(100))
    reply.closeArray(open, 100_000)
    expect(reply.overflowed).toBe(true)
    expect(net.world.engine.chunks.lent).toBeLessThan(MB)
    net.world.clock.advance(0)
    expect(peer.destroyed).toBe(true)
  })

  test('lets a client stay above the soft limit for so long, and starts anew when it has caught up', async () => {
    const net = netWith({ 'client-output-buffer-limit': 'normal 0 100000 3' })
    const peer = net.connect()
    peer.say(`SET k ${'x'.repeat(50_000)}`)
    peer.room = 0
    peer.say('GET k', 'GET k', 'GET k')
    await net.tick(2500)
    expect(peer.destroyed).toBe(false)
    peer.catchUp(Infinity)
    peer.room = 0
    peer.say('GET k', 'GET k', 'GET k')
    await net.tick(2500)
    expect(peer.destroyed).toBe(false)
    await net.tick(1000)
    expect(peer.destroyed).toBe(true)
  })
})

describe('client-query-buffer-limit', () => {
  test('closes the client whose unfinished request is larger', () => {
    const net = netWith({ 'client-query-buffer-limit': '1mb' })
    const peer = net.connect()
    peer.sayBytes(unfinished(900 * KB))
    expect(peer.destroyed).toBe(false)
    const other = net.connect()
    other.sayBytes(unfinished(1100 * KB))
    expect(other.destroyed).toBe(true)
    expect(net.world.engine.stats.inputBufferLimitDisconnections).toBe(1)
  })
})

describe('the query buffer', () => {
  test('holds a bulk on its way with nothing to spare', () => {
    const net = netWith()
    const peer = net.connect()
    peer.sayBytes(unfinished(300_000))
    const { session } = peer.connection
    expect(clientMemory(session).query).toBe(300_000)
    expect(peer.connection.queryCapacity).toBeLessThan(300_100)
    expect(net.world.engine.requestBytes).toBe(peer.connection.queryCapacity)
  })

  test('is kept for the next large request and given back when none comes', async () => {
    const net = netWith()
    const peer = net.connect()
    peer.say(`SET x ${'A'.repeat(400_000)}`)
    expect(peer.connection.queryCapacity).toBeGreaterThan(400_000)
    await net.tick(1000)
    peer.say('SET x small')
    await net.tick(1000)
    expect(peer.connection.queryCapacity).toBe(0)
    expect(net.world.engine.requestBytes).toBe(0)
  })

  test('of a client shows room while it speaks, and none when it has been silent for more than two seconds', async () => {
    const net = netWith()
    const peer = net.connect()
    peer.say('PING')
    const { session } = peer.connection
    const shown = () => clientMemory(session).query + clientMemory(session).queryFree
    expect(shown()).toBeGreaterThanOrEqual(16 * KB)
    expect(shown()).toBeLessThan(32 * KB)
    await net.tick(3100)
    expect(shown()).toBe(0)
  })

  test('survives being trimmed in the middle of a request', async () => {
    const net = netWith()
    const peer = net.connect()
    peer.say(`SET x ${'A'.repeat(400_000)}`)
    peer.sayBytes(Buffer.from('*3\r\n$3\r\nSET\r\n$1\r\ny\r\n$5\r\nhe'))
    await net.tick(4000)
    expect(peer.connection.queryCapacity).toBeLessThanOrEqual(1024)
    peer.sayBytes(Buffer.from('llo\r\n'))
    expect(net.world.ask('GET y')).toBe('hello')
  })
})

describe('the reply buffer', () => {
  test('doubles when a turn has filled it, shrinks when half of it would do', () => {
    const buffer = new ReplyBuffer()
    buffer.adapt(6000, 5000)
    buffer.adapt(12_000, 5000)
    expect(buffer.size).toBe(1024)
    buffer.filled(40_000)
    expect(buffer.peak).toBe(1024)
    buffer.adapt(13_000, -1)
    expect(buffer.size).toBe(2048)
    for (let i = 0; i < 5; i++) {
      buffer.filled(40_000)
      buffer.adapt(14_000, -1)
    }
    expect(buffer.size).toBe(16 * KB)
  })
})

describe('maxmemory-clients', () => {
  test('sorts clients by powers of two', () => {
    expect(bucketOf(0)).toBe(0)
    expect(bucketOf(32 * KB - 1)).toBe(0)
    expect(bucketOf(64 * KB)).toBe(bucketOf(64 * KB + 1))
    expect(bucketOf(128 * KB)).toBe(bucketOf(64 * KB) + 1)
    expect(bucketOf(2 ** 40)).toBe(bucketOf(2 ** 33))
  })

  test('lets the largest clients go until the rest fits', () => {
    const net = netWith()
    const sizes = [128 * KB, 128 * KB, MB, 3 * MB]
    const peers = sizes.map(bytes => {
      const peer = net.connect()
      peer.sayBytes(unfinished(bytes, 2))
      return peer
    })
    const sum = peers.reduce((all, { connection }) => all + clientBytes(connection.session), 0)
    set(net, sum - MB)
    expect(peers.map(peer => peer.destroyed)).toEqual([false, false, false, true])
    set(net, MB)
    expect(peers.map(peer => peer.destroyed)).toEqual([false, false, true, true])
    expect(net.world.engine.stats.evictedClients).toBe(2)
  })

  test('counts what clients leave unread', () => {
    const net = netWith({ 'maxmemory-clients': '3mb' })
    const reader = net.connect()
    reader.say(`SET k ${'x'.repeat(200 * KB)}`)
    const peer = net.connect()
    peer.room = 0
    for (let i = 0; i < 14; i++) peer.say('GET k')
    expect(peer.destroyed).toBe(false)
    peer.say('GET k')
    peer.say('GET k')
    expect(peer.destroyed).toBe(true)
    expect(reader.destroyed).toBe(false)
  })

  test('counts what MULTI queues', () => {
    const net = netWith({ 'maxmemory-clients': '3mb' })
    const peer = net.connect()
    peer.say('MULTI')
    for (let i = 0; i < 5 && !peer.destroyed; i++) peer.say(`SET k ${'v'.repeat(750 * KB)}`)
    expect(peer.destroyed).toBe(true)
  })

  test('leaves clients with NO-EVICT alone', () => {
    const net = netWith({ 'maxmemory-clients': '1mb' })
    const peer = net.connect()
    peer.connection.session.noEvict = true
    peer.sayBytes(unfinished(2 * MB))
    expect(peer.destroyed).toBe(false)
    peer.connection.session.noEvict = false
    peer.sayBytes(Buffer.from('\r\n'))
    net.world.clock.advance(0)
    peer.sayBytes(unfinished(2 * MB))
    expect(peer.destroyed).toBe(true)
  })

  test('as a percentage is one of maxmemory', () => {
    const net = netWith({ maxmemory: '6mb', 'maxmemory-clients': '7%' })
    const small = net.connect()
    small.sayBytes(unfinished(200 * KB))
    expect(small.destroyed).toBe(false)
    small.connection.cutOff()
    const large = net.connect()
    large.sayBytes(unfinished(440 * KB))
    expect(large.destroyed).toBe(true)
  })
})

function set(net: TestNet, bytes: number): void {
  const { engine, clock } = net.world
  const asker = { loading: false, maySetProtected: true }
  expect(engine.config.set([['maxmemory-clients', `${bytes}`]], asker)).toBeNull()
  clock.advance(0)
}
