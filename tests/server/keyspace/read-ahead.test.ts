import { describe, expect, test } from 'vitest'
import { NEVER, Type } from '../../../server/data/entry.js'
import { Keyspace } from '../../../server/keyspace/keyspace.js'
import { Mem, Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { likelyEntry, REFS_AT } from '../../../server/memory/bucket.js'
import { VerifiedArena } from '../../../server/memory/verified-arena.js'
import { Lookahead } from '../../../server/resp/lookahead.js'
import { Request } from '../../../server/resp/request.js'

function filled(keys: number): Keyspace {
  const keyspace = new Keyspace(new VerifiedArena(), seededRandom(1), { k0: 1, k1: 2 }, 1)
  for (let i = 0; i < keys; i++) keyspace.databases[0].setString(Span.of(`key:${i}`), Span.of('v'), NEVER)
  return keyspace
}

/** A set, a hash and a sorted set of so many elements, beside a few keys. */
function withCollections(elements: number): Keyspace {
  const keyspace = filled(10)
  const [db] = keyspace.databases
  const { sets, hashes, sortedSets } = keyspace
  const set = db.add(Span.of('set'), Type.set, 0)
  const hash = db.add(Span.of('hash'), Type.hash, 0)
  const zset = db.add(Span.of('zset'), Type.zset, 0)
  db.add(Span.of('list'), Type.list, 0)
  for (let i = 0; i < elements; i++) {
    const element = Span.of(`element:${i}`)
    sets.add(set, element)
    hashes.set(hash, element, Span.of('v'))
    sortedSets.seek(zset, element)
    sortedSets.put(i)
  }
  return keyspace
}

/** Requests as a connection takes them when they were read ahead. */
function aheadOf({ databases, readAhead }: Keyspace, requests: readonly string[][]): Request[] {
  const text = requests
    .map(words => `*${words.length}\r\n${words.map(word => `$${word.length}\r\n${word}\r\n`).join('')}`)
    .join('')
  const mem = Mem.copyOf(Buffer.from(text))
  const ahead = new Lookahead()
  expect(ahead.find(mem, 0, text.length)).toBe(requests.length)
  readAhead.requests(databases[0].tables, ahead, mem)
  return requests.map(() => {
    const request = new Request()
    ahead.take(request, mem)
    return request
  })
}

describe('reading ahead', () => {
  test('leaves the words of a command of many keys with their hashes, a row at a time', () => {
    const { databases, readAhead } = filled(10_000)
    const { keys } = databases[0].tables
    const words = Array.from({ length: 50 }, (_, i) => [`key:${i}`, 'value']).flat()
    const request = Request.of(['MSET', ...words])
    const end = readAhead.words(keys, request, 1, 2)
    expect(end).toBe(65)
    expect(readAhead.words(keys, request, end, 2)).toBe(request.count)
    for (let i = 1; i < request.count; i += 2) expect(request.word(i).hash).toBe(keys.hash(request.word(i)))
  })

  test('gives the requests of a pipeline the hashes of their keys, also while the table grows', () => {
    const { databases, readAhead } = filled(9 * 1024 + 1)
    const { keys } = databases[0].tables
    expect(keys.rehashing).toBe(true)
    const text = '*2\r\n$3\r\nGET\r\n$7\r\nkey:123\r\n*1\r\n$4\r\nPING\r\n'
    const mem = Mem.copyOf(Buffer.from(text))
    const ahead = new Lookahead()
    ahead.find(mem, 0, text.length)
    readAhead.requests(databases[0].tables, ahead, mem)
    const request = new Request()
    ahead.take(request, mem)
    expect(request.word(1).hash).toBe(keys.hash(Span.of('key:123')))
    expect(databases[0].find(request.word(1))).not.toBe(0)
    ahead.take(request, mem)
    expect(request.word(0).latin1()).toBe('PING')
  })

  test.each([
    ['SADD', ['set', 'element:77'], 2],
    ['HSET', ['hash', 'element:77', 'value'], 2],
    ['ZADD', ['zset', '5', 'element:77'], 3],
    ['ZSCORE', ['zset', 'element:77'], 2],
  ])('gives a row of %s the hashes of their elements, with that of their key', (name, words, at) => {
    const keyspace = withCollections(5000)
    const { keys } = keyspace.databases[0].tables
    const [key] = words
    for (const request of aheadOf(keyspace, [...Array<string[]>(5).fill([name, ...words]), ['PING']])) {
      const isRow = request.word(0).latin1() === name
      if (isRow) expect(request.word(1).hash).toBe(keys.hash(Span.of(key)))
      if (isRow) expect(request.word(at).hash).toBe(keys.hash(Span.of('element:77')))
    }
  })

  test('leaves the elements of other keys alone', () => {
    const requests = aheadOf(withCollections(5000), [
      ...Array<string[]>(3).fill(['SADD', 'set', 'a']),
      ['SADD', 'other', 'a'],
      ['SADD', 'set', 'a'],
    ])
    expect(requests.map(request => request.word(2).hash !== 0)).toEqual([true, true, true, false, true])
  })

  test('knows the key of a row of requests for a small collection, and nothing of its elements', () => {
    const [request] = aheadOf(withCollections(10), Array<string[]>(5).fill(['SADD', 'set', 'a']))
    expect(request.word(1).hash).not.toBe(0)
    expect(request.word(2).hash).toBe(0)
  })

  test('finds the key of a row where it is, after it has moved, and not after it is gone', () => {
    const keyspace = withCollections(10)
    const [db] = keyspace.databases
    const [request] = aheadOf(keyspace, Array<string[]>(5).fill(['SADD', 'set', 'a']))
    const key = request.word(1)
    const ref = db.find(key)
    expect(ref).toBe(db.tables.keys.find(key, key.hash))
    const moved = db.setExpiry(key, ref, 1e12)
    expect(moved).not.toBe(ref)
    expect(db.find(key)).toBe(moved)
    db.delete(key)
    expect(db.find(key)).toBe(0)
    expect(db.add(key, Type.list, 0)).toBe(db.find(key))
  })

  test('takes no other key for that of a row, though they have one hash', () => {
    const keyspace = withCollections(10)
    const { tables } = keyspace.databases[0]
    const [request] = aheadOf(keyspace, Array<string[]>(5).fill(['SADD', 'set', 'a']))
    const { hash } = request.word(1)
    expect(tables.find(request.word(1), hash)).not.toBe(0)
    expect(tables.find(Span.of('seT'), hash)).toBe(0)
  })

  test('takes a row of anything else as it comes', () => {
    const rows = [['LPUSH', 'list', 'a'], ['GET'], ['GET', 'nothing'], ['GET', 'key:1', 'too', 'many']]
    for (const row of rows) {
      const requests = aheadOf(withCollections(10), Array<string[]>(5).fill(row))
      expect(requests.map(request => request.list().map(word => word.latin1()))).toEqual(Array(5).fill(row))
    }
  })

  test('spares small tables, which are near anyway', () => {
    const { databases, readAhead } = filled(10)
    const request = Request.of(['MSET', 'key:1', 'a', 'key:2', 'b'])
    expect(readAhead.words(databases[0].tables.keys, request, 1, 2)).toBe(request.count)
    expect(request.word(1).hash).toBe(0)
  })
})

test.each([0, 1, 3, 4, 7, 8, 11])('the likely entry of a tag in slot %i is the one there', slot => {
  const words = new Int32Array(16)
  const tags = new Uint8Array(words.buffer, 4, 12)
  tags.fill(7)
  tags[slot] = 200
  for (let i = 0; i < 12; i++) words[REFS_AT + i] = 100 + i
  expect(likelyEntry(words, 0, 200 << 24)).toBe(100 + slot)
})
