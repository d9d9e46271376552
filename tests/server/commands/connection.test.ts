import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { type Peer, TestNet } from '../../support/wire.js'

function netWith(config: Readonly<Record<string, string>> = {}): TestNet {
  return new TestNet(testEngine({ config }))
}

function twoPeers(): { net: TestNet; a: Peer; b: Peer } {
  const net = netWith()
  return { net, a: net.connect(), b: net.connect() }
}

describe('the end of a connection', () => {
  test('QUIT answers, and what was sent behind it does not run', () => {
    const { a, b } = twoPeers()
    a.say('QUIT', 'SET foo bar')
    expect(a.heard()).toBe('+OK\r\n')
    expect(a.ended).toBe(true)
    b.say('GET foo')
    expect(b.heard()).toBe('$-1\r\n')
  })

  test('who kills himself gets the answer first, and nothing more runs', () => {
    const { a } = twoPeers()
    a.say('PING', 'CLIENT KILL TYPE normal SKIPME no', 'PING')
    expect(a.heard()).toBe('+PONG\r\n:2\r\n')
    expect(a.ended).toBe(true)
  })

  test('who is killed by another is gone at once', () => {
    const { net, a, b } = twoPeers()
    const id = b.connection.session.id
    a.say(`CLIENT KILL ID ${id}`, `CLIENT LIST ID ${id}`)
    expect(a.heard()).toBe(':1\r\n$0\r\n\r\n')
    expect(b.destroyed).toBe(true)
    expect(net.world.engine.sessions.has(id)).toBe(false)
  })

  test('the form of old answers OK', () => {
    const { a } = twoPeers()
    a.say('CLIENT KILL 127.0.0.1:50001')
    expect(a.heard()).toBe('+OK\r\n')
    expect(a.ended).toBe(true)
  })

  test('a browser that was made to speak to us is not listened to', () => {
    const { a, b } = twoPeers()
    a.sayBytes(Buffer.from('POST / HTTP/1.1\r\nHost: localhost:6379\r\n\r\nSET foo bar\r\n'))
    expect(a.heard()).toBe('')
    expect(a.destroyed).toBe(true)
    b.say('GET foo')
    expect(b.heard()).toBe('$-1\r\n')
  })
})

describe('a pause', () => {
  test('keeps what a client sent behind the kept command behind it', () => {
    const { a, b } = twoPeers()
    a.say('CLIENT PAUSE 100000 WRITE')
    b.say('SET x 1', 'GET x', 'APPEND x 2', 'GET x')
    expect(b.heard()).toBe('')
    a.say('GET x', 'CLIENT UNPAUSE')
    expect(a.heard()).toBe('+OK\r\n$-1\r\n+OK\r\n')
    expect(b.heard()).toBe('+OK\r\n$1\r\n1\r\n:2\r\n$2\r\n12\r\n')
  })

  test('ends by itself', () => {
    const { net, a, b } = twoPeers()
    a.say('CLIENT PAUSE 1000')
    b.say('PING')
    net.world.advance(900)
    expect(b.heard()).toBe('')
    net.world.advance(200)
    expect(b.heard()).toBe('+PONG\r\n')
  })

  test('hides keys that fall due, and kills them when it is over', () => {
    const { net, a } = twoPeers()
    const { stats } = net.world.engine.keyspace
    a.say('SET x 1 PX 10', 'SET y 1 PX 10', 'CLIENT PAUSE 100000 WRITE')
    net.world.advance(1000)
    a.heard()
    a.say('GET x', 'DBSIZE', 'EXISTS y')
    expect(a.heard()).toBe('$-1\r\n:2\r\n:0\r\n')
    expect(stats.expired).toBe(0)
    a.say('CLIENT UNPAUSE', 'GET x', 'GET y')
    expect(stats.expired).toBe(2)
  })

  test('hides keys, but whoever still writes meets no ghost', () => {
    const { net, a } = twoPeers()
    a.say('SET x 5 PX 10')
    net.world.advance(20)
    a.heard()
    a.say('MULTI', 'CLIENT PAUSE 1000 WRITE', 'INCR x', 'EXEC', 'DBSIZE')
    expect(a.heard().endsWith('*2\r\n+OK\r\n:1\r\n:1\r\n')).toBe(true)
    net.world.audit()
  })

  test('forgets a client that left', () => {
    const { net, a, b } = twoPeers()
    a.say('CLIENT PAUSE 100000 WRITE')
    b.say('SET x 1')
    expect(net.world.engine.waiting.blocked).toBe(1)
    b.connection.closed()
    expect(net.world.engine.waiting.blocked).toBe(0)
    a.say('CLIENT UNPAUSE', 'GET x')
    expect(a.heard()).toBe('+OK\r\n+OK\r\n$-1\r\n')
  })
})

describe('requirepass', () => {
  test('set while the server runs, asks those who come, not those who are in', () => {
    const net = netWith()
    const a = net.connect()
    a.say('CONFIG SET requirepass secret', 'PING')
    expect(a.heard()).toBe('+OK\r\n+PONG\r\n')
    const b = net.connect()
    b.say('PING', 'AUTH secret', 'PING')
    expect(b.heard()).toBe('-NOAUTH Authentication required.\r\n+OK\r\n+PONG\r\n')
  })

  test('taken away, lets in all', () => {
    const net = netWith({ requirepass: 'secret' })
    const [a, b] = [net.connect(), net.connect()]
    a.say('PING')
    b.say('AUTH secret', 'CONFIG SET requirepass ""')
    a.say('PING')
    expect(a.heard()).toBe('-NOAUTH Authentication required.\r\n+PONG\r\n')
  })
})

describe('CLIENT LIST', () => {
  test('counts the request that asks as its query buffer', () => {
    const { a } = twoPeers()
    a.say('CLIENT LIST')
    expect(a.heard()).toMatch(/ qbuf=26 .* argv-mem=10 .* cmd=client\|list /)
  })

  test('shows a kept client as blocked', () => {
    const { a, b } = twoPeers()
    a.say('CLIENT PAUSE 100000 WRITE')
    b.say('SET x 1')
    a.say(`CLIENT LIST ID ${b.connection.session.id}`)
    expect(a.heard()).toContain(' flags=b ')
  })
})

test('MONITOR names a unix socket by its path', () => {
  const world = testEngine({ config: { unixsocket: '/run/redis.sock' } })
  const { session } = world.client('local')
  session.transport = { ...session.transport, kind: 'unix', address: '/run/redis.sock:0' }
  const monitor = world.client('monitor')
  monitor.ask('MONITOR')
  world.client('local').ask('PING')
  expect(monitor.receive().value).toContain('[0 unix:/run/redis.sock] "PING"')
})

test('CLIENT REPLY ON in a transaction under OFF is heard with what follows it: there is no array around them', () => {
  const { a } = twoPeers()
  a.say('CLIENT REPLY OFF', 'MULTI', 'ECHO before', 'CLIENT REPLY ON', 'ECHO after', 'EXEC', 'PING')
  expect(a.heard()).toBe('+OK\r\n$5\r\nafter\r\n+PONG\r\n')
})
