import { expect, test } from 'vitest'
import { PlainEncoder } from '../../../persistence/aof/plain-encoder.js'
import { Snapshot } from '../../../server/keyspace/snapshot.js'
import { testEngine, type TestEngine } from '../../support/engine.js'
import { bytesOf } from '../../support/pieces.js'
import { replayed } from '../../support/replayed.js'

/** The base in plain form of what a server holds, and what a server makes of it. */

const CONFIG = { 'enable-debug-command': 'yes' }

function base({ engine }: TestEngine, between: () => void = () => undefined): Buffer {
  const encoder = new PlainEncoder(engine)
  encoder.begin()
  const snapshot = new Snapshot(engine.keyspace, (database, ref) => encoder.entry(database, ref))
  const pieces: Uint8Array[] = []
  while (snapshot.step()) {
    const piece = encoder.take()
    pieces.push(bytesOf(piece, piece.length))
    between()
  }
  snapshot.end()
  const last = encoder.end()
  return Buffer.concat([...pieces, bytesOf(last, last.length)])
}

/** The commands of a base, as lines. */
function lines(world: TestEngine): string[] {
  const found: string[] = []
  const words = base(world).toString('latin1').split('\r\n')
  for (let at = 0; at < words.length - 1;) {
    const count = Number(words[at++].slice(1))
    found.push(Array.from({ length: count }, (_, i) => words[at + 2 * i + 1]).join(' '))
    at += 2 * count
  }
  return found
}

function filled(...commands: readonly string[]): TestEngine {
  const world = testEngine({ config: CONFIG })
  for (const line of commands) world.ask(line)
  return world
}

async function copied(world: TestEngine): Promise<TestEngine> {
  const copy = testEngine({ config: CONFIG })
  await replayed(copy.engine, base(world))
  copy.audit()
  return copy
}

const COMMANDS: readonly (readonly [made: readonly string[], written: readonly string[]])[] = [
  [['SET k v'], ['SET k v']],
  [['RPUSH k a 7 b'], ['RPUSH k a 7 b']],
  [['SADD k 3 1 2'], ['SADD k 1 2 3']],
  [['SADD k a'], ['SADD k a']],
  [['ZADD k 0.1 a inf b'], ['ZADD k 0.1 a inf b']],
  [['HSET k f 1 g x'], ['HMSET k f 1 g x']],
  [
    ['HSET k f 1', 'HPEXPIREAT k 4000000000000 FIELDS 1 f'],
    ['HMSET k f 1', 'HPEXPIREAT k 4000000000000 FIELDS 1 f'],
  ],
  [
    ['SADD k a', 'PEXPIREAT k 4000000000000'],
    ['SADD k a', 'PEXPIREAT k 4000000000000'],
  ],
  [
    ['XADD k 1-1 f v', 'XADD k 1-2 f w g x', 'XDEL k 1-1'],
    ['XADD k 1-2 f w g x', 'XSETID k 1-2 ENTRIESADDED 2 MAXDELETEDID 1-1'],
  ],
  [
    ['XGROUP CREATE k g $ MKSTREAM', 'XGROUP CREATECONSUMER k g c'],
    [
      'XADD k MAXLEN 0 0-1 - -',
      'XSETID k 0-0 ENTRIESADDED 0 MAXDELETEDID 0-0',
      'XGROUP CREATE k g 0-0 ENTRIESREAD -1',
      'XGROUP CREATECONSUMER k g c',
    ],
  ],
]

for (const [made, written] of COMMANDS) {
  test(`${made.join(', ')} is written as ${written[0]}`, () => {
    expect(lines(filled(...made))).toEqual(['SELECT 0', ...written])
  })
}

test('the database is named where it changes, and where it is the first', () => {
  expect(lines(filled('SELECT 3', 'SET k v'))).toEqual(['SELECT 3', 'SET k v'])
  expect(lines(filled('SET k v', 'SELECT 3', 'SET k v'))).toHaveLength(4)
})

test('a command takes up to 64 elements', () => {
  const world = filled(`RPUSH l ${'x '.repeat(130).trim()}`, `HSET h ${numbered(100, i => `f${i} ${i}`)}`)
  const counts = lines(world).map(line => line.split(' ').length)
  expect(counts.sort((a, b) => a - b)).toEqual([2, 4, 66, 66, 74, 130])
})

