import { describe, expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { type Peer, TestNet } from '../../support/wire.js'

function twoPeers(config: Readonly<Record<string, string>> = {}): { net: TestNet; asker: Peer; other: Peer } {
  const net = new TestNet(testEngine({ config }))
  return { net, asker: net.connect(), other: net.connect() }
}

describe('CLIENT LIST', () => {
  test('shows what other sockets of the same poll have brought, whichever is read first', () => {
    const { net, asker, other } = twoPeers()
    asker.begin('CLIENT LIST')
    other.begin('CLIENT SETNAME late', 'SUBSCRIBE news')
    net.world.clock.advance(0)
    expect(asker.heard()).toMatch(/ name=late .* sub=1 /)
  })

  test('shows replies that are gone as gone', () => {
    const { net, asker, other } = twoPeers()
    other.say(`SET x ${'v'.repeat(200_000)}`)
    other.begin('GET x')
    asker.begin(`CLIENT LIST ID ${other.connection.session.id}`)
    net.world.clock.advance(0)
    expect(asker.heard()).toContain(' omem=0 ')
  })

  test('does not show who has had to go for the memory that it takes', () => {
    const { net, asker, other } = twoPeers({ 'maxmemory-clients': '1mb' })
    other.say('CLIENT SETNAME greedy', `SET x ${'v'.repeat(400_000)}`)
    other.room = 0
    other.begin('GET x', 'GET x', 'GET x')
    asker.begin('CLIENT LIST')
    net.world.clock.advance(0)
    expect(asker.heard()).not.toContain('greedy')
  })

  test('keeps its place in a pipeline', () => {
    const { asker } = twoPeers()
    asker.say('ECHO before', `CLIENT LIST ID 0`, 'ECHO behind', 'CLIENT LIST ID 0')
    expect(asker.heard()).toBe('$6\r\nbefore\r\n$0\r\n\r\n$6\r\nbehind\r\n$0\r\n\r\n')
  })

  test('shows two who ask at once as what they are: clients that do not wait', () => {
    const { net, asker, other } = twoPeers()
    asker.begin('CLIENT LIST')
    other.begin('CLIENT LIST')
    net.world.clock.advance(0)
    for (const peer of [asker, other]) {
      const heard = peer.heard()
      expect(heard.match(/ flags=N /g)).toHaveLength(2)
      expect(heard.match(/ qbuf=26 .* argv-mem=10 /g)).toHaveLength(1)
    }
    expect(net.world.engine.waiting.blocked).toBe(0)
  })

  test('leaves nothing in the query buffer', () => {
    const { net, asker } = twoPeers()
    asker.begin('CLIENT LIST ID 0')
    net.world.clock.advance(0)
    asker.heard()
    asker.begin('CLIENT INFO')
    net.world.clock.advance(0)
    expect(asker.heard()).toContain(' qbuf=26 ')
  })

  test('counts as one call', () => {
    const { asker } = twoPeers()
    asker.say('CLIENT LIST ID 0', 'INFO commandstats')
    expect(asker.heard()).toContain('cmdstat_client|list:calls=1,')
  })

  test('in a transaction is answered there', () => {
    const { asker } = twoPeers()
    asker.say('MULTI', 'CLIENT LIST ID 0', 'PING', 'EXEC')
    expect(asker.heard()).toBe('+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n$0\r\n\r\n+PONG\r\n')
  })

  test('under CLIENT REPLY SKIP is not heard, and the next command is', () => {
    const { asker } = twoPeers()
    asker.say('CLIENT REPLY SKIP', 'CLIENT LIST', 'PING')
    expect(asker.heard()).toBe('+PONG\r\n')
  })

  test('waits for the end of a pause of all commands', () => {
    const { asker, other } = twoPeers()
    other.say('CLIENT SETNAME pauser', 'CLIENT PAUSE 100000 ALL')
    asker.say('CLIENT LIST')
    expect(asker.heard()).toBe('')
    other.connection.engine.pause.end('client')
    asker.say('PING')
    expect(asker.heard()).toMatch(/ name=pauser [^]*\+PONG\r\n$/)
  })

  test('is answered to a client that sends nothing more, and so is what it asked behind', () => {
    const { net, asker } = twoPeers()
    asker.begin('CLIENT LIST ID 0', 'PING')
    asker.connection.receivedAll()
    net.world.clock.advance(0)
    expect(asker.heard()).toBe('$0\r\n\r\n+PONG\r\n')
    expect(asker.ended).toBe(true)
  })

  test('is forgotten when the asker has gone', () => {
    const { net, asker, other } = twoPeers()
    asker.begin('CLIENT LIST')
    asker.connection.closed()
    net.world.clock.advance(0)
    other.say('INFO commandstats')
    expect([asker.heard(), other.heard()]).toEqual(['', expect.not.stringContaining('client|list')])
  })
})
