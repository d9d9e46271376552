import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findOracle, type Oracle, startOracle } from '../support/oracle.js'
import { Attacker } from './attacker.js'
import { Target } from './target.js'

/** Bytes that are no requests, or hardly. Each is sent to us and to redis-server, which must not be told apart. */

const k = (count: number, of = 'a'): string => of.repeat(count)
const PING = '*1\r\n$4\r\nPING\r\n'

const counts = [
  ...['-10', '-1', '0', '-0', '01', '', '+1', ' 1', '1 ', '0x1', 'abc', '1.0', '1e1', '--1', '1-'],
  ...['2147483648', '-2147483649', '4294967297', '9007199254740993', '9223372036854775807'],
  ...['9223372036854775808', '-9223372036854775808', '-9223372036854775809', '-9999999999999999999'],
  ...['20000000000000000000', k(65_000, '1'), k(65_537, '1')],
]

const lengths = [
  ...['-1', '-0', '00', '04', '', '+4', ' 4', '4 ', 'a', '4a', '0x4', '536870913', '4294967300'],
  ...['9223372036854775807', '9223372036854775808', '18446744073709551620', k(65_537, '1')],
]

const lines: Readonly<Record<string, string>> = {
  'only LF': 'PING\nPING\n',
  'CR CR LF': 'PING\r\r\n',
  'only CR': 'PING\rPING\r\n',
  'empty lines': '\r\n\r\n\n\n',
  'blank lines': '   \r\n\t\r\n',
  'blanks around': ' \tPING\t \r\n',
  'vertical tabs and form feeds': 'PING\va\r\nPING\fa\r\n',
  'a double quote left open': 'ECHO "abc\r\n',
  'a single quote left open': "ECHO 'abc\r\n",
  'a quote in a word': 'EC"HO" a\r\n',
  'bytes behind a quote': 'ECHO "a"b\r\n',
  'escapes in double quotes': 'ECHO "\\x00\\xff\\xZZ\\q\\n\\r\\t\\b\\a\\\\ \\""\r\n',
  'escapes in single quotes': "ECHO 'a\\'b\\n'\r\n",
  'a quote that ends in a backslash': 'ECHO "a\\\r\n',
  'empty words': 'ECHO ""\r\n',
  'no command': '""\r\n',
  'bytes above 127': 'ECHO \xff\xfe\x80\r\n',
  'a long line with an end': `ECHO ${k(60_000)}\r\n`,
  'what is no type of a request': '$4\r\n:1\r\n-ERR\r\n+OK\r\n',
}

const shapes: Readonly<Record<string, string>> = {
  'no dollar': '*1\r\nPING\r\n',
  'a CR for a dollar': '*1\r\n\r\nPING\r\n',
  'an LF for a dollar': '*1\r\n\nPING\r\n',
  'a byte above 127 for a dollar': '*1\r\n\xff\r\n',
  'a number for a dollar': '*1\r\n:5\r\n',
  'an array in an array': `*1\r\n${PING}`,
  'a bulk longer than said': '*1\r\n$2\r\nPING\r\n',
  'other bytes for a CRLF': '*1\rx$4\rxPINGxx',
  'LF for CRLF': '*1\n$4\nPING\n',
  'no command': '*1\r\n$0\r\n\r\n',
  'a binary command': '*2\r\n$4\r\n\x01\x02\xfe\xff\r\n$2\r\n\r\n\r\n',
  'binary data': '*3\r\n$3\r\nSET\r\n$3\r\n\0\r\n\r\n$4\r\n\xff\0\r\n\r\n*2\r\n$3\r\nGET\r\n$3\r\n\0\r\n\r\n',
  'a name with a NUL': '*2\r\n$3\r\na\0b\r\n$3\r\nc\0d\r\n',
  'a name with CRLF': '*3\r\n$5\r\nfo\r\nx\r\n$3\r\na\r\n\r\n$1\r\nb\r\n',
  'a name of 300 bytes': `*2\r\n$300\r\n${k(300)}\r\n$300\r\n${k(300, 'b')}\r\n`,
  'good, then bad': `${PING}PING\r\n*1\r\nX`,
  'a transaction, then bad': 'MULTI\r\nSET a b\r\n*z\r\n',
  'an end, then more': 'PING\r\nQUIT\r\nPING\r\n',
  'a little behind an error': `*x\r\n${k(3, PING)}`,
  '100 MB announced, and no more': '*3\r\n$3\r\nSET\r\n$1\r\na\r\n$100000000\r\nabc',
}

