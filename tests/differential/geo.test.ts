import type { Random } from '../../server/lib/random.js'
import { randomDuels } from '../support/duel.js'
import type { Line } from '../support/request.js'

/**
 * Random places and searches. Distances are not compared as scores: 7.0 prints those with 17 digits. No two members are
 * in the same place: among equal distances a search with COUNT answers in the order of Redis' partial quicksort. Seeds
 * that once failed stay in the list.
 */

const LINES = 2500
const KEYS = ['small', 'large', 'other', 'text', 'missing']
const EDGES = ['0', '180', '-180', '85.05112878', '-85.05112878', '179.999999', '-0.000001']
const BAD_NUMBERS = ['x', 'nan', '', '181', '-1', '1e400', 'inf']
const UNITS = ['m', 'km', 'FT', 'mi']

randomDuels('geo commands at random', [1, 2, 3, 4], random => {
  const places = Array.from({ length: 300 }, (_, i) => ['GEOADD', 'large', ...place(random), `p${i}`])
  return ['SET text x', ...places, ...Array.from({ length: LINES }, () => line(random))]
})

/** Anywhere, around Sicily, or at an edge of the map, but nowhere twice. */
function place(random: Random): [longitude: string, latitude: string] {
  switch (random.below(8)) {
    case 0:
      return random.below(2) === 0
        ? [edge(random), `${random.float() * 85}`]
        : [`${random.float() * 180}`, '85.05112878']
    case 1:
    case 2:
    case 3:
      return [`${random.float() * 360 - 180}`, `${random.float() * 170 - 85}`]
    default:
      return [`${13 + random.float() * 4}`, `${36 + random.float() * 3}`]
  }
}

function edge(random: Random): string {
  return EDGES[random.below(EDGES.length)]
}

function line(random: Random): Line {
  const one = (words: readonly string[]): string => words[random.below(words.length)]
  const key = (): string => (random.below(10) === 0 ? one(KEYS) : one(['small', 'large']))
  const member = (): string => `p${random.below(random.below(4) === 0 ? 400 : 60)}`
  const bad = (word: string): string => (random.below(60) === 0 ? one(BAD_NUMBERS) : word)
  const length = (): string => bad(`${Math.floor(10 ** (random.float() * 7)) / 4}`)
  const unit = (): string => (random.below(60) === 0 ? 'yards' : one(UNITS))
  const spot = (): string[] => place(random).map(bad)
  const some = (most: number, make: () => string[]): string[] =>
    Array.from({ length: random.below(most) }, make).flat()
  const option = (): string[] =>
    [
      ['WITHDIST'],
      ['WITHCOORD'],
      ['WITHHASH'],
      ['COUNT', bad(`${1 + random.below(9)}`)],
      ['COUNT', '3', 'ANY'],
      ['ASC'],
      ['DESC'],
      ...(random.below(20) === 0
        ? [['ANY'], ['STOREDIST'], ['COUNT'], ['FROMMEMBER', 'p1'], ['BYRADIUS', '1', 'm']]
        : []),
    ][random.below(7)]
  const from = (): string[] => (random.below(2) === 0 ? ['FROMMEMBER', member()] : ['FROMLONLAT', ...spot()])
  const by = (): string[] =>
    random.below(2) === 0 ? ['BYRADIUS', length(), unit()] : ['BYBOX', length(), length(), unit()]
  const store = (): string[] => (random.below(4) === 0 ? ['STORE', one(['other', 'x'])] : [])
  const forms: readonly (() => Line)[] = [
    () => [
      'GEOADD',
      key(),
      ...some(2, () => [one(['NX', 'XX', 'CH'])]),
      ...spot(),
      member(),
      ...some(3, () => [...spot(), member()]),
    ],
    () => ['GEOPOS', key(), ...some(4, () => [member()])],
    () => ['GEOHASH', key(), ...some(4, () => [member()])],
    () => ['GEODIST', key(), member(), member(), ...some(2, () => [unit()])],
    () => ['GEOSEARCH', key(), ...from(), ...by(), ...some(4, option)],
    () => ['GEOSEARCH', key(), ...by(), ...from(), ...some(4, option)],
    () => ['GEOSEARCHSTORE', one(['other', 'x']), key(), ...from(), ...by(), ...some(2, option)],
    () => ['GEORADIUS', key(), ...spot(), length(), unit(), ...some(3, option), ...store()],
    () => ['GEORADIUSBYMEMBER', key(), member(), length(), unit(), ...some(3, option), ...store()],
    () => ['GEORADIUS_RO', key(), ...spot(), length(), unit(), ...some(3, option), ...store()],
    () => ['GEORADIUSBYMEMBER_RO', key(), member(), length(), unit(), ...some(3, option)],
    () => ['ZADD', 'small', `${random.below(2 ** 26) * 2 ** 26 + random.below(2 ** 26)}`, member()],
    () => ['ZRANGE', one(['other', 'x']), '0', '-1'],
    () => ['ZREM', 'small', member()],
    () => ['OBJECT', 'ENCODING', key()],
  ]
  return forms[random.below(forms.length)]()
}
