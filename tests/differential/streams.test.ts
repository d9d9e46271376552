import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/** Random stream commands; what they leave is compared byte by byte. Seeds that once failed stay in the list. */
const SEEDS = [1, 2, 3, 4]
const COMMANDS = 3000

const KEYS = ['a', 'b']
/** Small nodes, and DUMP without compression, whose bytes are anybody's choice. */
const CONFIG = { 'stream-node-max-entries': '6', 'stream-node-max-bytes': '300', rdbcompression: 'no' }
const VALUES = [
  '',
  '0',
  '-1',
  '127',
  '128',
  '4095',
  '70000',
  '-9000000',
  '5000000000',
  '9223372036854775807',
  'text',
  '01',
]

randomDuels('random stream commands are answered as redis-server does', SEEDS, commandsOf, CONFIG)

function commandsOf(random: Random): Line[] {
  const lines: Line[] = []
  while (lines.length < COMMANDS) lines.push(...step(random))
  return lines
}

function step(random: Random): Line[] {
  const one = (words: readonly string[]): string => words[random.below(words.length)]
  const key = one(KEYS)
  const id = (): string => `${random.below(60)}-${random.below(4)}`
  const ids = (): string[] => Array.from({ length: 1 + random.below(4) }, id)
  const bound = (): string => one(['-', '+', id(), `(${id()}`, `${random.below(60)}`])
  const value = (): string => (random.below(4) > 0 ? one(VALUES) : one(VALUES).repeat(random.below(90)))
  const pairs = (): string[] =>
    random.below(3) > 0
      ? ['f', value(), 'g', value()]
      : Array.from({ length: 2 * (1 + random.below(3)) }, value)
  const count = (): string[] => (random.below(2) === 0 ? ['COUNT', `${random.below(8)}`] : [])
  const operator = (): string => one(['', '=', '~'])
  const trim = (): string[] =>
    [one(['MAXLEN', 'MAXLEN', 'MINID']), operator(), `${random.below(60)}`].filter(word => word !== '')
  const group = (): string => one(['g', 'h'])
  const forms: readonly (() => Line[])[] = [
    () => [['XADD', key, `${random.below(60)}-*`, ...pairs()]],
    () => [['XADD', key, id(), ...pairs()]],
    () => [['XADD', key, `${random.below(60)}-*`, ...pairs()]],
    () => [['XADD', key, ...trim(), `${random.below(60)}-*`, ...pairs()]],
    () => [['XDEL', key, ...ids()]],
    () => [['XTRIM', key, ...trim()]],
    () => [['XRANGE', key, bound(), bound(), ...count()]],
    () => [['XREVRANGE', key, bound(), bound(), ...count()]],
    () => [`XLEN ${key}`, ['XREAD', ...count(), 'STREAMS', ...KEYS, id(), one([id(), '$'])]],
    () => (random.below(8) === 0 ? [`DEL ${key}`] : [`EXISTS ${key}`]),
    () => (random.below(4) === 0 ? [['XSETID', key, id(), 'ENTRIESADDED', '50', 'MAXDELETEDID', id()]] : []),
    () => {
      const name = group()
      const position = one([id(), '$', '0'])
      const make = [`XGROUP CREATE ${key} ${name} ${position} MKSTREAM`]
      return [...make, `XGROUP CREATECONSUMER ${key} ${name} c`, `XGROUP CREATECONSUMER ${key} ${name} d`]
    },
    () =>
      random.below(6) === 0
        ? [`XGROUP DESTROY ${key} ${group()}`]
        : [`XGROUP SETID ${key} ${group()} ${id()}`],
    () => [
      [
        'XREADGROUP',
        'GROUP',
        group(),
        one(['c', 'd']),
        ...count(),
        ...one(['NOACK', '']).split(' ').filter(Boolean),
        'STREAMS',
        key,
        '>',
      ],
    ],
    () => [['XREADGROUP', 'GROUP', group(), one(['c', 'd']), ...count(), 'STREAMS', key, id()]],
    () => [['XACK', key, group(), ...ids()], `XPENDING ${key} ${group()}`],
    () => [
      [
        'XCLAIM',
        key,
        group(),
        one(['c', 'd']),
        '0',
        ...ids(),
        ...one(['JUSTID', 'FORCE', 'FORCE JUSTID', '']).split(' ').filter(Boolean),
      ],
    ],
    () => [['XAUTOCLAIM', key, group(), one(['c', 'd']), '0', bound(), 'COUNT', `${1 + random.below(5)}`]],
    () => {
      const name = group()
      if (random.below(6) > 0) return []
      return [`XGROUP DELCONSUMER ${key} ${name} d`, `XGROUP CREATECONSUMER ${key} ${name} d`]
    },
    () => [`XINFO GROUPS ${key}`],
    // Without groups: consumers carry the time.
    () => (random.below(6) > 0 ? [] : [`XGROUP DESTROY ${key} g`, `XGROUP DESTROY ${key} h`, `DUMP ${key}`]),
  ]
  return forms[random.below(forms.length)]()
}
