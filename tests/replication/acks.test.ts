import { describe, expect, test } from 'vitest'
import { TestMaster } from './test-master.js'

/** CLIENT ACKS: connections of one server, some of which speak as replicas and say how far they are when told to. */

const refusal = (confirmed: number, wanted: number): string =>
  `-NOREPLACK The write is applied here, but confirmed by ${confirmed} of ${wanted} replicas only.\r\n`

describe('CLIENT ACKS', () => {
  test('keeps a reply to a write until a replica has it, which is asked at once', async () => {
    const master = new TestMaster()
    const { client } = master
    const replica = await master.replica()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500')
    expect(client.heard()).toBe('+OK\r\n')
    client.say('SET a 1')
    expect(client.heard()).toBe('')
    expect(replica.take()).toMatch(/SET\r\n\$1\r\na\r\n[^]*GETACK/)
    replica.confirm()
    expect(client.heard()).toBe('+OK\r\n')
  })

  test('keeps the order of a pipeline, and asks the replicas once for all of it', async () => {
    const master = new TestMaster()
    const { client } = master
    const replica = await master.replica()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500')
    client.heard()
    client.say('PING', 'SET a 1', 'GET a', 'INCR a', 'PING')
    expect(client.heard()).toBe('')
    expect(replica.take().split('GETACK')).toHaveLength(2)
    replica.confirm()
    expect(client.heard()).toBe('+PONG\r\n+OK\r\n$1\r\n1\r\n:2\r\n+PONG\r\n')
  })

  test('lets reads through, and what changed nothing', async () => {
    const master = new TestMaster()
    const { client } = master
    client.say('SET a 1', 'CLIENT ACKS REPLICAS 1 TIMEOUT 500')
    expect(client.heard()).toBe('+OK\r\n+OK\r\n')
    client.say('GET a', 'DEL none', 'SET a 2 NX')
    expect(client.heard()).toBe('$1\r\n1\r\n:0\r\n$-1\r\n')
  })

  test('says NOREPLACK in the place of what was not confirmed in time; the write stays', async () => {
    const master = new TestMaster()
    const { client, world } = master
    const replica = await master.replica()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500')
    client.heard()
    client.say('GET a', 'SET a 1', 'GET a', 'INCR a')
    world.advance(499)
    expect(client.heard()).toBe('')
    world.advance(1)
    expect(client.heard()).toBe(`$-1\r\n${refusal(0, 1)}$1\r\n1\r\n${refusal(0, 1)}`)
    replica.confirm()
    client.say('GET a')
    expect(client.heard()).toBe('$1\r\n2\r\n')
  })

  test('is not content with fewer replicas than asked for', async () => {
    const master = new TestMaster()
    const { client, world } = master
    const [one, two] = [await master.replica(), await master.replica()]
    client.say('CLIENT ACKS REPLICAS 2 TIMEOUT 500', 'SET a 1')
    one.confirm()
    expect(client.heard()).toBe('')
    world.advance(500)
    expect(client.heard()).toBe(`+OK\r\n${refusal(1, 2)}`)
    client.say('SET a 2')
    one.confirm()
    two.confirm()
    expect(client.heard()).toBe('+OK\r\n')
  })

  test('counts nobody where there is nobody', () => {
    const master = new TestMaster()
    const { client, world } = master
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 100', 'SET a 1')
    expect(client.heard()).toBe('')
    world.advance(100)
    expect(client.heard()).toBe(`+OK\r\n${refusal(0, 1)}`)
  })

  test('takes a transaction for one write', async () => {
    const master = new TestMaster()
    const { client, world } = master
    const replica = await master.replica()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500')
    client.heard()
    client.say('MULTI', 'SET a 1', 'GET a', 'EXEC')
    expect(client.heard()).toBe('')
    replica.confirm()
    const queued = '+OK\r\n+QUEUED\r\n+QUEUED\r\n'
    expect(client.heard()).toBe(`${queued}*2\r\n+OK\r\n$1\r\n1\r\n`)
    client.say('MULTI', 'SET a 2', 'EXEC', 'GET a')
    world.advance(500)
    expect(client.heard()).toBe(`+OK\r\n+QUEUED\r\n${refusal(0, 1)}$1\r\n2\r\n`)
  })

  test('holds for a client that had to wait, when it is served', async () => {
    const master = new TestMaster()
    const { client } = master
    const replica = await master.replica()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500')
    client.heard()
    client.say('SET a 1', 'BLPOP list 0', 'PING')
    replica.confirm()
    expect(client.heard()).toBe('+OK\r\n')
    const other = master.connect()
    other.say('RPUSH list x')
    expect(other.heard()).toBe(':1\r\n')
    expect(client.heard()).toBe('')
    replica.confirm()
    expect(client.heard()).toBe('*2\r\n$4\r\nlist\r\n$1\r\nx\r\n+PONG\r\n')
  })

  test('concerns nobody else, and ends with OFF and with RESET', async () => {
    const master = new TestMaster()
    const { client } = master
    await master.replica()
    const other = master.connect()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500')
    other.say('SET a 1')
    expect(other.heard()).toBe('+OK\r\n')
    client.heard()
    for (const end of ['CLIENT ACKS OFF', 'RESET']) {
      client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500', end, 'SET a 1')
      expect(client.heard()).toMatch(/\+OK\r\n$/)
    }
  })

  test('gives up at once when the server becomes a replica', async () => {
    const master = new TestMaster()
    const { client } = master
    await master.replica()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 0', 'SET a 1')
    master.world.advance(100_000)
    expect(client.heard()).toBe('')
    master.connect().say('REPLICAOF 127.0.0.1 1')
    expect(client.heard()).toBe(`+OK\r\n${refusal(0, 1)}`)
  })

  test('goes with CLIENT REPLY OFF, and with a client that leaves', async () => {
    const master = new TestMaster()
    const { client, world } = master
    await master.replica()
    client.say('CLIENT ACKS REPLICAS 1 TIMEOUT 500', 'CLIENT REPLY OFF', 'SET a 1', 'CLIENT REPLY ON')
    world.advance(500)
    expect(client.heard()).toBe('+OK\r\n+OK\r\n')
    client.say('SET a 2')
    client.connection.closed()
    world.advance(500)
    expect(master.connect().connection.engine.sessions.size).toBe(2)
  })

  test('does not promise a disk that is not written to', () => {
    const { client } = new TestMaster()
    client.say('CLIENT ACKS REPLICAS 0 FSYNC TIMEOUT 10', 'CLIENT ACKS REPLICAS 1', 'CLIENT ACKS TIMEOUT 1')
    expect(client.heard()).toBe(
      '-ERR CLIENT ACKS cannot be used with FSYNC when appendonly is disabled.\r\n' +
        '-ERR syntax error\r\n-ERR syntax error\r\n',
    )
  })
})
