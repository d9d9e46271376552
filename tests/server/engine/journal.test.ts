import { expect, test } from 'vitest'
import { Keyspace } from '../../../server/keyspace/keyspace.js'
import { Journal } from '../../../server/engine/journal.js'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { Arena } from '../../../server/memory/arena.js'
import { HEADROOM, RequestParser } from '../../../server/resp/parser.js'
import { testEngine } from '../../support/engine.js'
import { encodeRequest } from '../../support/request.js'

/** A journal with one sink, fed from a read buffer. */
class Reader {
  readonly journal = new Journal()
  /** What the sink was handed, call by call, as `db: bytes`. */
  readonly handed: string[] = []
  readonly keyspace = new Keyspace(new Arena(), seededRandom(1), { k0: 1, k1: 2 }, 16)
  private readonly parser = new RequestParser(() => ({ maxBulk: 1 << 20, authenticated: true }))

  constructor() {
    this.journal.attach({
      append: (db, mem, start, length) =>
        this.handed.push(`${db}: ${mem.u8.latin1Slice(start, start + length)}`),
    })
  }

  /** Journals every request in these bytes, as received, or with its last word replaced. */
  read(bytes: string, db = 0, lastWord?: string): void {
    const { parser, journal, keyspace } = this
    parser.feed(
      Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), Buffer.from(bytes, 'latin1')])),
      HEADROOM,
      bytes.length,
    )
    while (parser.next()) {
      journal.begin()
      const { request } = parser
      if (lastWord === undefined) journal.received(keyspace.databases[db], request)
      else journal.edited(keyspace.databases[db], request, request.count - 1, Span.of(lastWord))
      journal.end()
    }
    journal.settle()
    parser.park()
  }
}

const set = (key: string, value: string): string => encodeRequest(['SET', key, value]).toString('latin1')

test('commands of one pipeline are handed over in one piece', () => {
  const reader = new Reader()
  const pipeline = set('a', '1') + set('b', '2'.repeat(12)) + set('c', '3'.repeat(120))
  reader.read(pipeline)
  expect(reader.handed).toEqual([`0: ${pipeline}`])
})

test('a command split over two reads is handed over whole', () => {
  const reader = new Reader()
  const bytes = set('key', 'value')
  reader.read(set('a', '1') + bytes.slice(0, 20))
  reader.read(bytes.slice(20) + set('b', '2'))
  expect(reader.handed).toEqual([`0: ${set('a', '1')}`, `0: ${bytes}${set('b', '2')}`])
})

test.each([
  ['any byte for the LF of a header', '*3\r\n$3\r\nSET\r\n$1\rXk\r\n$1\r\nv\r\n'],
  ['any byte for the LF of the first line', '*3\rX$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n'],
  ['anything behind a word', '*3\r\n$3\r\nSETXX$1\r\nk\r\n$1\r\nv\r\n'],
  ['plain text', 'SET k v\r\n'],
])('a request with %s is journaled in the form that files have', (_what, bytes) => {
  const reader = new Reader()
  reader.read(bytes)
  expect(reader.handed).toEqual([`0: ${set('k', 'v')}`])
})

test.each([
  ['as it is sent by everybody', set('k', 'v')],
  ['as plain text', 'SET k v\r\n'],
  ['with anything behind a word', '*3\r\n$3\r\nSETXX$1\r\nk\r\n$1\r\nv\r\n'],
])('a request %s is journaled with another word', (_what, bytes) => {
  const reader = new Reader()
  reader.read(bytes, 0, 'another word')
  expect(reader.handed).toEqual([`0: ${set('k', 'another word')}`])
})

test('an effect in words of our own comes behind the row before it', () => {
  const reader = new Reader()
  const [db] = reader.keyspace.databases
  reader.journal.attach({ append: () => undefined })
  reader.read(set('a', '1'))
  reader.journal.record(db, ['PEXPIREAT', 'a', 1_700_000_000_123, 5n, Buffer.from('x')])
  expect(reader.handed[1]).toBe(
    `0: ${encodeRequest(['PEXPIREAT', 'a', '1700000000123', '5', 'x']).toString('latin1')}`,
  )
})

test('effects of one unit stay together, also over two databases', () => {
  const reader = new Reader()
  const { journal, keyspace } = reader
  journal.begin()
  journal.record(keyspace.databases[0], ['DEL', 'a'])
  journal.record(keyspace.databases[0], ['DEL', 'b'])
  journal.record(keyspace.databases[1], ['DEL', 'c'])
  journal.end()
  const del = (key: string): string => encodeRequest(['DEL', key]).toString('latin1')
  expect(reader.handed).toEqual([
    '0: *1\r\n$5\r\nMULTI\r\n',
    `0: ${del('a')}${del('b')}`,
    `1: ${del('c')}`,
    '1: *1\r\n$4\r\nEXEC\r\n',
  ])
})

test('what a woken client takes is journaled behind what woke it', () => {
  const world = testEngine()
  const waiter = world.client('waiter')
  waiter.send('BLPOP list 0')
  const writer = world.client('writer')
  writer.sendBytes(Buffer.concat([encodeRequest(['SET', 'a', '1']), encodeRequest(['RPUSH', 'list', 'x'])]))
  expect(world.history).toEqual(['SET a 1', 'RPUSH list x', 'LPOP list'])
})
