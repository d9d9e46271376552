import { expect, test } from 'vitest'
import { encodeNow } from '../../../persistence/rdb/encoder.js'
import { loadRdbNow } from '../../../persistence/rdb/load.js'
import { RdbError } from '../../../persistence/rdb/rdb-error.js'
import { crc64 } from '../../../server/lib/crc64.js'
import { seededRandom } from '../../../server/lib/random.js'
import { type TestEngine, testEngine } from '../../support/engine.js'

const END = 0xff
/** `a` holds `1`. */
const KEY = [0, 1, 97, 1, 49]

/** A file with a good checksum. */
function file(magic: string, ...parts: (number | string)[]): Buffer {
  const body = parts.map(part =>
    typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part, 'latin1'),
  )
  const bytes = Buffer.concat([Buffer.from(magic), ...body])
  const sum = Buffer.alloc(8)
  sum.writeBigUInt64LE(crc64(bytes))
  return Buffer.concat([bytes, sum])
}

function load(bytes: Uint8Array, world = testEngine()): TestEngine {
  loadRdbNow(world.engine, '/data/dump.rdb', bytes)
  return world
}

function failure(bytes: Uint8Array): RdbError {
  try {
    load(bytes)
  } catch (error) {
    if (error instanceof RdbError) return error
    throw error
  }
  throw new Error('it was loaded')
}

for (const magic of ['REDIS0001', 'REDIS0006', 'REDIS0010', 'REDIS0013', 'REDIS0015', 'VALKEY080']) {
  test(`files of ${magic} are read`, () => {
    const bytes = file(magic, ...KEY, END)
    const world = load(magic < 'REDIS0005' ? bytes.subarray(0, -8) : bytes)
    expect(world.ask('GET a')).toBe('1')
  })
}

test.each([
  ['REDIS0016', 'REDIS version 16 is unknown', "Can't handle RDB format version 16"],
  ['REDIS0000', 'REDIS version 0 is unknown', "Can't handle RDB format version 0"],
  ['VALKEY079', 'VALKEY version 79 is unknown', "Can't handle RDB format version 79"],
  ['GARBAGE01', 'no RDB file', 'Wrong signature trying to load DB from file'],
])('files of %s are refused', (magic, reason, sentence) => {
  expect(failure(file(magic, END))).toMatchObject({ reason, sentence, offset: 0, file: '/data/dump.rdb' })
})

test('what is unknown is refused with its place', () => {
  expect(failure(file('REDIS0010', ...KEY, 99, 1, 98, 0))).toMatchObject({
    reason: 'unknown RDB encoding type 99',
    offset: 14,
  })
  expect(failure(file('REDIS0010', ...KEY, 99, 1, 98, 0)).message).toContain('at byte 14 of /data/dump.rdb')
})

test('a wrong checksum is refused; without one there is nothing to check', () => {
  const bytes = file('REDIS0010', ...KEY, END)
  bytes[bytes.length - 1] ^= 1
  expect(failure(bytes).reason).toBe('RDB CRC error')
  bytes.fill(0, bytes.length - 8)
  expect(load(bytes).ask('GET a')).toBe('1')
})

test('a file that ends too early is refused, wherever it was cut', () => {
  const bytes = file('REDIS0010', ...KEY, END)
  for (let length = 0; length < bytes.length; length++) {
    expect(failure(bytes.subarray(0, length)).sentence).toContain('Short read')
  }
})

test('a key that comes twice is refused, or wins when that was asked for', () => {
  const bytes = file('REDIS0010', ...KEY, 0, 1, 97, 1, 50, END)
  expect(failure(bytes).reason).toContain("'a' is there twice")
  const world = testEngine()
  loadRdbNow(world.engine, 'test', bytes, { replace: true })
  expect(world.ask('GET a')).toBe('2')
  world.audit()
})

test('a database that there is not is refused', () => {
  expect(failure(file('REDIS0010', 254, 16, ...KEY, END)).sentence).toContain('more than 16 databases')
})

test('old times in seconds, slots, and what modules left are read or skipped', () => {
  const aux = [247, 5, 2, 1, 1, 3, 2, 4, 5, 3, 'abc', 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const expires = [253, 0xff, 0xff, 0xff, 0x7f]
  const world = load(file('REDIS0012', ...aux, 244, 1, 1, 0, ...expires, ...KEY, END))
  expect(world.ask('EXPIRETIME a')).toBe(2 ** 31 - 1)
})

test('one opcode means what Redis keeps for modules, and the slots that Valkey was importing', () => {
  const meta = [243, 2, 1, 2, 3, 4, 5, 1, 120, 0, 5, 6, 7, 8, 2, 9, 0]
  expect(load(file('REDIS0013', ...meta, ...KEY, END)).ask('GET a')).toBe('1')
  const slots = [243, 3, 'job', 2, 0, 9, 64 | 1, 0, 64 | 1, 9]
  expect(load(file('VALKEY080', ...slots, ...KEY, END)).ask('GET a')).toBe('1')
})

test('ages are read under the policies that know them', () => {
  const lru = testEngine({ config: { 'maxmemory-policy': 'allkeys-lru' } })
  expect(load(file('REDIS0010', 248, 60, ...KEY, END), lru).ask('OBJECT IDLETIME a')).toBe(60)
  const lfu = testEngine({ config: { 'maxmemory-policy': 'allkeys-lfu' } })
  expect(load(file('REDIS0010', 249, 42, ...KEY, END), lfu).ask('OBJECT FREQ a')).toBe(42)
})

test('libraries of the release candidates of 7.0 are translated', () => {
  const old = [246, 5, 'mylib', 3, 'LUA', 0, 4, 'code']
  const world = load(file('REDIS0010', ...old, END))
  expect([...world.engine.functions.all()].map(code => Buffer.from(code).toString())).toEqual([
    '#!LUA name=mylib\ncode',
  ])
})

test('damaged files are refused or read, and leave no memory behind', () => {
  const world = testEngine()
  for (const line of [
    'RPUSH l a b 1 2',
    'SADD s 1 2 3',
    'HSET h f v',
    'ZADD z 1 a',
    'SET s1 xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  ]) {
    world.ask(line)
  }
  const victim = testEngine({ config: { rdbchecksum: 'no' } })
  const bytes = encodeNow(world.engine)
  const random = seededRandom(7)
  for (let i = 0; i < 3000; i++) {
    const damaged = Buffer.from(bytes)
    for (let flips = random.below(3); flips >= 0; flips--)
      damaged[random.below(bytes.length)] = random.below(256)
    try {
      load(damaged, victim)
    } catch (error) {
      expect(error, `damage ${i}`).toBeInstanceOf(RdbError)
    }
    if (i % 50 === 0) victim.audit()
    for (const db of victim.engine.keyspace.databases) db.flush(false)
  }
})
