import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('zset')

export const sortedSets: Family = {
  name: 'sorted sets',
  weight: 4,
  makers: [
    d => ['ZADD', key(d), ...conditions(d), ...d.several(5, () => [d.double(), d.member()]).flat()],
    d => ['ZADD', key(d), ...d.several(5, () => ['0', d.member()]).flat()],
    d => ['ZADD', key(d), ...d.several(160, () => [d.double(), `${d.below(1000)}`]).flat()],
    d => ['ZADD', key(d), ...conditions(d), 'INCR', d.double(), d.member()],
    d => ['ZINCRBY', key(d), d.once(10) ? d.pick(['NX', 'xx', 'CH', 'incr']) : d.double(), d.member()],
    d => ['ZADD', key(d), ...d.several(3, () => d.pick(OPTIONS)), d.double(), d.member(), ...d.maybe('1')],
    d => ['ZRANGE', key(d), d.pick(EDGES), d.pick(EDGES), ...d.several(4, () => d.pick(RANGE_WORDS))],
    d => [
      'ZRANGESTORE',
      key(d),
      key(d),
      d.pick(EDGES),
      d.pick(EDGES),
      ...d.several(3, () => d.pick(RANGE_WORDS)),
    ],
    d => [
      'ZRANDMEMBER',
      key(d),
      d.pick(['0', '-0', '0x', '9223372036854775808']),
      ...d.several(2, () => 'WITHSCORES'),
    ],
    d => [
      'ZMPOP',
      ...d.countedKeys('zset'),
      d.pick(['MIN', 'MAX', 'x']),
      ...d.maybe('COUNT', '1', 'COUNT', '2'),
    ],
    d => [d.pick(['ZLEXCOUNT', 'ZREMRANGEBYLEX', 'ZRANGEBYLEX', 'ZREVRANGEBYLEX']), key(d), lex(d), lex(d)],
    d => ['ZINTERCARD', ...sources(d), ...d.several(2, () => ['LIMIT', d.count()]).flat()],
    d => ['ZSCORE', key(d), d.member()],
    d => ['ZMSCORE', key(d), ...d.several(4, () => d.member())],
    d => ['ZCARD', key(d)],
    d => ['ZREM', key(d), ...d.several(4, () => d.member())],
    d => [d.pick(['ZRANK', 'ZREVRANK']), key(d), d.member()],
    d => ['ZCOUNT', key(d), score(d), score(d)],
    d => ['ZRANGE', key(d), d.index(), d.index(), ...d.maybe('REV'), ...withScores(d)],
    d => ['ZRANGE', key(d), score(d), score(d), 'BYSCORE', ...d.maybe('rev'), ...limit(d), ...withScores(d)],
    d => ['ZRANGESTORE', key(d), key(d), d.index(), d.index(), ...d.maybe('REV')],
    d => ['ZRANGESTORE', key(d), key(d), score(d), score(d), 'BYSCORE', ...limit(d)],
    d => ['ZREVRANGE', key(d), d.index(), d.index(), ...withScores(d)],
    d => [
      d.pick(['ZRANGEBYSCORE', 'ZREVRANGEBYSCORE']),
      key(d),
      score(d),
      score(d),
      ...withScores(d),
      ...limit(d),
    ],
    d => ['ZREMRANGEBYRANK', key(d), d.index(), d.index()],
    d => ['ZREMRANGEBYSCORE', key(d), score(d), score(d)],
    d => [d.pick(['ZPOPMIN', 'ZPOPMAX']), key(d), ...d.maybe(d.count())],
    d => ['ZMPOP', ...d.countedKeys('zset'), d.pick(['MIN', 'max']), ...d.maybe('COUNT', d.count())],
    d => [d.pick(['ZUNION', 'ZINTER']), ...operands(d), ...withScores(d)],
    d => [d.pick(['ZUNIONSTORE', 'ZINTERSTORE']), key(d), ...operands(d)],
    d => ['ZDIFF', ...sources(d), ...withScores(d)],
    d => ['ZDIFFSTORE', key(d), ...sources(d)],
    d => ['ZINTERCARD', ...sources(d), ...d.maybe('LIMIT', d.count())],
    d => [
      'ZRANDMEMBER',
      key(d),
      ...d.maybe(d.pick(['0', '1', '3', '-1', '-7', '-9223372036854775808', 'x']), ...withScores(d)),
    ],
    d => ['ZADD', key(d), ...d.several(40, () => [d.double(), 'y'.repeat(d.below(70))]).flat()],
    d => [
      'ZADD',
      key(d),
      d.pick([
        '0x1p3',
        ' 1',
        '1 ',
        '+inf',
        'infinity',
        '1e400',
        '-1e400',
        '1e-400',
        '0x',
        '.5',
        '5.',
        '1_0',
        'NaN',
        '',
      ]),
      d.member(),
    ],
    d => [d.pick(['ZPOPMIN', 'ZPOPMAX']), key(d), d.integer()],
    d => [
      d.pick(['ZUNION', 'ZINTER', 'ZDIFF']),
      d.integer(),
      key(d),
      key(d),
      ...d.several(5, () => d.pick(SET_WORDS)),
    ],
    d => [
      d.pick(['ZUNIONSTORE', 'ZINTERSTORE']),
      key(d),
      '2',
      key(d),
      d.key('set'),
      ...d.several(6, () => d.pick(SET_WORDS)),
    ],
    d => [
      'ZMPOP',
      d.integer(),
      key(d),
      key(d),
      d.pick(['MIN', 'MAX']),
      ...d.several(2, () => d.pick(['COUNT', '0', '2'])),
    ],
    d => ['ZRANDMEMBER', key(d), '100000', ...withScores(d)],
    d => ['ZSCAN', key(d), '0', 'COUNT', '100000', ...d.maybe('MATCH', d.pick(['*', '1*', 'm?']))],
  ],
}

const OPTIONS = ['NX', 'XX', 'GT', 'LT', 'CH', 'INCR', 'nx', '1'] as const
const SET_WORDS = [
  'WEIGHTS',
  '1',
  '2',
  'inf',
  'nan',
  '-inf',
  'AGGREGATE',
  'SUM',
  'MIN',
  'WITHSCORES',
  'x',
] as const
const EDGES = ['0', '-1', '2', '1.5', '(1', '-inf', '+inf', '(', '', 'x', '[a', '[m', '-', '+', '01'] as const
const RANGE_WORDS = ['BYSCORE', 'BYLEX', 'REV', 'WITHSCORES', 'LIMIT', '0', '1', '-1', 'x'] as const

const lex = (d: Draw): string => d.pick(['-', '+', '[', '(', '[m', '(m1', '[1', 'm', '[f2'])
const withScores = (d: Draw): readonly string[] => d.maybe('WITHSCORES')
const limit = (d: Draw): readonly string[] => d.maybe('LIMIT', d.index(), d.index())

function conditions(d: Draw): readonly string[] {
  return [...d.maybe(d.pick(['NX', 'xx'])), ...d.maybe(d.pick(['GT', 'lt'])), ...d.maybe('CH')]
}

function score(d: Draw): string {
  return d.pick(['', '', '(']) + d.double()
}

function sources(d: Draw): string[] {
  return d.countedKeys(d.once(4) ? 'set' : 'zset')
}

function operands(d: Draw): readonly string[] {
  const keys = d.keys('zset')
  return [
    `${keys.length}`,
    ...keys,
    ...d.maybe('WEIGHTS', ...keys.map(() => d.double())),
    ...d.maybe('AGGREGATE', d.pick(['SUM', 'min', 'MAX'])),
  ]
}
