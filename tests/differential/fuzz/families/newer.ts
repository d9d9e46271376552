import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const field = (d: Draw): string => d.member()
const hash = (d: Draw): string => d.key('hash')
const string = (d: Draw): string => d.key('string')
const stream = (d: Draw): string => d.key('stream')
const group = (d: Draw): string => d.pick(['g1', 'g2'])
const consumer = (d: Draw): string => d.pick(['alice', 'bob'])
const END = ['LEFT', 'RIGHT'] as const

/** What the oracle does not know, as it came after 7.0. Times to live are short: they end while a history goes on. */
export const newer: Family = {
  name: 'newer',
  weight: 14,
  makers: [
    d => [d.pick(['HEXPIRE', 'HPEXPIRE']), hash(d), soon(d), ...d.maybe(condition(d)), ...fields(d)],
    d => ['HPEXPIREAT', hash(d), `${4_000_000_000_000 + d.below(5)}`, ...d.maybe(condition(d)), ...fields(d)],
    d => ['HEXPIREAT', hash(d), d.pick(['1', '4000000000']), ...d.maybe(condition(d)), ...fields(d)],
    d => [d.pick(['HTTL', 'HPTTL', 'HEXPIRETIME', 'HPERSIST']), hash(d), ...fields(d)],
    d => ['HGETEX', hash(d), ...d.maybe(...lifetime(d)), ...fields(d)],
    d => ['HGETEX', hash(d), 'PERSIST', ...fields(d)],
    d => ['HSETEX', hash(d), ...d.maybe(d.pick(['FNX', 'FXX'])), ...d.maybe(...lifetime(d)), ...filled(d)],
    d => ['HSETEX', hash(d), 'KEEPTTL', ...filled(d)],
    d => ['HGETDEL', hash(d), ...fields(d)],
    d => ['MSETEX', ...pairs(d), ...d.maybe(d.pick(['NX', 'XX'])), ...d.maybe(...lifetime(d))],
    d => ['MSETEX', ...pairs(d), 'KEEPTTL'],
    d => ['SET', string(d), d.value(), d.pick(['IFEQ', 'IFNE']), d.value(), ...d.maybe('GET')],
    d => [
      'SET',
      string(d),
      d.value(),
      d.pick(['IFDEQ', 'IFDNE']),
      '0123456789abcdef',
      ...d.maybe(...lifetime(d)),
    ],
    d => ['DELEX', d.anyKey(), ...d.maybe(d.pick(['IFEQ', 'IFNE']), d.value())],
    d => ['DELIFEQ', string(d), d.value()],
    d => ['INCREX', string(d), ...d.maybe('BYINT', d.integer()), ...bounds(d), ...d.maybe(...lifetime(d))],
    d => ['INCREX', string(d), 'BYFLOAT', d.double(), ...bounds(d), ...d.maybe('EX', '3', 'ENX')],
    d => ['LMOVEM', d.key('list'), d.key('list'), d.pick(END), d.pick(END), ...d.maybe(...share(d))],
    d => ['BITOP', d.pick(['DIFF', 'DIFF1', 'ANDOR', 'ONE']), d.key('bits'), ...d.keys('bits')],
    d => [d.pick(['SDIFFCARD', 'SUNIONCARD']), ...d.countedKeys('set'), ...d.maybe('LIMIT', d.count())],
    d => ['ZUNIONSTORE', d.key('zset'), ...d.countedKeys('zset'), 'AGGREGATE', 'COUNT'],
    d => ['XADD', stream(d), ...references(d), ...d.maybe('MAXLEN', `${d.below(9)}`), '*', 'f', d.member()],
    d => ['XADD', stream(d), 'IDMP', producer(d), `i${d.below(6)}`, '*', 'f', d.member()],
    d => ['XADD', stream(d), 'IDMPAUTO', producer(d), '*', 'f', d.member()],
    d => ['XCFGSET', stream(d), 'IDMP-DURATION', `${500 + d.below(3)}`],
    d => ['XCFGSET', stream(d), 'IDMP-MAXSIZE', `${1 + d.below(3)}`],
    d => ['XTRIM', stream(d), 'MAXLEN', ...d.maybe('~'), `${d.below(12)}`, ...references(d)],
    d => ['XDELEX', stream(d), ...references(d), ...ids(d)],
    d => ['XACKDEL', stream(d), group(d), ...references(d), ...ids(d)],
    d => ['XNACK', stream(d), group(d), d.pick(['SILENT', 'FAIL', 'FATAL']), ...ids(d)],
    d => [
      'XREADGROUP',
      'GROUP',
      group(d),
      consumer(d),
      'CLAIM',
      d.pick(['0', '500']),
      'STREAMS',
      stream(d),
      '>',
    ],
    d => ['XREADGROUP', 'GROUP', group(d), consumer(d), 'MAXCOUNT', '2', 'STREAMS', stream(d), '>'],
    d => [d.pick(['EXPIRE', 'PEXPIRE']), d.anyKey(), soon(d), ...d.maybe(d.pick(['NX', 'GT', 'LT']))],
    d => ['SET', string(d), d.value(), 'PX', soon(d)],
    d => ['HIMPORT', 'PREPARE', 'p', ...d.several(3, () => field(d))],
    d => ['HIMPORT', 'SET', hash(d), 'p', ...d.several(3, () => d.value())],
  ],
}

/** Seconds or milliseconds: some of them pass. */
const soon = (d: Draw): string => d.pick(['0', '1', '2', '300', '2000', '100000'])
const condition = (d: Draw): string => d.pick(['NX', 'XX', 'GT', 'LT'])
const producer = (d: Draw): string => d.pick(['p', 'q'])
const references = (d: Draw): readonly string[] => d.maybe(d.pick(['KEEPREF', 'DELREF', 'ACKED']))

function counted(name: string, items: readonly (readonly string[])[]): string[] {
  return [name, `${items.length}`, ...items.flat()]
}

const fields = (d: Draw): string[] =>
  counted(
    'FIELDS',
    d.several(4, () => [field(d)]),
  )
const filled = (d: Draw): string[] =>
  counted(
    'FIELDS',
    d.several(4, () => [field(d), d.value()]),
  )
const ids = (d: Draw): string[] =>
  counted(
    'IDS',
    d.several(3, () => [`${d.below(30)}-${d.below(4)}`]),
  )
const pairs = (d: Draw): string[] =>
  counted(
    '',
    d.several(3, () => [string(d), d.value()]),
  ).slice(1)

function lifetime(d: Draw): readonly string[] {
  return d.pick([
    ['EX', '2'],
    ['PX', '300'],
    ['EXAT', '4000000000'],
    ['PXAT', '1'],
  ])
}

function bounds(d: Draw): readonly string[] {
  return [...d.maybe('LBOUND', '-7'), ...d.maybe('UBOUND', '9'), ...d.maybe('SATURATE')]
}

function share(d: Draw): readonly string[] {
  return [d.pick(['COUNT', 'EXACTLY']), `${1 + d.below(4)}`, d.pick(['OBO', 'BULK'])]
}
