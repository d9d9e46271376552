import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/**
 * Random commands on a few sets. Members are integers, so that both sides list them in the same order, but for one key
 * whose members are only asked for and counted.
 */

const LINES = 4000
const KEYS = ['a', 'b', 'c']
const OTHER = 'text'

randomDuels('set commands at random', [1, 2, 3], random => [
  // The two compress differently.
  'CONFIG SET rdbcompression no',
  ...Array.from({ length: LINES }, () => line(random)),
])

function line(random: Random): Line {
  const one = (words: readonly string[]): string => words[random.below(words.length)]
  const key = one(KEYS)
  const integer = (): string => `${random.below(60) * 1000 - 9000}`
  const integers = (): string[] => Array.from({ length: 1 + random.below(5) }, integer)
  const words = (): string[] => integers().map(each => `m${each}`.repeat(1 + random.below(9)))
  const sources = (): string[] => Array.from({ length: 1 + random.below(3) }, () => one([...KEYS, 'missing']))
  const forms: readonly (() => Line)[] = [
    () => ['SADD', key, ...integers()],
    () => ['SREM', key, ...integers()],
    () => ['SADD', OTHER, ...words()],
    () => ['SREM', OTHER, ...words()],
    () => ['SCARD', one([key, OTHER])],
    () => ['SMISMEMBER', one([key, OTHER]), ...integers(), ...words()],
    () => ['SMEMBERS', key],
    () => ['SMOVE', key, one(KEYS), integer()],
    () => [one(['SINTER', 'SUNION', 'SDIFF']), ...sources()],
    () => [one(['SINTERSTORE', 'SUNIONSTORE', 'SDIFFSTORE']), one(KEYS), ...sources()],
    () => ['SINTERCARD', '2', one(KEYS), one([...KEYS, OTHER]), 'LIMIT', `${random.below(6) - 1}`],
    () => ['SSCAN', key, '0', ...one(['', 'MATCH *1*', 'COUNT 3', 'COUNT 0']).split(' ').filter(Boolean)],
    () => ['SPOP', key, one(['1000', '-1', 'x', '0'])],
    () => ['SRANDMEMBER', key, one(['1000', 'x', '0'])],
    () => ['OBJECT', 'ENCODING', one([key, OTHER])],
    () => ['SDIFFSTORE', OTHER, OTHER, one(KEYS)],
    () => [one(['COPY', 'RENAME', 'RENAMENX']), key, one(KEYS)],
    () => ['DUMP', key],
    () => ['SET', key, 'x'],
    () => ['DEL', one([...KEYS, OTHER])],
  ]
  return forms[random.below(forms.length)]()
}