const protocols: Readonly<Record<string, string>> = {
  'GET of HTTP': 'GET / HTTP/1.1\r\nUser-Agent: x\r\nHost: localhost:6379\r\n\r\nSET a b\r\n',
  'POST of HTTP': 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nSET a b\r\n',
  'Host: in lower case': 'host: foo\r\nSET a b\r\n',
  'Host: without a blank': 'Host:localhost\r\nPING\r\n',
  'POST as a request': '*1\r\n$4\r\nPOST\r\nPING\r\n',
  'Host: as a request': '*1\r\n$5\r\nhost:\r\nPING\r\n',
  'PROXY, version 1': 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n',
  'the hello of TLS': '\x16\x03\x01\x02\x01\x01\x01\x01\xfc\x03\x03\r\n',
  memcached: 'set a 0 0 1\r\nx\r\nstats\r\n',
  SMTP: 'EHLO localhost\r\nMAIL FROM:<a@b>\r\n',
}

const cases: [string, string][] = [
  ...counts.map((count): [string, string] => [`a count of '${shown(count)}'`, `*${count}\r\n`]),
  ...lengths.map((length): [string, string] => [`a length of '${shown(length)}'`, `*1\r\n$${length}\r\n`]),
  ...named('a line: ', lines),
  ...named('a request: ', shapes),
  ...named('another protocol: ', protocols),
]

describe.skipIf(findOracle() === null)('as redis-server answers', () => {
  let oracle: Oracle
  let target: Target

  beforeAll(async () => {
    oracle = await startOracle()
    target = await Target.start()
  })

  afterAll(async () => {
    await oracle.stop()
    await target.isUnharmed()
    await target[Symbol.asyncDispose]()
  })

  test.concurrent.each(cases)('%s', async (_, bytes) => {
    const [theirs, ours] = await Promise.all([answer(oracle.port, bytes), answer(target.port, bytes)])
    expect(ours).toEqual(theirs)
  })
})

/**
 * A NUL in a line: to Redis the line has no end (C's strchr stops at the NUL), so it waits, and has the connection
 * silent until 64 KB have come. We answer at once.
 */
test.each([
  ['*1\0\r\n', '-ERR Protocol error: invalid multibulk length\r\n'],
  ['*1\r\n$4\0\r\n', '-ERR Protocol error: invalid bulk length\r\n'],
  ['*1\r\n\0\r\n', "-ERR Protocol error: expected '$', got '\0'\r\n"],
])('a NUL in the header %j is an error', async (bytes, error) => {
  await using target = await Target.start()
  expect(await answer(target.port, bytes)).toEqual({ heard: error, gone: true })
  await target.isUnharmed()
})

/** What comes for these bytes: all of it when a PING behind them is answered or the connection has ended. */
async function answer(port: number, bytes: string): Promise<{ heard: string; gone: boolean }> {
  using attacker = await Attacker.open(port)
  await attacker.send(bytes)
  // A complete line where one is wanted, a complete request where that is: one of the two is answered.
  await attacker.send('\r\nPING\r\n')
  await settles(attacker)
  return { heard: attacker.heard, gone: attacker.gone }
}

/** Silence is an answer too: nothing more comes to some bytes. */
async function settles(attacker: Attacker): Promise<void> {
  let before = -1
  while (before !== attacker.bytesHeard && !attacker.gone) {
    before = attacker.bytesHeard
    await new Promise(resolve => setTimeout(resolve, 250))
  }
}

function named(prefix: string, group: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(group).map(([name, bytes]) => [prefix + name, bytes])
}

function shown(text: string): string {
  return text.length > 30 ? `${text.length} digits` : text
}
