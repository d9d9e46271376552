import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const key = (d: Draw): string => d.key('stream')
const GROUPS = ['g1', 'g2']
const CONSUMERS = ['alice', 'bob']

/** Ids are given, as those made from the clock would differ; idle times are not asked for. */
export const streams: Family = {
  name: 'streams',
  weight: 3,
  makers: [
    d => ['XADD', key(d), ...trimming(d), id(d), ...fields(d)],
    d => ['XADD', key(d), ...d.maybe('NOMKSTREAM'), `${d.below(30)}-*`, ...fields(d)],
    d => ['XLEN', key(d)],
    d => ['XRANGE', key(d), start(d), end(d), ...d.maybe('COUNT', d.count())],
    d => ['XREVRANGE', key(d), end(d), start(d), ...d.maybe('COUNT', d.count())],
    d => ['XDEL', key(d), ...d.several(3, () => id(d))],
    d => ['XTRIM', key(d), ...trim(d)],
    d => ['XSETID', key(d), id(d)],
    d => ['XREAD', ...d.maybe('COUNT', d.count()), 'STREAMS', key(d), key(d), id(d), '0'],
    d => ['XGROUP', 'CREATE', key(d), d.pick(GROUPS), d.pick(['0', '$', id(d)]), ...d.maybe('MKSTREAM')],
    d => ['XGROUP', 'SETID', key(d), d.pick(GROUPS), d.pick(['0', '$', id(d)])],
    d => ['XGROUP', 'DESTROY', key(d), d.pick(GROUPS)],
    d => ['XGROUP', d.pick(['CREATECONSUMER', 'DELCONSUMER']), key(d), d.pick(GROUPS), d.pick(CONSUMERS)],
    d => ['XREADGROUP', 'GROUP', d.pick(GROUPS), d.pick(CONSUMERS), ...reading(d)],
    d => ['XACK', key(d), d.pick(GROUPS), ...d.several(3, () => id(d))],
    d => ['XPENDING', key(d), d.pick(GROUPS)],
    d => [
      'XPENDING',
      key(d),
      d.pick(GROUPS),
      ...d.maybe('IDLE', '0'),
      oddId(d),
      oddId(d),
      d.count(),
      ...d.maybe(d.pick(CONSUMERS)),
    ],
    d => ['XPENDING', key(d), d.pick(GROUPS), '-', '+', '10', ...d.maybe(d.pick(CONSUMERS))],
    d => [
      'XADD',
      key(d),
      d.pick(['MAXLEN', 'MINID']),
      '~',
      `${d.below(40)}`,
      ...d.maybe('LIMIT', `${d.below(20)}`),
      `${d.below(60)}-*`,
      ...fields(d),
    ],
    d => ['XADD', key(d), `${d.below(60)}-*`, 'f', 'same', 'g', d.member()],
    d => [
      'XTRIM',
      key(d),
      d.pick(['MAXLEN', 'MINID']),
      '~',
      `${d.below(40)}`,
      ...d.maybe('LIMIT', `${d.below(20)}`),
    ],
    d => claim(d),
    d => claim(d, 'JUSTID'),
    d => autoClaim(d),
    d => autoClaim(d, 'JUSTID'),
    d => [
      'XREADGROUP',
      'GROUP',
      d.pick(GROUPS),
      d.pick(CONSUMERS),
      ...d.maybe('COUNT', d.count()),
      'STREAMS',
      key(d),
      key(d),
      d.pick(['>', id(d)]),
      d.pick(['>', '0']),
    ],
    d => [
      'XREAD',
      ...d.maybe('COUNT', d.count()),
      'STREAMS',
      ...d.several(3, () => key(d)),
      ...d.several(3, () => id(d)),
    ],
    d => ['XINFO', d.pick(['STREAM', 'CONSUMERS']), key(d), ...d.maybe(d.pick(GROUPS))],
    d => ['XINFO', 'STREAM', key(d), 'FULL', ...d.maybe('COUNT', d.count())],
    d => [
      'XSETID',
      key(d),
      oddId(d),
      ...d.several(4, () => d.pick(['ENTRIESADDED', 'MAXDELETEDID', '0', '-1', '7', '3-3', '99'])),
    ],
    d => [
      'XADD',
      key(d),
      d.pick([
        '18446744073709551615-18446744073709551615',
        '18446744073709551615-*',
        '18446744073709551616-0',
        '0-0',
        '0-*',
        '1-18446744073709551615',
      ]),
      'f',
      'v',
    ],
    d => [
      'XGROUP',
      d.pick(['CREATE', 'SETID', 'DELCONSUMER', 'X']),
      key(d),
      d.pick(GROUPS),
      ...d.several(3, () => d.pick(GROUP_WORDS)),
    ],
    d => ['XADD', key(d), ...d.several(3, () => d.pick(ADD_WORDS)), id(d), ...fields(d)],
    d => ['XTRIM', key(d), ...d.several(5, () => d.pick(ADD_WORDS))],
    d => ['XREAD', ...d.several(3, () => d.pick(READ_WORDS)), 'STREAMS', key(d), oddId(d)],
    d => [
      'XREADGROUP',
      'GROUP',
      d.pick(GROUPS),
      d.pick(CONSUMERS),
      ...readWords(d),
      'STREAMS',
      key(d),
      oddId(d),
    ],
    d => [d.pick(['XRANGE', 'XREVRANGE']), key(d), oddId(d), oddId(d), ...d.maybe('COUNT', d.count())],
    d => ['XSETID', key(d), id(d), ...d.maybe('ENTRIESADDED', d.count()), ...d.maybe('MAXDELETEDID', id(d))],
    d => ['XGROUP', 'CREATE', key(d), d.pick(GROUPS), oddId(d), ...d.several(2, () => d.pick(GROUP_WORDS))],
    d => [
      'XINFO',
      d.pick(['STREAM', 'GROUPS', 'STREAMS']),
      key(d),
      ...d.maybe(d.pick(['FULLX', 'COUNT', 'junk'])),
    ],
    d => ['XINFO', 'STREAM', key(d)],
    d => ['XINFO', 'GROUPS', key(d)],
  ],
}

