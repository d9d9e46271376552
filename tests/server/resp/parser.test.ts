import { expect, test } from 'vitest'
import { Mem } from '../../../server/lib/bytes.js'
import { HEADROOM, RequestParser } from '../../../server/resp/parser.js'

const MB = 1024 * 1024

function parser(): RequestParser {
  return new RequestParser(() => ({ maxBulk: 512 * MB, authenticated: true }))
}

function feed(parser: RequestParser, text: string): void {
  const bytes = Buffer.from(text, 'latin1')
  parser.feed(Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), bytes])), HEADROOM, bytes.length)
}

test.each(['01', '-0', '+1', '', '1 ', '9223372036854775808', '-9223372036854775809'])(
  'a count of %j is no length',
  count => {
    const reader = parser()
    feed(reader, `*${count}\r\n$4\r\nPING\r\n`)
    expect(reader.next()).toBe(false)
    expect(reader.error?.line).toBe('ERR Protocol error: invalid multibulk length')
  },
)

test.each(['00', '04', '-0', '-1', '+4', '', '4 '])('a bulk of %j is no length', length => {
  const reader = parser()
  feed(reader, `*1\r\n$${length}\r\nPING\r\n`)
  expect(reader.next()).toBe(false)
  expect(reader.error?.line).toBe('ERR Protocol error: invalid bulk length')
})

test('the list of words of an unfinished request counts until the request is complete', () => {
  const reader = parser()
  feed(reader, `*1000\r\n${'$1\r\na\r\n'.repeat(999)}`)
  expect(reader.next()).toBe(false)
  reader.park()
  expect(reader.wordBytes).toBeGreaterThan(999 * 40)
  feed(reader, '$1\r\nb\r\n')
  expect(reader.next()).toBe(true)
  expect(reader.wordBytes).toBe(0)
  expect(reader.request.word(0).latin1()).toBe('a')
  expect(reader.request.word(999).latin1()).toBe('b')
})

test('the list of the words of a long request goes when it has run', () => {
  const reader = parser()
  feed(reader, `*5000\r\n${'$1\r\na\r\n'.repeat(5000)}`)
  expect(reader.next()).toBe(true)
  expect(reader.request.listBytes).toBeGreaterThan(5000 * 8)
  expect(reader.next()).toBe(false)
  reader.park()
  expect(reader.request.listBytes).toBe(0)
})
