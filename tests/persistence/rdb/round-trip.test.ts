import { expect, test } from 'vitest'
import { encodeNow } from '../../../persistence/rdb/encoder.js'
import { loadRdb, loadRdbNow } from '../../../persistence/rdb/load.js'
import { writeSnapshot } from '../../../persistence/rdb/snapshot-run.js'
import type { ByteStream } from '../../../persistence/rdb/window.js'
import { Span } from '../../../server/lib/bytes.js'
import { seededRandom } from '../../../server/lib/random.js'
import { type TestEngine, testEngine } from '../../support/engine.js'
import { drawWrite } from '../../support/random-writes.js'
import { settled } from '../../support/until.js'

const SEED = Number(process.env.SEED ?? 20_261_120)

const CONFIG = { save: '', 'enable-debug-command': 'yes' }

function filled(config: Readonly<Record<string, string>> = {}): TestEngine {
  const world = testEngine({ config: { ...CONFIG, ...config }, seed: SEED })
  const random = seededRandom(SEED)
  const knows = (command: string): boolean => world.engine.table.lookup(Span.of(command)) !== null
  for (let i = 0; i < 3000; i++) world.client().ask(drawWrite(random, knows))
  return world
}

const digest = (world: TestEngine): unknown => world.ask('DEBUG DIGEST')

function loaded(bytes: Uint8Array): TestEngine {
  const world = testEngine({ config: CONFIG })
  loadRdbNow(world.engine, 'test', bytes)
  return world
}

/** Bytes that come a few at a time. */
function dripping(bytes: Uint8Array, most: number): ByteStream {
  const random = seededRandom(SEED)
  let at = 0
  return {
    name: 'test',
    read(into) {
      const piece = bytes.subarray(at, at + Math.min(into.length, random.below(most) + 1))
      into.set(piece)
      at += piece.length
      return Promise.resolve(piece.length)
    },
  }
}

for (const rdbcompression of ['yes', 'no']) {
  test(`what was written is read again, rdbcompression ${rdbcompression}`, () => {
    const world = filled({ rdbcompression })
    const copy = loaded(encodeNow(world.engine))
    expect(digest(copy), `seed ${SEED}`).toBe(digest(world))
    copy.audit()
  })
}

test('a file that comes in drops is read as one that is there', async () => {
  const world = filled()
  const copy = testEngine({ config: CONFIG })
  const report = await settled(copy, loadRdb(copy.engine, dripping(encodeNow(world.engine), 700)))
  expect(digest(copy), `seed ${SEED}`).toBe(digest(world))
  expect(report.keysLoaded).toBe(world.engine.keyspace.keys)
  copy.audit()
})

test('a part larger than the window is read', async () => {
  const world = testEngine()
  const value = Buffer.alloc(5 << 20, 'x')
  world.client().ask(['SET', 'big', value])
  world.client().ask('CONFIG SET rdbcompression no')
  const copy = testEngine()
  await settled(copy, loadRdb(copy.engine, dripping(encodeNow(world.engine), 1 << 20)))
  expect(copy.ask('STRLEN big')).toBe(value.length)
})

test('a snapshot in slices is a file like any other', async () => {
  const world = filled()
  const before = digest(world)
  const pieces: Uint8Array[] = []
  const run = writeSnapshot(world.engine, { write: piece => Promise.resolve(void pieces.push(piece)) })
  world.client().ask('FLUSHALL')
  world.client().ask('SET after 1')
  await settled(world, run.done)
  const copy = loaded(Buffer.concat(pieces))
  expect(digest(copy), `seed ${SEED}`).toBe(before)
  world.audit()
})

test('times to live stay, and keys whose time has come do not', () => {
  const world = testEngine({ nowMs: 1_000_000 })
  for (const line of ['SET a 1 PX 5000', 'SET b 1 PX 10', 'SET c 1']) world.ask(line)
  const bytes = encodeNow(world.engine)
  const copy = testEngine({ nowMs: 1_001_000 })
  const report = loadRdbNow(copy.engine, 'test', bytes)
  expect(report).toMatchObject({ keysLoaded: 2, keysExpired: 1 })
  expect(copy.ask('PTTL a')).toBe(4000)
  expect(copy.ask('PTTL c')).toBe(-1)
  const keeping = testEngine({ nowMs: 1_001_000 })
  expect(loadRdbNow(keeping.engine, 'test', bytes, { keepExpired: true }).keysLoaded).toBe(3)
})

test('the age of a key stays, as the policy counts it', () => {
  const lru = testEngine({ config: { 'maxmemory-policy': 'allkeys-lru' } })
  lru.ask('SET a 1')
  lru.advance(100_000)
  const copy = testEngine({ config: { 'maxmemory-policy': 'allkeys-lru' } })
  loadRdbNow(copy.engine, 'test', encodeNow(lru.engine))
  expect(copy.ask('OBJECT IDLETIME a')).toBe(100)

  const lfu = testEngine({ config: { 'maxmemory-policy': 'allkeys-lfu' } })
  lfu.ask('SET a 1')
  const frequent = testEngine({ config: { 'maxmemory-policy': 'allkeys-lfu' } })
  loadRdbNow(frequent.engine, 'test', encodeNow(lfu.engine))
  expect(frequent.ask('OBJECT FREQ a')).toBe(lfu.ask('OBJECT FREQ a'))
})

test('libraries of functions are kept as they came', () => {
  const world = testEngine()
  const code = Buffer.from('#!lua name=mylib\nredis.register_function("f", function() return 1 end)')
  world.engine.functions.add(code)
  const copy = loaded(encodeNow(world.engine))
  expect([...copy.engine.functions.all()].map(each => Buffer.from(each))).toEqual([code])
})
