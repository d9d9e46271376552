import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/** Random commands on a few hashes, small ones: their fields have an order, which both sides have to keep. */

const LINES = 4000
const KEYS = ['a', 'b', 'c']
const VALUES = ['', '1', '-7', '012', '1.5', '9223372036854775807', 'text', 'x'.repeat(30)]
const NUMBERS = ['1', '-1', '100', '9223372036854775807', '0.1', 'x', '-0', '1e3', 'inf', '']

randomDuels('hash commands at random', [1, 2, 3], random => [
  // The two compress differently.
  'CONFIG SET rdbcompression no',
  ...Array.from({ length: LINES }, () => line(random)),
])

function line(random: Random): Line {
  const one = (words: readonly string[]): string => words[random.below(words.length)]
  const key = one(KEYS)
  const field = (): string => (random.below(3) === 0 ? `${random.below(30)}` : `f${random.below(30)}`)
  const value = (): string => one(VALUES)
  const fields = (): string[] => Array.from({ length: 1 + random.below(4) }, field)
  const pairs = (): string[] => fields().flatMap(each => [each, value()])
  const forms: readonly (() => Line)[] = [
    () => [one(['HSET', 'HMSET']), key, ...pairs()],
    () => [one(['HSET', 'HMSET']), key, ...pairs(), ...(random.below(20) === 0 ? ['odd'] : [])],
    () => ['HSETNX', key, field(), value()],
    () => ['HDEL', key, ...fields()],
    () => ['HGET', key, field()],
    () => ['HMGET', key, ...fields()],
    () => [one(['HGETALL', 'HKEYS', 'HVALS', 'HLEN']), key],
    () => [one(['HSTRLEN', 'HEXISTS']), key, field()],
    () => ['HINCRBY', key, field(), one(NUMBERS)],
    () => ['HINCRBYFLOAT', key, field(), one(NUMBERS)],
    () => [
      'HSCAN',
      key,
      '0',
      ...one(['', 'MATCH *1*', 'COUNT 3', 'COUNT 0', 'COUNT']).split(' ').filter(Boolean),
    ],
    () => ['HRANDFIELD', key, one(['x', '0', '1000', '1000 WITHVALUES', '1 WHAT']).split(' ')].flat(),
    () => ['OBJECT', 'ENCODING', key],
    () => [one(['COPY', 'RENAME', 'RENAMENX']), key, one(KEYS)],
    () => ['DUMP', key],
    () => ['SET', key, 'x'],
    () => ['DEL', key],
  ]
  return forms[random.below(forms.length)]()
}
