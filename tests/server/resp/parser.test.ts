import { expect, test } from 'vitest'
import { systemProcess } from '../../../server/lib/process-facts.js'
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

const LONG = `*5000\r\n${'$4\r\nword\r\n'.repeat(5000)}`

test('the list of the words of a long request goes, too, when the next one came with it and is not complete', () => {
  const reader = parser()
  feed(reader, `${LONG}*2\r\n$3\r\nGET\r\n$1`)
  expect(reader.next()).toBe(true)
  expect(reader.next()).toBe(false)
  reader.park()
  expect(reader.wordBytes).toBeLessThan(100)
  expect(reader.request.listBytes).toBeLessThan(100)
})

/** The memory that a long request was collected in; the next one came with its end and is not complete. */
function memoryOfLong(reader: RequestParser): WeakRef<Mem> {
  feed(reader, LONG.slice(0, -2))
  expect(reader.next()).toBe(false)
  reader.park()
  feed(reader, '\r\n*2\r\n$3\r\nGET\r\n$1')
  expect(reader.next()).toBe(true)
  const memory = new WeakRef(reader.window)
  expect(reader.next()).toBe(false)
  reader.park()
  return memory
}

test('nothing of a connection holds on to the memory of a long request, while the next is not complete', async () => {
  const reader = parser()
  const memory = memoryOfLong(reader)
  reader.trim(false)
  reader.trim(false)
  await new Promise<void>(resolve => void setImmediate(resolve))
  systemProcess().collectGarbage()
  expect(memory.deref()).toBeUndefined()
  feed(reader, '\r\na\r\n')
  expect(reader.next()).toBe(true)
  expect(reader.request.list().map(word => word.latin1())).toEqual(['GET', 'a'])
})
