import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('string')

export const strings: Family = {
  name: 'strings',
  weight: 4,
  makers: [
    d => ['SET', key(d), d.value(), ...setOptions(d)],
    d => ['SET', key(d), d.value()],
    d => ['SETNX', key(d), d.value()],
    d => ['SETEX', key(d), d.ttl(), d.value()],
    d => ['PSETEX', key(d), `${d.ttl()}000`, d.value()],
    d => ['GET', key(d)],
    d => ['GETSET', key(d), d.value()],
    d => ['GETDEL', key(d)],
    d => ['GETEX', key(d), ...d.maybe(...lifetime(d))],
    d => ['MGET', ...d.keys('string')],
    d => ['MSET', ...d.several(4, () => [key(d), d.value()]).flat()],
    d => ['MSETNX', ...d.several(3, () => [key(d), d.value()]).flat()],
    d => ['APPEND', key(d), d.value()],
    d => ['STRLEN', key(d)],
    d => ['INCR', key(d)],
    d => ['DECR', key(d)],
    d => ['INCRBY', key(d), d.integer()],
    d => ['DECRBY', key(d), d.integer()],
    d => ['INCRBYFLOAT', key(d), d.double()],
    d => ['GETRANGE', key(d), d.index(), d.index()],
    d => ['SUBSTR', key(d), d.index(), d.index()],
    d => ['SETRANGE', key(d), `${d.below(60)}`, d.value()],
    d => ['SETRANGE', key(d), d.integer(), ''],
    d => [
      'SETRANGE',
      key(d),
      d.pick(['536870912', '536870911', '9223372036854775807']),
      'x'.repeat(1 + d.below(3)),
    ],
    d => ['GETRANGE', key(d), d.integer(), d.integer()],
    d => [d.pick(['SET', 'GETEX']), key(d), ...d.maybe(d.value()), d.pick(TOKENS), d.pick(BAD_TIMES)],
    d => [d.pick(['SETEX', 'PSETEX']), key(d), d.pick(BAD_TIMES), d.value()],
    d => ['SET', key(d), d.value(), ...d.several(4, () => d.pick(OPTIONS))],
    d => ['MSETNX', ...d.several(3, () => [d.anyKey(), d.value()]).flat()],
    d => ['MGET', ...d.several(4, () => d.anyKey())],
    d => [
      'LCS',
      key(d),
      key(d),
      ...d.maybe('IDX'),
      ...d.maybe('MINMATCHLEN', d.count()),
      ...d.maybe('WITHMATCHLEN'),
    ],
    d => ['LCS', key(d), key(d), ...d.maybe('LEN')],
    d => ['LCS', d.pick([key(d), d.key('bits')]), key(d), ...d.several(3, () => d.pick(LCS_WORDS))],
    d => ['GETEX', key(d), ...d.several(3, () => d.pick([...OPTIONS, '4102444800']))],
    d => ['SET', key(d), SHAPED[d.below(SHAPED.length)]],
    d => ['SETRANGE', key(d), `${d.below(70)}`, d.pick(['\0', '\r\n', '1', 'x'.repeat(d.below(70))])],
  ],
}

const LCS_WORDS = ['IDX', 'LEN', 'WITHMATCHLEN', 'MINMATCHLEN', '2', '-1', '0', 'x'] as const
/** What may be a number, kept as one or as its text. */
const SHAPED = [
  '007',
  '+7',
  '-0',
  '12345678901234567890',
  '1e2',
  '0.0',
  '10000000000000000000000',
  '-9223372036854775808',
] as const

const TOKENS = ['EX', 'PX', 'exat', 'PXAT'] as const
/** Past or out of range. */
const BAD_TIMES = [
  '0',
  '-1',
  '200000',
  '9223372036854775807',
  '9223372036854775',
  '-9223372036854775808',
  '9223372036854775808',
  'x',
] as const
const OPTIONS = ['NX', 'XX', 'GET', 'KEEPTTL', 'EX', 'PXAT', '4102444800000', 'PERSIST', 'nx'] as const

function setOptions(d: Draw): readonly string[] {
  const condition = d.pick([[], [], ['NX'], ['xx']])
  return [...condition, ...d.maybe(...d.pick([lifetime(d), ['KEEPTTL']])), ...d.maybe('GET')]
}

function lifetime(d: Draw): readonly string[] {
  return d.pick([
    ['EX', d.ttl()],
    ['px', `${d.ttl()}000`],
    ['EXAT', d.unixTime()],
    ['PXAT', `${d.unixTime()}000`],
    ['PERSIST'],
  ])
}
