import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/**
 * Random commands on a few sorted sets, small enough to be listpacks and large enough to be trees in turn. Scores are
 * such that 7.0 prints them as we do: it prints others with 17 digits. Seeds that once failed stay in the list.
 */

const LINES = 4000
const KEYS = ['a', 'b', 'c', 'd', 'set', 'text']
const SCORES = ['0', '1', '2', '3', '-1', '1.5', '-0.25', '100', '12345678', '4294967296', 'inf', '-inf']
const WEIGHTS = ['2', '0.5', '-1', '0', 'inf', 'x']
const BAD_SCORES = ['x', 'nan', '', '1e400', ' 1', '0x10']
const BAD_NUMBERS = [...BAD_SCORES, '9223372036854775808']
const MEMBERS = ['', 'a', 'b', 'c', 'ab', '7', '-7', '007', '12345', '9223372036854775807', 'm'.repeat(70)]

randomDuels('sorted set commands at random', [1, 2, 3], random => linesOf(random, 30))

randomDuels('sorted set commands at random, small listpacks', [4, 5], random => linesOf(random, 12), {
  'zset-max-listpack-entries': '8',
})

function linesOf(random: Random, members: number): Line[] {
  const lines = Array.from({ length: LINES }, () => line(random, members))
  return [
    // LZF leaves room for choice: without it DUMP has to be the same bytes.
    'CONFIG SET rdbcompression no',
    'SET text x',
    'SADD set a b c m1 m2 7',
    ...lines,
    ...KEYS.slice(0, 5).map(key => `ZRANGE ${key} 0 -1 WITHSCORES`),
  ]
}

function line(random: Random, members: number): Line {
  const one = (words: readonly string[]): string => words[random.below(words.length)]
  const key = (): string => (random.below(12) === 0 ? one(KEYS) : one(KEYS.slice(0, 4)))
  const score = (): string => (random.below(30) === 0 ? one(BAD_SCORES) : one(SCORES))
  const member = (): string => (random.below(4) === 0 ? one(MEMBERS) : `m${random.below(members)}`)
  const some = (make: () => string[], most: number): string[] =>
    Array.from({ length: 1 + random.below(most) }, make).flat()
  const options = (words: readonly (readonly string[])[]): string[] =>
    random.below(2) === 0 ? [] : some(() => [...words[random.below(words.length)]], 3)
  const rank = (): string => (random.below(20) === 0 ? one(BAD_NUMBERS) : `${random.below(40) - 20}`)
  const bound = (): string => one(['', '', '(']) + (random.below(40) === 0 ? one(BAD_NUMBERS) : one(SCORES))
  const LIMITS = [['LIMIT', rank(), rank()]]
  const keys = (): string[] => {
    const named = some(() => [key()], 3)
    return [random.below(15) === 0 ? one(['0', '-1', 'x', '9']) : `${named.length}`, ...named]
  }
  const combination = (): string[] => [
    ...keys(),
    ...options([
      ['WEIGHTS', one(WEIGHTS), one(WEIGHTS)],
      ['WEIGHTS', one(WEIGHTS)],
      ['AGGREGATE', one(['SUM', 'min', 'MAX', 'AVG'])],
      ['WITHSCORES'],
      ['LIMIT', '3'],
    ]),
  ]
  const forms: readonly (() => Line)[] = [
    () => ['ZADD', key(), score(), member()],
    () => ['ZADD', key(), ...some(() => [score(), member()], 8)],
    () => ['ZADD', key(), ...some(() => [score(), member()], 8)],
    () => [
      'ZADD',
      key(),
      ...options([['NX'], ['XX'], ['GT'], ['lt'], ['CH'], ['INCR']]),
      ...some(() => [score(), member()], 2),
    ],
    () => ['ZINCRBY', key(), score(), member()],
    () => ['ZREM', key(), ...some(() => [member()], 3)],
    () => ['ZSCORE', key(), member()],
    () => ['ZMSCORE', key(), ...some(() => [member()], 3)],
    () => ['ZCARD', key()],
    () => ['ZCOUNT', key(), bound(), bound()],
    () => [one(['ZRANK', 'ZREVRANK']), key(), member()],
    () => [one(['ZRANGE', 'ZREVRANGE']), key(), rank(), rank(), ...options([['WITHSCORES']])],
    () => [
      'ZRANGE',
      key(),
      bound(),
      bound(),
      ...options([['BYSCORE'], ['REV'], ['WITHSCORES'], ...LIMITS, ['BYSCORE']]),
    ],
    () => [
      one(['ZRANGEBYSCORE', 'ZREVRANGEBYSCORE']),
      key(),
      bound(),
      bound(),
      ...options([['WITHSCORES'], ...LIMITS]),
    ],
    () => [
      'ZRANGESTORE',
      key(),
      key(),
      rank(),
      rank(),
      ...options([['REV'], ['BYSCORE'], ...LIMITS, ['WITHSCORES']]),
    ],
    () => [one(['ZPOPMIN', 'ZPOPMAX']), key(), ...(random.below(2) === 0 ? [] : [`${random.below(5)}`])],
    () => [
      'ZMPOP',
      ...keys(),
      one(['MIN', 'MAX', 'MED']),
      ...options([['COUNT', one(['1', '3', '0', 'x'])]]),
    ],
    () => [
      one(['ZREMRANGEBYRANK', 'ZREMRANGEBYSCORE']),
      key(),
      `${random.below(3)}`,
      `${random.below(6) - 3}`,
    ],
    () => [one(['ZUNION', 'ZINTER', 'ZDIFF', 'ZINTERCARD']), ...combination()],
    () => [one(['ZUNIONSTORE', 'ZINTERSTORE', 'ZDIFFSTORE']), key(), ...combination()],
    () => ['ZRANDMEMBER', key(), '0'],
    () => ['OBJECT', 'ENCODING', key()],
    () => ['DUMP', one(KEYS.slice(0, 4))],
    () => ['ZSCAN', random.below(2) === 0 ? 'missing' : 'text', '0', 'COUNT', '0'],
    () => ['BZPOPMIN', key(), one(['x', '-1'])],
    () => ['ZADD', 'lex', '0', member()],
    () => [
      one(['ZRANGEBYLEX', 'ZLEXCOUNT']),
      'lex',
      one(['-', '(', '[']) + member(),
      one(['+', '(', '[']) + member(),
    ],
    () => [
      'ZREVRANGEBYLEX',
      'lex',
      one(['+', '[c', '(m2']),
      one(['-', '[a', '(b']),
      ...options([...LIMITS, ['WITHSCORES']]),
    ],
    () => ['ZREMRANGEBYLEX', 'lex', `[${member()}`, `(${member()}`],
  ]
  return forms[random.below(forms.length)]()
}
