import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/** Random commands on a few keys whose values are now numbers, now text: what no table thought of. */

const LINES = 4000
const KEYS = ['a', 'b', 'c', 'd']
const VALUES = [
  '',
  '0',
  '-1',
  '12',
  '012',
  '1.5',
  '9223372036854775807',
  '-9223372036854775808',
  '2147483648',
  'text',
]
const NUMBERS = [
  '0',
  '1',
  '-1',
  '7',
  '-100',
  '2147483648',
  '-9223372036854775808',
  '9223372036854775807',
  '1.25',
  'x',
]
const FLOATS = ['0.1', '-0.1', '1e10', '3.14159', '1e-20', '-5', 'inf', 'x', '12345678901234567890']
const OPTIONS = [
  'NX',
  'XX',
  'GET',
  'KEEPTTL',
  'EX',
  '0',
  '99999',
  'PXAT',
  '33177117420123',
  'EXAT',
  '1',
  'PERSIST',
]

randomDuels('string commands at random', [1, 2, 3], random =>
  Array.from({ length: LINES }, () => line(random)),
)

function line(random: Random): Line {
  const one = (words: readonly string[]): string => words[random.below(words.length)]
  const key = one(KEYS)
  const value = (): string => (random.below(3) > 0 ? one(VALUES) : one(VALUES).repeat(random.below(40)))
  const options = (): string[] => Array.from({ length: random.below(4) }, () => one(OPTIONS))
  const forms: readonly (() => Line)[] = [
    () => ['SET', key, value()],
    () => ['SET', key, value(), ...options()],
    () => ['GET', key],
    () => ['GETEX', key, ...options()],
    () => ['GETDEL', key],
    () => ['GETSET', key, value()],
    () => ['SETNX', key, value()],
    () => ['APPEND', key, value()],
    () => ['STRLEN', key],
    () => ['GETRANGE', key, `${random.below(60) - 30}`, `${random.below(60) - 30}`],
    () => ['SETRANGE', key, `${random.below(50) - 2}`, value()],
    () => [one(['INCR', 'DECR']), key],
    () => [one(['INCRBY', 'DECRBY']), key, one(NUMBERS)],
    () => ['INCRBYFLOAT', key, one(FLOATS)],
    () => ['MGET', ...KEYS],
    () => [
      one(['MSET', 'MSETNX']),
      key,
      value(),
      one(KEYS),
      value(),
      ...(random.below(8) === 0 ? ['odd'] : []),
    ],
    () => [
      'LCS',
      key,
      one(KEYS),
      ...(random.below(2) === 0 ? ['IDX', 'WITHMATCHLEN', 'MINMATCHLEN', '2'] : []),
    ],
  ]
  return forms[random.below(forms.length)]()
}
