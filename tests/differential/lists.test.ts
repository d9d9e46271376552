import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/** Random commands on a few lists, whose nodes are small and partly compressed: what no table thought of. */

const LINES = 4000
const KEYS = ['a', 'b', 'c', 'text']
const ELEMENTS = [
  '',
  'a',
  'b',
  'c',
  '1',
  '-1',
  '012',
  '1000',
  '9223372036854775807',
  'a longer one, to fill nodes',
]
const INDEXES = ['0', '1', '-1', '2', '-2', '5', '-7', '100', '-100', 'x', '9223372036854775807']
const COUNTS = ['0', '1', '2', '3', '-1', '-2', '100', 'x', '1.5']
const ENDS = ['LEFT', 'right', 'LEFT', 'RIGHT', 'middle']
const TIMEOUTS = ['0.01', '1', '-1', 'x', '-0.5']

for (const [seed, elements, depth] of [
  [1, '1', '1'],
  [2, '3', '0'],
  [3, '6', '1'],
] as const) {
  const config = { 'list-max-listpack-size': elements, 'list-compress-depth': depth }
  const title = `list commands at random, ${elements} elements a node, compressed from ${depth} on`
  randomDuels(title, [seed], drawn, config)
}

function drawn(random: Random): Line[] {
  return [['SET', 'text', 'no list'], ...Array.from({ length: LINES }, () => line(random))]
}

function line(random: Random): Line {
  const one = (words: readonly string[]): string => words[random.below(words.length)]
  const some = (words: readonly string[], most: number): string[] =>
    Array.from({ length: 1 + random.below(most) }, () => one(words))
  const key = one(KEYS)
  const sometimes = (...words: string[]): string[] => (random.below(2) === 0 ? words : [])
  const pushes: (() => Line)[] = [
    () => [one(['LPUSH', 'RPUSH']), key, ...some(ELEMENTS, 8)],
    () => [one(['LPUSHX', 'RPUSHX']), key, ...some(ELEMENTS, 3)],
  ]
  const forms: readonly (() => Line)[] = [
    ...pushes,
    ...pushes,
    () => [one(['LPOP', 'RPOP']), key, ...sometimes(one(COUNTS))],
    () => ['LLEN', key],
    () => ['LINDEX', key, one(INDEXES)],
    () => ['LRANGE', key, one(INDEXES), one(INDEXES)],
    () => ['LSET', key, one(INDEXES), one(ELEMENTS)],
    () => ['LINSERT', key, one(['BEFORE', 'after', 'beside']), one(ELEMENTS), one(ELEMENTS)],
    () => ['LREM', key, one(COUNTS), one(ELEMENTS)],
    () => ['LTRIM', key, one(['0', '1', '-9', 'x']), one(['-1', '-2', '8', '-100'])],
    () => [
      'LPOS',
      key,
      one(ELEMENTS),
      ...sometimes('RANK', one(['1', '2', '-1', '-2', '-9223372036854775807'])),
      ...sometimes('COUNT', one(COUNTS)),
      ...sometimes('MAXLEN', one(COUNTS)),
    ],
    () => ['LMOVE', key, one(KEYS), one(ENDS), one(ENDS)],
    () => ['RPOPLPUSH', key, one(KEYS)],
    () => [
      'LMPOP',
      one(['1', '2', '2', '3', '0', 'x']),
      ...some(KEYS, 2),
      one(ENDS),
      ...sometimes('COUNT', one(COUNTS)),
    ],
    () => ['RPUSH', key, 'x'],
    () => ['BLPOP', key, one(TIMEOUTS.slice(2))],
    () => [one(['COPY', 'RENAME', 'RENAMENX']), key, one(KEYS.slice(0, 3))],
    () => ['OBJECT', 'ENCODING', key],
    () => ['TYPE', key],
    () => [
      'SORT',
      key,
      ...sometimes('ALPHA'),
      ...sometimes('LIMIT', one(COUNTS), one(COUNTS)),
      ...sometimes('DESC'),
    ],
  ]
  return forms[random.below(forms.length)]()
}
