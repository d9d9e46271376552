import { expect, test } from 'vitest'
import { encodeNow } from '../../../persistence/rdb/encoder.js'
import { loadRdbNow } from '../../../persistence/rdb/load.js'
import { RdbError } from '../../../persistence/rdb/rdb-error.js'
import { RdbType } from '../../../server/data/serial/encoding.js'
import { type TestEngine, testEngine } from '../../support/engine.js'
import {
  double,
  intset,
  le,
  listpack,
  type Part,
  payload,
  rdbFile,
  size,
  stream,
  text,
  ziplist,
  zipmap,
} from '../../support/rdb-bytes.js'
import { ReplyError } from '../../support/reply.js'

/** Every type of value that any release has written, in the form that it has there, and how it is read. */

interface Case {
  readonly type: number
  readonly value: readonly Part[]
  readonly asks: readonly (readonly [line: string, reply: unknown])[]
  /** REDIS0013 where nothing else is said. */
  readonly magic?: string
}

const LIST = [['LRANGE k 0 -1', ['a', '7', '-300']]] as const
const SET = [['SORT k ALPHA', ['-300', '7', '70000']]] as const
const ZSET = [['ZRANGE k 0 -1 WITHSCORES', ['b', '-1.5', 'a', '3']]] as const
const HASH = [['HGETALL k', ['f', '1', 'g', 'x']]] as const
const TIMED = [
  ['HGETALL k', ['f', '1', 'g', 'x']],
  ['HPEXPIRETIME k FIELDS 2 f g', [-1, 2_000_000_000_000]],
] as const
const ENTRIES = ['1-1', ['f', 'v']] as const
const STREAM = [
  ['XRANGE k - +', [ENTRIES, ['2-0', ['f', 'w']]]],
  ['XPENDING k g', [2, '1-1', '2-0', [['c', '2']]]],
  ['XINFO GROUPS k', [expect.arrayContaining(['last-delivered-id', '2-0', 'entries-read', 2])]],
] as const
const DUE = 2_000_000_000_000

const PRODUCERS = [
  ...[size(60), size(10), size(1), text('p'), size(1), text('m'), size(1), size(1)],
  ...[size(7), size(3)],
]
const REMEMBERED = [
  [
    'XINFO STREAM k',
    expect.arrayContaining(['idmp-duration', 60, 'pids-tracked', 1, 'iids-tracked', 1, 'iids-added', 7]),
  ],
  ['XADD k IDMP p m * f again', '1-1'],
] as const

const CASES: readonly Case[] = [
  { type: RdbType.string, value: [text('plain')], asks: [['GET k', 'plain']] },
  { type: RdbType.string, value: [0xc0, 0xfe], asks: [['GET k', '-2']] },
  { type: RdbType.string, value: [0xc1, le(2, -300)], asks: [['GET k', '-300']] },
  { type: RdbType.string, value: [0xc2, le(4, 70_000)], asks: [['GET k', '70000']] },
  { type: RdbType.string, value: [0xc3, 5, 10, 0, 'a', 0xe0, 0, 0], asks: [['GET k', 'a'.repeat(10)]] },
  { type: RdbType.list, value: [size(3), text('a'), 0xc0, 7, 0xc1, le(2, -300)], asks: LIST },
  { type: RdbType.listZiplist, value: [text(ziplist('a', 7, -300))], asks: LIST },
  { type: RdbType.listQuicklist, value: [size(2), text(ziplist('a')), text(ziplist(7, -300))], asks: LIST },
  {
    type: RdbType.listQuicklist2,
    value: [size(2), size(1), text('a'), size(2), text(listpack(7, -300))],
    asks: LIST,
  },
  { type: RdbType.set, value: [size(3), 0xc0, 7, 0xc1, le(2, -300), 0xc2, le(4, 70_000)], asks: SET },
  { type: RdbType.setIntset, value: [text(intset(4, -300, 7, 70_000))], asks: SET },
  { type: RdbType.setListpack, value: [text(listpack(7, -300, 70_000))], asks: SET },
  { type: RdbType.zset, value: [size(2), text('a'), 1, '3', text('b'), 4, '-1.5'], asks: ZSET },
  {
    type: RdbType.zset,
    value: [size(2), text('low'), 255, text('high'), 254],
    asks: [['ZRANGE k 0 -1 WITHSCORES', ['low', '-inf', 'high', 'inf']]],
  },
  { type: RdbType.zset2, value: [size(2), text('a'), double(3), text('b'), double(-1.5)], asks: ZSET },
  { type: RdbType.zsetZiplist, value: [text(ziplist('b', '-1.5', 'a', 3))], asks: ZSET },
  { type: RdbType.zsetListpack, value: [text(listpack('b', '-1.5', 'a', 3))], asks: ZSET },
  { type: RdbType.hash, value: [size(2), text('f'), 0xc0, 1, text('g'), text('x')], asks: HASH },
  { type: RdbType.hashZipmap, value: [text(zipmap(['f', '1'], ['g', 'x']))], asks: HASH },
  { type: RdbType.hashZiplist, value: [text(ziplist('f', 1, 'g', 'x'))], asks: HASH },
  { type: RdbType.hashListpack, value: [text(listpack('f', 1, 'g', 'x'))], asks: HASH },
  {
    type: RdbType.hashMetadataOld,
    value: [size(2), size(0), text('f'), text('1'), size(DUE), text('g'), text('x')],
    asks: TIMED,
  },
  { type: RdbType.hashListpackExOld, value: [text(listpack('f', 1, 0, 'g', 'x', DUE))], asks: TIMED },
  {
    type: RdbType.hashMetadata,
    value: [le(8, DUE), size(2), size(0), text('f'), text('1'), size(1), text('g'), text('x')],
    asks: TIMED,
  },
  {
    type: RdbType.hashListpackEx,
    value: [le(8, DUE), text(listpack('f', 1, 0, 'g', 'x', DUE))],
    asks: TIMED,
  },
  {
    type: RdbType.hashTimed,
    value: [size(2), text('f'), text('1'), le(8, -1), text('g'), text('x'), le(8, DUE)],
    asks: TIMED,
    magic: 'VALKEY080',
  },
  { type: RdbType.streamListpacks, value: [stream({})], asks: STREAM },
  { type: RdbType.streamListpacks2, value: [stream({ counts: true })], asks: STREAM },
  { type: RdbType.streamListpacks3, value: [stream({ counts: true, activeTimes: true })], asks: STREAM },
  {
    type: RdbType.streamListpacks4,
    value: [stream({ counts: true, activeTimes: true }), ...PRODUCERS],
    asks: [...STREAM, ...REMEMBERED],
  },
  {
    type: RdbType.streamListpacks5,
    value: [stream({ counts: true, activeTimes: true, nacked: true }), ...PRODUCERS],
    asks: [['XPENDING k g', [2, '1-1', '2-0', [['c', '1']]]], ...REMEMBERED],
  },
]