test('large elements share a command with fewer others', () => {
  const world = filled()
  world.client().ask(['RPUSH', 'l', ...Array.from({ length: 20 }, () => 'x'.repeat(100_000))])
  expect(lines(world).map(line => line.split(' ').length)).toEqual([
    2,
    ...Array.from({ length: 6 }, () => 5),
    4,
  ])
})

const numbered = (count: number, each: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => each(i)).join(' ')

const STREAM_FACTS = ['XINFO STREAM k FULL', 'XRANGE k - +', 'XPENDING k g', 'XPENDING k g - + 100'] as const

const STREAMS: Readonly<Record<string, readonly string[]>> = {
  'with groups whose entries are all there': [
    'XADD k 1-1 f v',
    'XADD k 1-2 f v',
    'XADD k 2-0 f v',
    'XGROUP CREATE k g 0',
    'XREADGROUP GROUP g alice COUNT 1 STREAMS k >',
    'XREADGROUP GROUP g bob STREAMS k >',
    'XACK k g 1-2',
  ],
  'whose groups wait for entries that were deleted': [
    'XADD k 1-1 f v',
    'XADD k 1-2 f v',
    'XADD k 2-0 f v',
    'XADD k 3-0 f v',
    'XGROUP CREATE k g 0',
    'XREADGROUP GROUP g alice STREAMS k >',
    'XDEL k 1-2 3-0',
  ],
  'whose groups wait for entries that were trimmed': [
    'XADD k 1-1 f v',
    'XADD k 1-2 f v',
    'XADD k 2-0 f v',
    'XGROUP CREATE k g 0',
    'XREADGROUP GROUP g alice STREAMS k >',
    'XTRIM k MAXLEN 1',
  ],
  'without entries whose groups wait for some': [
    'XADD k 1-1 f v',
    'XADD k 1-2 f v',
    'XGROUP CREATE k g 0',
    'XREADGROUP GROUP g alice STREAMS k >',
    'XTRIM k MAXLEN 0',
  ],
  'with entries that nobody answers for': [
    'XADD k 1-1 f v',
    'XADD k 1-2 f v',
    'XGROUP CREATE k g 0',
    'XREADGROUP GROUP g alice STREAMS k >',
    'XNACK k g FATAL IDS 1 1-1',
  ],
}

for (const [what, made] of Object.entries(STREAMS)) {
  test(`a stream ${what} is made again`, async () => {
    const world = filled(...made)
    const copy = await copied(world)
    for (const fact of STREAM_FACTS) expect(copy.ask(fact), fact).toEqual(world.ask(fact))
  })
}

test('what producers have sent is made again', async () => {
  const copy = await copied(
    filled('XADD k IDMP p m * f v', 'XCFGSET k IDMP-MAXSIZE 7', 'XADD k IDMP p n * f v'),
  )
  expect(copy.ask('XINFO STREAM k')).toEqual(expect.arrayContaining(['idmp-maxsize', 7, 'pids-tracked', 1]))
  copy.ask('XADD k IDMP p n * f again')
  expect(copy.ask('XLEN k')).toBe(2)
})

test('the fields of a large hash keep their times', async () => {
  const world = filled(`HSET k ${numbered(900, i => `f${i} ${i}`)}`)
  for (let i = 0; i < 900; i += 7) world.ask(`HPEXPIREAT k ${4_000_000_000_000 + i} FIELDS 1 f${i}`)
  const copy = await copied(world)
  for (let i = 0; i < 900; i++) {
    const due = `HPEXPIRETIME k FIELDS 1 f${i}`
    expect(copy.ask(due), due).toEqual(world.ask(due))
  }
  expect(copy.ask('DEBUG DIGEST')).toBe(world.ask('DEBUG DIGEST'))
})

test('no step of a big value writes more than some of its elements', () => {
  const world = filled()
  for (let i = 0; i < 20_000; i++) world.client().ask(['HSET', 'h', `field ${i}`, 'a value of some length'])
  const steps: number[] = []
  const encoder = new PlainEncoder(world.engine)
  const snapshot = new Snapshot(world.engine.keyspace, (database, ref) => encoder.entry(database, ref))
  while (snapshot.step()) steps.push(encoder.take().length)
  snapshot.end()
  expect(steps.length).toBeGreaterThan(150)
  expect(Math.max(...steps)).toBeLessThan(16_384)
})
