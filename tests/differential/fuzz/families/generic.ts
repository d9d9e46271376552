import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const PATTERNS = ['*', 'string:*', '*:0', '?ist:[12]', 'none', '*[^0-9]', 'h*l*:?', '\\*', '[a-m]*']
const TYPES = ['string', 'LIST', 'set', 'hash', 'zset', 'stream', 'nosuch']
/** So large that one call meets all keys: their order is another one, and so are cursors. */
const ALL = ['COUNT', '100000']

export const generic: Family = {
  name: 'generic',
  weight: 3,
  makers: [
    d => ['DEL', ...keys(d)],
    d => ['UNLINK', ...keys(d)],
    d => ['EXISTS', ...keys(d)],
    d => ['TOUCH', ...keys(d)],
    d => ['TYPE', d.anyKey()],
    d => ['OBJECT', 'ENCODING', d.anyKey()],
    d => ['OBJECT', 'refcount', d.anyKey()],
    d => ['OBJECT', 'FREQ', d.anyKey()],
    d => ['RENAME', d.anyKey(), d.anyKey()],
    d => ['RENAMENX', d.anyKey(), d.anyKey()],
    d => ['COPY', d.anyKey(), d.anyKey(), ...d.maybe('DB', database(d)), ...d.maybe('REPLACE')],
    d => ['MOVE', d.anyKey(), database(d)],
    () => ['DBSIZE'],
    d => ['KEYS', glob(d)],
    d => [
      'SCAN',
      d.pick(['0', '-1', 'x', '18446744073709551616', '', ' 0', '1.0']),
      'COUNT',
      d.pick(['0', '-1', 'x', '']),
    ],
    d => ['RENAME', ...Array.from({ length: 2 }, () => `string:${d.below(2)}`)],
    d => [
      'COPY',
      d.anyKey(),
      d.anyKey(),
      'DB',
      d.pick(['16', '-1', 'x', '9223372036854775807', '0']),
      ...d.maybe('REPLACE', 'replace'),
    ],
    d => ['MOVE', d.anyKey(), d.pick(['16', '-1', 'x', '9223372036854775808'])],
    d => ['SORT', d.anyKey(), ...d.several(5, () => d.pick(SORT_WORDS))],
    d => ['SORT_RO', d.anyKey(), 'ALPHA', ...d.several(4, () => d.pick(SORT_WORDS))],
    d => [
      'OBJECT',
      d.pick(['ENCODING', 'IDLETIME', 'FREQ', 'REFCOUNT', 'NONSENSE']),
      ...d.several(2, () => d.anyKey()),
    ],
    d => ['DUMP', d.key('string')],
    d => [
      'RESTORE',
      d.anyKey(),
      d.pick(['0', '-1', 'x', '9223372036854775807']),
      d.value(),
      ...d.maybe(d.pick(['REPLACE', 'ABSTTL'])),
    ],
    d => ['WAIT', d.pick(['0', '-1', 'x']), d.pick(['1', '-1', 'x', '9223372036854775808'])],
    d => [
      'COMMAND',
      d.pick(['GETKEYS', 'GETKEYSANDFLAGS']),
      ...d.several(3, () => d.pick(COMMAND_WORDS)),
      d.anyKey(),
      ...d.several(3, () => d.member()),
    ],
    d => ['KEYS', d.pick(PATTERNS)],
    d => ['SCAN', '0', ...ALL, ...d.maybe('MATCH', d.pick(PATTERNS)), ...d.maybe('TYPE', d.pick(TYPES))],
    () => ['RANDOMKEY'],
    d => ['SORT', d.pick([d.key('list'), d.key('set'), d.key('zset')]), 'ALPHA', ...sortOptions(d)],
    d => ['SORT', d.key('list'), ...sortOptions(d)],
    d => ['SORT_RO', d.key('list'), 'ALPHA', ...d.maybe('DESC')],
    d => (d.once(12) ? ['SELECT', database(d)] : ['SELECT', '0']),
    d => (d.once(12) ? ['SWAPDB', database(d), database(d)] : ['DBSIZE']),
    d => (d.once(40) ? [d.pick(['FLUSHDB', 'FLUSHALL']), ...d.maybe('SYNC')] : ['DBSIZE']),
    d => ['PING', ...d.maybe(d.value())],
    d => ['ECHO', d.value()],
  ],
}

const SORT_WORDS = [
  ...['BY', 'GET', 'LIMIT', 'ALPHA', 'DESC', 'STORE', 'list:0', 'nosort', '#', '*', 'string:*', 'hash:*->f1'],
  ...['hash:*->', '->f', '*->*', 'x*y*', '0', '2', '-1', '9223372036854775807', ''],
] as const
const COMMAND_WORDS = [
  ...[
    'SET',
    'mset',
    'ZUNIONSTORE',
    'XREAD',
    'STREAMS',
    'SORT',
    'STORE',
    'OBJECT',
    'ENCODING',
    'BLMPOP',
    'XGROUP',
  ],
  ...[
    'CREATE',
    '2',
    '0',
    '-1',
    'x',
    'GEORADIUS',
    'MIGRATE',
    'KEYS',
    'LMPOP',
    'PING',
    'NONSENSE',
    'CLIENT',
    'LIST',
  ],
] as const

/** A pattern of all that patterns are made of, mostly matching something. */
function glob(d: Draw): string {
  return d
    .several(6, () =>
      d.pick(['*', '?', '[a-z]', '[^x]', '[', ']', '\\', ':', '1', 's', '[:', '[z-a]', '**', '[\\]]', '-']),
    )
    .join('')
}

const keys = (d: Draw): string[] => d.several(2, () => d.anyKey())
const database = (d: Draw): string => `${d.below(3)}`

function sortOptions(d: Draw): readonly string[] {
  return [
    ...d.maybe('BY', d.pick(['string:*', 'nosort', 'hash:*->f1', 'hash:*->', 'string:0', '*->m2', 'zset:*'])),
    ...d.maybe('LIMIT', d.index(), d.count()),
    ...d.maybe('GET', d.pick(['#', 'string:*', 'hash:*->m2', 'hash:*->', 'list:*', '*', '', 'hash:1->m2'])),
    ...d.maybe('GET', d.pick(['#', 'hash:*->f1', 'nosuch_*'])),
    ...d.maybe(d.pick(['ASC', 'desc'])),
    ...d.maybe('STORE', d.key('list')),
  ]
}