const ADD_WORDS = ['MAXLEN', 'MINID', '~', '=', 'LIMIT', 'NOMKSTREAM', '0', '3', '-1', 'x', '5-1'] as const
const READ_WORDS = ['COUNT', '0', '-1', 'x', 'NOACK', 'GROUP', 'g1', 'alice', '9'] as const
const GROUP_WORDS = ['MKSTREAM', 'ENTRIESREAD', '-1', '0', '3', '-2', 'x'] as const

const readWords = (d: Draw): readonly string[] => d.several(2, () => d.pick(READ_WORDS))
const oddId = (d: Draw): string =>
  d.once(3) ? d.pick(['-', '+', '$', '>', '(', '(-', '1-', '-1', '1-*', '*', '01-01', ' 1', '']) : id(d)
const claim = (d: Draw, ...form: readonly string[]): readonly string[] => [
  'XCLAIM',
  key(d),
  d.pick(GROUPS),
  d.pick(CONSUMERS),
  '0',
  ...d.several(3, () => id(d)),
  ...form,
  ...d.maybe('IDLE', d.count()),
  ...d.maybe('TIME', d.integer()),
  ...d.maybe('FORCE'),
  ...d.maybe('RETRYCOUNT', d.count()),
  ...d.maybe('LASTID', id(d)),
]
const autoClaim = (d: Draw, ...form: readonly string[]): readonly string[] => [
  'XAUTOCLAIM',
  key(d),
  d.pick(GROUPS),
  d.pick(CONSUMERS),
  '0',
  d.pick(['0', '-', '0-0', id(d), oddId(d)]),
  ...d.maybe('COUNT', d.count()),
  ...form,
]
const id = (d: Draw): string => (d.once(4) ? `${d.below(30)}` : `${d.below(30)}-${d.below(4)}`)
const start = (d: Draw): string => d.pick(['-', id(d), `(${id(d)}`])
const end = (d: Draw): string => d.pick(['+', id(d), `(${id(d)}`])
const fields = (d: Draw): readonly string[] => d.several(3, () => [d.member(), d.value()]).flat()
const trimming = (d: Draw): readonly string[] => d.maybe(...trim(d))

function trim(d: Draw): readonly string[] {
  return d.once(2) ? ['MAXLEN', ...d.maybe('='), `${d.below(12)}`] : ['MINID', ...d.maybe('='), id(d)]
}

function reading(d: Draw): readonly string[] {
  return [
    ...d.maybe('COUNT', d.count()),
    ...d.maybe('NOACK'),
    'STREAMS',
    key(d),
    d.pick(['>', '>', '0', id(d)]),
  ]
}
