import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningServer } from '../../server/index.js'
import { LogLines } from '../support/log-lines.js'
import { startOurs } from '../support/ours.js'

/** A socket that speaks as a replica: what exactly it is sent. */

let server: RunningServer
let socket: Socket
let received = ''
let log: LogLines

beforeEach(async () => {
  log = new LogLines()
  server = await startOurs({
    config: { 'repl-diskless-sync-delay': 0, 'enable-debug-command': 'yes' },
    log,
  })
  received = ''
  socket = connect(server.port, '127.0.0.1')
  socket.on('data', data => {
    received += data.toString('latin1')
  })
})

afterEach(async () => {
  socket.destroy()
  await server.close()
})

const PATIENCE = { timeout: 10_000, interval: 10 }

const receives = (pattern: RegExp): Promise<void> => expect.poll(() => received, PATIENCE).toMatch(pattern)

const isCutOff = (): Promise<void> => expect.poll(() => socket.closed, PATIENCE).toBe(true)

test('SYNC is answered with the length of a snapshot, the snapshot, and the stream from its SELECT on', async () => {
  await server.execute(['SET', 'key', 'value'])
  socket.write('SYNC\r\n')
  await receives(/\$\d+\r\nREDIS/)
  const [, digits] = /\$(\d+)\r\n/.exec(received)!
  const begin = received.indexOf('REDIS')
  await receives(new RegExp(`^[^]{${begin + Number(digits)}}`))
  await server.execute(['SET', 'key', 'other'])
  await receives(/SELECT/)
  await receives(/other\r\n$/)
  expect(received.slice(begin + Number(digits))).toBe(
    '*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nother\r\n',
  )
})

test('PSYNC of a stranger is answered with the name and the place of the history', async () => {
  socket.write('REPLCONF listening-port 1234 capa eof capa psync2\r\n')
  await receives(/\+OK\r\n/)
  socket.write('PSYNC ? -1\r\n')
  await receives(/\+FULLRESYNC [0-9a-f]{40} 0\r\n\$EOF:([0-9a-f]{40})\r\nREDIS[^]*\1$/)
  await server.execute(['PUBLISH', 'channel', 'message'])
  expect(received).not.toMatch(/PUBLISH/)
  socket.write('REPLCONF ACK 0\r\n')
  await receives(/PUBLISH\r\n\$7\r\nchannel\r\n\$7\r\nmessage\r\n$/)
})

test('one who asks while a reply waits is refused', async () => {
  socket.write('PING\r\nSYNC\r\n')
  await receives(/-ERR SYNC and PSYNC are invalid with pending output\r\n/)
})

test('an unknown fact is refused, and the connection stays', async () => {
  socket.write('REPLCONF weather fine\r\n')
  await receives(/-ERR Unrecognized REPLCONF option: weather\r\n/)
  socket.write('PING\r\n')
  await receives(/\+PONG/)
})

describe('a replica that asks for what is answered is cut off, and the log says why', () => {
  const KEEPS_OFF = "ERR Replica can't interact with the keyspace"

  test.each([
    ['SYNC', 'PING', 'ping', null],
    ['SYNC', 'XINFO HELP', 'xinfo|help', null],
    ['PSYNC ? -1', 'SLOWLOG GET', 'slowlog|get', null],
    ['PSYNC ? -1', 'GET foo', 'get', KEEPS_OFF],
    [
      'PSYNC ? -1',
      'REPLICAOF 127.0.0.1 1',
      'replicaof',
      'ERR Command is not valid when client is a replica.',
    ],
    ['PSYNC ? -1', 'RESET', 'reset', 'ERR can only reset normal client connections'],
  ])('%s, %s', async (first, second, command, refusal) => {
    socket.write(`${first}\r\n${second}\r\n`)
    await isCutOff()
    expect(received).not.toMatch(/PONG|-ERR|XINFO/)
    expect(log.text).toContain(
      `Replica generated a reply to command '${command}', disconnecting it: 127.0.0.1`,
    )
    const complaint = /This master is sending an error to its replica: '(.*)' after processing/.exec(log.text)
    expect(complaint?.[1] ?? null).toBe(refusal)
  })
})

test('a snapshot whose keys have all been flushed is called off, and asked for anew it is empty', async () => {
  await server.execute(['DEBUG', 'POPULATE', '1000'])
  await server.execute(['CONFIG', 'SET', 'rdb-key-save-delay', '1000000'])
  socket.write('REPLCONF capa eof\r\n')
  await receives(/\+OK/)
  socket.write('PSYNC ? -1\r\n')
  await receives(/\$EOF/)
  expect(await server.execute(['INFO', 'replication'])).toMatch(/slave0:.*state=wait_bgsave/)
  await server.execute(['FLUSHALL'])
  await isCutOff()
  expect(log.text).toContain('Background transfer cancelled: all data was flushed')
  expect(await server.execute(['INFO', 'persistence'])).toContain('rdb_bgsave_in_progress:0')
  received = ''
  socket = connect(server.port, '127.0.0.1', () => socket.write('SYNC\r\n'))
  socket.on('data', data => (received += data.toString('latin1')))
  await receives(/REDIS[^]*repl-id/)
})
