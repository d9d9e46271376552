import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RunningServer, startServer } from '../../server/index.js'

/** A socket that speaks as a replica: what exactly it is sent. */

let server: RunningServer
let socket: Socket
let received = ''

beforeEach(async () => {
  server = await startServer({ config: { dir: '/tmp', 'repl-diskless-sync-delay': 0 } })
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

const receives = (pattern: RegExp): Promise<void> =>
  expect.poll(() => received, { timeout: 10_000, interval: 10 }).toMatch(pattern)

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