/** Values of modules; we have none. */
const REFUSED = [RdbType.module2]

function world(): TestEngine {
  return testEngine({ nowMs: 10_000 })
}

test('every type that there is has a case', () => {
  const covered = new Set([...CASES.map(each => each.type), ...REFUSED])
  expect(Object.values(RdbType).filter(type => !covered.has(type as (typeof REFUSED)[number]))).toEqual([])
})

for (const [index, { type, value, asks, magic = 'REDIS0013' }] of CASES.entries()) {
  const name = Object.entries(RdbType).find(([, number]) => number === type)?.[0] ?? '?'

  test(`${name} is read from a file (case ${index})`, () => {
    const made = loaded(rdbFile(magic, type & 0xff, text('k'), ...value))
    for (const [line, reply] of asks) expect(made.ask(line), line).toEqual(reply)
    expect(made.engine.keyspace.keys).toBe(1)
    made.audit()
  })

  test(`${name} is restored from a payload (case ${index})`, () => {
    const restored = world()
    const version = magic.startsWith('VALKEY') ? 80 : 13
    const dumped = payload(version, type & 0xff, ...value)
    expect(restored.client().ask(['RESTORE', 'k', '0', dumped])).toBe('OK')
    for (const [line, reply] of asks) expect(restored.ask(line), line).toEqual(reply)
  })

  test(`what was ${name} is the same after it was written and read again (case ${index})`, () => {
    const first = loaded(rdbFile(magic, type & 0xff, text('k'), ...value))
    const again = loaded(encodeNow(first.engine))
    for (const [line, reply] of asks) expect(again.ask(line), line).toEqual(reply)
  })
}

function loaded(file: Uint8Array): TestEngine {
  const made = world()
  loadRdbNow(made.engine, 'test.rdb', file)
  return made
}

test('a value of a module is refused, with its place', () => {
  for (const type of REFUSED) {
    expect(() => loaded(rdbFile('REDIS0013', type, text('k'), size(1)))).toThrow(RdbError)
    expect(() => loaded(rdbFile('REDIS0013', type, text('k'), size(1)))).toThrow(/at byte 9 of test\.rdb/)
  }
})

const EMPTY: readonly (readonly [type: number, ...value: Part[]])[] = [
  [RdbType.list, size(0)],
  [RdbType.listZiplist, text(ziplist())],
  [RdbType.listQuicklist, size(2), text(ziplist()), text(ziplist())],
  [RdbType.listQuicklist2, size(1), size(2), text(listpack())],
  [RdbType.set, size(0)],
  [RdbType.setIntset, text(intset(2))],
  [RdbType.setListpack, text(listpack())],
  [RdbType.zset, size(0)],
  [RdbType.zset2, size(0)],
  [RdbType.zsetZiplist, text(ziplist())],
  [RdbType.zsetListpack, text(listpack())],
  [RdbType.hash, size(0)],
  [RdbType.hashZiplist, text(ziplist())],
  [RdbType.hashListpack, text(listpack())],
  [RdbType.hashMetadata, le(8, 1), size(0)],
]

test('keys with nothing in them are left out of a file, and what follows is read', () => {
  const made = world()
  const keys = EMPTY.flatMap(([type, ...value], index) => [type, text(`empty:${index}`), ...value])
  const bytes = rdbFile('REDIS0013', ...keys, RdbType.string, text('k'), text('v'))
  const report = loadRdbNow(made.engine, 'test.rdb', bytes)
  expect(report).toMatchObject({ keysLoaded: 1, keysEmpty: EMPTY.length })
  expect(made.ask('KEYS *')).toEqual(['k'])
  made.audit()
})

test('RESTORE refuses a value with nothing in it', () => {
  const made = world()
  for (const [type, ...value] of EMPTY) {
    expect(made.client().ask(['RESTORE', 'k', '0', payload(10, type, ...value)])).toEqual(
      new ReplyError('ERR Bad data format'),
    )
  }
  made.audit()
})
