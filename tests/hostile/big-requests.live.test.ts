import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Attacker, request, requestOf } from './attacker.js'
import { Target, until } from './target.js'

/** Requests that are large, many, or come in odd pieces. */

const MB = 1024 * 1024

let target: Target
let attacker: Attacker

beforeEach(async () => {
  target = await Target.start()
  attacker = await Attacker.open(target.port)
})

afterEach(async () => {
  attacker[Symbol.dispose]()
  await target.isUnharmed()
  await target[Symbol.asyncDispose]()
})

const MIXED = Buffer.concat([
  request('SET', 'a', 'x\r\n$3\r\n\0y'),
  Buffer.from('PING\r\n\r\nECHO "b c"\r\n'),
  request('GET', 'a'),
  Buffer.from('*0\r\n*-1\r\n'),
  request('MSET', 'b', 'c'.repeat(99), 'd', 'e'.repeat(100)),
  request('DEL', ''),
  request('APPEND', 'a', 'z'.repeat(20)),
])
const REPLIES = '+OK\r\n+PONG\r\n$3\r\nb c\r\n$9\r\nx\r\n$3\r\n\0y\r\n+OK\r\n:0\r\n:29\r\n'

test('requests split in two at every byte are answered as in one piece', async () => {
  for (let at = 1; at < MIXED.length; at++) {
    using other = await Attacker.open(target.port)
    await other.send(MIXED.subarray(0, at))
    await turn()
    await other.send(MIXED.subarray(at))
    expect(await other.hears(REPLIES.length)).toBe(REPLIES)
  }
})

test('requests that come byte by byte are answered as in one piece', async () => {
  for (const byte of MIXED) {
    attacker.socket.write(Buffer.of(byte))
    await turn()
  }
  expect(await attacker.hears(REPLIES.length)).toBe(REPLIES)
})

test('100,000 commands in one pipeline are answered in order', async () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => i)
  const answered = attacker.answersTo(Buffer.concat(numbers.map(i => request('ECHO', `${i}`))))
  expect(await answered).toBe(numbers.map(i => `$${String(i).length}\r\n${i}\r\n`).join(''))
})

test('a request of a million words runs', async () => {
  const words = Array.from({ length: 1_000_000 }, (_, i) => `${i}`)
  expect(await attacker.answersTo(requestOf(['SADD', 'set', ...words]))).toBe(':1000000\r\n')
  expect(await attacker.answersTo(request('DEL', 'set'))).toBe(':1\r\n')
})

test('a value of 100 MB goes in and comes back', async () => {
  const value = Buffer.alloc(100 * MB)
  for (let i = 0; i < value.length; i += 4093) value[i] = i
  await attacker.send(request('SET', 'big', value))
  await attacker.hears(5)
  await attacker.send(request('GET', 'big'))
  await until(() => attacker.bytesHeard >= 5 + value.length + 14)
  const { bytes } = attacker
  expect(bytes.subarray(0, 17).toString('latin1')).toBe('+OK\r\n$104857600\r\n'.slice(0, 17))
  expect(bytes.subarray(17, -2).equals(value)).toBe(true)
})

test('a word of 512 MB, for which there is no string, is a key like any other but no name', async () => {
  const word = Buffer.alloc(512 * MB, 'k')
  const ask = async (command: string): Promise<void> => {
    await attacker.send(`*2\r\n$${command.length}\r\n${command}\r\n$${word.length}\r\n`)
    await attacker.send(word)
    await attacker.send('\r\n')
  }
  await ask('WATCH')
  expect(await attacker.hears(5)).toBe('+OK\r\n')
  await ask('SUBSCRIBE')
  const replies = '+OK\r\n-ERR string exceeds maximum allowed size (proto-max-bulk-len)\r\n'
  expect(await attacker.hears(replies.length)).toBe(replies)
}, 60_000)

test('announcing 512 MB costs nothing: they have to come', async () => {
  const attackers = await Promise.all(Array.from({ length: 200 }, () => Attacker.open(target.port)))
  const before = process.memoryUsage().rss
  for (const { socket } of attackers) socket.write('*3\r\n$3\r\nSET\r\n$1\r\na\r\n$536870912\r\n')
  await turn()
  for (const { socket } of attackers) socket.write('abc')
  expect(await attacker.answersTo('PING\r\n')).toBe('+PONG\r\n')
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * MB)
  for (const each of attackers) each[Symbol.dispose]()
})

test('a request longer than client-query-buffer-limit ends its client', async () => {
  await attacker.answersTo(request('CONFIG', 'SET', 'client-query-buffer-limit', '1mb'))
  using other = await Attacker.open(target.port)
  await other.send('*3\r\n$3\r\nSET\r\n$1\r\na\r\n$100000000\r\n')
  await other.send('x'.repeat(2 * MB))
  await other.ended()
  expect(other.bytesHeard).toBe(0)
})

test('a request of more words than client-query-buffer-limit has room for ends its client', async () => {
  await attacker.answersTo(request('CONFIG', 'SET', 'client-query-buffer-limit', '1mb'))
  using other = await Attacker.open(target.port)
  await other.send(`*100000000\r\n${'$0\r\n\r\n'.repeat(200_000)}`)
  await other.ended()
  expect(other.bytesHeard).toBe(0)
})

test('a bulk above proto-max-bulk-len is refused by the length alone', async () => {
  await attacker.answersTo(request('CONFIG', 'SET', 'proto-max-bulk-len', '1mb'))
  await attacker.send('*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1048577\r\n')
  await attacker.ended()
  expect(attacker.heard.endsWith('-ERR Protocol error: invalid bulk length\r\n')).toBe(true)
})

test('a line of more than 64 KB is refused, whether its end has come or not', async () => {
  const longest = 'a'.repeat(65_530)
  expect(await attacker.answersTo(`ECHO ${longest}\n`)).toBe(`$65530\r\n${longest}\r\n`)
  for (const end of ['', '\n']) {
    using other = await Attacker.open(target.port)
    await other.send(`ECHO ${longest}aa${end}`)
    await other.ended()
    expect(other.heard).toBe('-ERR Protocol error: too big inline request\r\n')
  }
})

describe('before AUTH', () => {
  test.each([
    [
      '10 words',
      requestOf(['DEL', ...Array<string>(9).fill('a')]),
      '-NOAUTH Authentication required.\r\n',
      false,
    ],
    ['11 words', '*11\r\n', '-ERR Protocol error: unauthenticated multibulk length\r\n', true],
    ['a word of 16 KB', request('GET', 'a'.repeat(16_384)), '-NOAUTH Authentication required.\r\n', false],
    ['a longer word', '*1\r\n$16385\r\n', '-ERR Protocol error: unauthenticated bulk length\r\n', true],
  ])('%s', async (_, bytes, reply, ends) => {
    await attacker.answersTo(request('CONFIG', 'SET', 'requirepass', 'secret'))
    using stranger = await Attacker.open(target.port)
    await stranger.send(bytes)
    expect(await stranger.hears(reply.length)).toBe(reply)
    if (ends) await stranger.ended()
    expect(stranger.gone).toBe(ends)
  })

  test('a stranger who asks for the same thing over and over and reads nothing is cut off', async () => {
    await attacker.answersTo(request('CONFIG', 'SET', 'requirepass', 'secret'))
    using stranger = await Attacker.open(target.port)
    stranger.socket.pause()
    const flood = 'PING\r\n'.repeat(10_000)
    for (let i = 0; i < 100; i++) stranger.socket.write(flood)
    await until(() => target.engine.sessions.size === 1)
  })
})

/** Lets what was written arrive as a read of its own. */
async function turn(): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, 1))
}
