import { expect, test } from 'vitest'
import { testEngine } from '../../support/engine.js'
import { encodeRequest, type Line } from '../../support/request.js'
import { type Peer, TestNet } from '../../support/wire.js'

/** Values that a request brings in memory of their own, and that are stored as they came. */

const MB = 1024 * 1024
const GIANT = 'abcdefgh'.repeat((5 * MB) / 8)

function ask(peer: Peer, ...lines: readonly Line[]): string {
  peer.sayBytes(Buffer.concat(lines.map(line => encodeRequest(line))))
  return peer.heard()
}

function peer(): Peer {
  return new TestNet(testEngine()).connect()
}

test('a giant is stored without a copy, and the next request leaves it alone', () => {
  const client = peer()
  const { arena } = client.connection.engine.keyspace
  expect(ask(client, ['SET', 'a', GIANT])).toBe('+OK\r\n')
  expect(arena.mems.some(mem => mem.length > 5 * MB && mem.u8.buffer instanceof ArrayBuffer)).toBe(true)
  expect(ask(client, ['SET', 'b', GIANT.toUpperCase()], ['SETRANGE', 'b', 0, 'xyz'])).toBe(
    '+OK\r\n:5242880\r\n',
  )
  expect(ask(client, 'GETRANGE a 0 9', 'GETRANGE b 0 9', 'STRLEN a')).toBe(
    '$10\r\nabcdefghab\r\n$10\r\nxyzDEFGHAB\r\n:5242880\r\n',
  )
  expect(ask(client, 'GET a') === `$${GIANT.length}\r\n${GIANT}\r\n`).toBe(true)
  expect(client.connection.queryCapacity).toBe(0)
})

test('of a giant that becomes part of something else a copy is taken', () => {
  const client = peer()
  expect(ask(client, ['APPEND', 'a', GIANT], ['APPEND', 'a', GIANT])).toBe(':5242880\r\n:10485760\r\n')
  expect(ask(client, ['HSET', 'h', 'f', GIANT], 'HSTRLEN h f')).toBe(':1\r\n:5242880\r\n')
  expect(ask(client, ['LPUSH', 'l', GIANT, GIANT], 'LLEN l')).toBe(':2\r\n:2\r\n')
  expect(ask(client, 'GETRANGE a 5242878 5242883')).toBe('$6\r\nghabcd\r\n')
})

test('two giants of one request may be for the same key', () => {
  const client = peer()
  expect(ask(client, ['MSET', 'a', GIANT, 'a', GIANT.toUpperCase()], 'GETRANGE a 0 2')).toBe(
    '+OK\r\n$3\r\nABC\r\n',
  )
})

test('a transaction stores giants as they came', () => {
  const client = peer()
  const { engine } = client.connection
  expect(ask(client, 'MULTI', ['SET', 'a', GIANT], ['MSET', 'b', 'x', 'c', GIANT])).toBe(
    '+OK\r\n+QUEUED\r\n+QUEUED\r\n',
  )
  expect(engine.requestBytes).toBeGreaterThan(2 * GIANT.length)
  expect(engine.requestBytes).toBeLessThan(2.1 * GIANT.length)
  expect(ask(client, 'EXEC', 'GETRANGE a 0 2', 'GET b', 'GETRANGE c -3 -1')).toBe(
    '*2\r\n+OK\r\n+OK\r\n$3\r\nabc\r\n$1\r\nx\r\n$3\r\nfgh\r\n',
  )
  expect(engine.requestBytes).toBe(0)
})

test('a string within a giant is restored from its own place', () => {
  const client = peer()
  ask(client, ['SET', 'a', GIANT])
  const dump = ask(client, 'DUMP a')
  const payload = Buffer.from(dump.slice(dump.indexOf('\n') + 1, -2), 'latin1')
  expect(payload.length).toBeGreaterThan(16)
  ask(client, 'CONFIG SET rdbcompression no', ['SET', 'b', GIANT])
  const plain = ask(client, 'DUMP b')
  const whole = Buffer.from(plain.slice(plain.indexOf('\n') + 1, -2), 'latin1')
  for (const bytes of [payload, whole]) {
    expect(ask(client, ['RESTORE', 'c', 0, bytes, 'REPLACE'], 'GETRANGE c 0 9')).toBe(
      '+OK\r\n$10\r\nabcdefghab\r\n',
    )
  }
})

test('a client that dies within a giant leaves nothing', () => {
  const client = peer()
  const { engine } = client.connection
  client.sayBytes(encodeRequest(['SET', 'a', GIANT]).subarray(0, 4.5 * MB))
  expect(engine.requestBytes).toBeGreaterThan(4 * MB)
  client.connection.closed()
  expect(engine.requestBytes).toBe(0)
})
