import { RdbType } from '../../server/data/serial/encoding.js'
import { testEngine } from './engine.js'
import {
  double,
  intset,
  le,
  listpack,
  type Part,
  payload,
  size,
  stream,
  text,
  ziplist,
  zipmap,
} from './rdb-bytes.js'

/** Payloads of every type in every form: those that we write, small and large, and those of other releases. */

const LONG = 'long '.repeat(40)

const OURS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'a short string': [['SET', 'k', 'value']],
  'an integer': [['SET', 'k', '123456789012']],
  'a compressed string': [['SET', 'k', LONG]],
  'a list': [['RPUSH', 'k', 'a', '7', '-300', LONG, '99999999999', 'b']],
  'a list of several nodes': [
    ['RPUSH', 'k', ...Array.from({ length: 30 }, (_, i) => `${'x'.repeat(1000)}${i}`)],
  ],
  'an intset': [['SADD', 'k', '1', '70000', '99999999999', '-5']],
  'a small set': [['SADD', 'k', 'a', 'b', '7', LONG.slice(0, 60)]],
  'a set': [['SADD', 'k', 'a', 'b', '7', LONG]],
  'a small sorted set': [['ZADD', 'k', '1', 'a', '-2.5', 'b', 'inf', '7', '3', 'c']],
  'a sorted set': [['ZADD', 'k', '1', 'a', '-2.5', 'b', '4', LONG, '0', '12']],
  'a small hash': [['HSET', 'k', 'f', '1', 'g', 'x', '7', '-300']],
  'a hash': [['HSET', 'k', 'f', '1', 'g', LONG]],
  'a hash with times': [
    ['HSET', 'k', 'f', '1', 'g', 'x', 'h', 'y'],
    ['HPEXPIREAT', 'k', '99999', 'FIELDS', '1', 'f'],
    ['HPEXPIREAT', 'k', '20000', 'FIELDS', '1', 'g'],
  ],
  'a stream': [
    ...Array.from({ length: 8 }, (_, i) => ['XADD', 'k', `${i + 1}-${i % 2}`, 'f', `${i}`, 'g', 'x']),
    ['XADD', 'k', '20-0', 'other', 'fields', 'than', 'these'],
    ['XDEL', 'k', '3-0'],
    ['XGROUP', 'CREATE', 'k', 'g', '0'],
    ['XREADGROUP', 'GROUP', 'g', 'c', 'COUNT', '3', 'STREAMS', 'k', '>'],
    ['XREADGROUP', 'GROUP', 'g', 'd', 'COUNT', '2', 'STREAMS', 'k', '>'],
  ],
  'a stream with producers': [
    ['XADD', 'k', 'IDMP', 'p', 'm', '*', 'f', 'v'],
    ['XADD', 'k', 'IDMP', 'p', 'n', '*', 'f', 'v'],
    ['XADD', 'k', 'IDMP', 'q', 'm', '*', 'f', 'v'],
  ],
}

const PRODUCERS = [
  size(60),
  size(10),
  size(1),
  text('p'),
  size(1),
  text('m'),
  size(1),
  size(1),
  size(2),
  size(0),
]
const COUNTS = { counts: true, activeTimes: true }

const OTHERS: readonly (readonly [name: string, type: number, ...value: Part[]])[] = [
  ['a list of strings', RdbType.list, size(3), text('a'), 0xc0, 7, text('b')],
  ['a list as a ziplist', RdbType.listZiplist, text(ziplist('a', 7, -300, 'b'))],
  ['a list of ziplists', RdbType.listQuicklist, size(2), text(ziplist('a', 7)), text(ziplist(-300, 'b'))],
  [
    'a list with a plain node',
    RdbType.listQuicklist2,
    size(2),
    size(1),
    text('a'),
    size(2),
    text(listpack(7, 'b')),
  ],
  ['an intset of int16', RdbType.setIntset, text(intset(2, -3, 7, 300))],
  ['a sorted set with scores as text', RdbType.zset, size(2), text('a'), 1, '3', text('b'), 4, '-1.5'],
  ['a sorted set as a ziplist', RdbType.zsetZiplist, text(ziplist('b', '-1.5', 'a', 3))],
  ['a sorted set of doubles', RdbType.zset2, size(2), text('a'), double(3), text('b'), double(-1.5)],
  ['a zipmap', RdbType.hashZipmap, text(zipmap(['f', '1'], ['g', 'x']))],
  ['a hash as a ziplist', RdbType.hashZiplist, text(ziplist('f', 1, 'g', 'x'))],
  [
    'an early hash with times',
    RdbType.hashMetadataOld,
    size(2),
    size(0),
    text('f'),
    text('1'),
    size(99_999),
    text('g'),
    text('x'),
  ],
  ['an early listpack with times', RdbType.hashListpackExOld, text(listpack('f', 1, 0, 'g', 'x', 99_999))],
  [
    'a listpack with times',
    RdbType.hashListpackEx,
    le(8, 99_999),
    text(listpack('f', 1, 0, 'g', 'x', 99_999)),
  ],
  ['a stream of 5.0', RdbType.streamListpacks, stream({})],
  ['a stream of 7.0', RdbType.streamListpacks2, stream({ counts: true })],
  ['a stream of 7.2', RdbType.streamListpacks3, stream(COUNTS)],
  ['a stream of 8.6', RdbType.streamListpacks4, stream(COUNTS), ...PRODUCERS],
  ['a stream of 8.8', RdbType.streamListpacks5, stream({ ...COUNTS, nacked: true }), ...PRODUCERS],
]

export function seedPayloads(): [name: string, payload: Buffer][] {
  const timed = [size(2), text('f'), text('1'), le(8, -1), text('g'), text('x'), le(8, 99_999)]
  return [
    ...Object.entries(OURS).map(([name, lines]): [string, Buffer] => [name, dumpOf(lines)]),
    ...OTHERS.map(([name, type, ...value]): [string, Buffer] => [name, payload(13, type, ...value)]),
    ['a hash with times of Valkey', payload(80, RdbType.hashTimed & 0xff, ...timed)],
  ]
}

function dumpOf(lines: readonly (readonly string[])[]): Buffer {
  const world = testEngine({ nowMs: 10_000 })
  const client = world.client()
  for (const line of lines) client.ask(line)
  client.send('DUMP k')
  const { bytes } = client.receive()
  return bytes.subarray(bytes.indexOf('\r\n') + 2, -2)
}
