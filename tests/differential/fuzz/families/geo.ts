import type { Draw } from '../draw.js'
import type { Family } from '../family.js'

const ADD_WORDS = ['NX', 'XX', 'CH', 'GT', '1', '200', 'x'] as const
const SEARCH_WORDS = [
  'ASC',
  'DESC',
  'COUNT',
  '1',
  '0',
  '-1',
  'WITHHASH',
  'WITHCOORD',
  'ANY',
  'STOREDIST',
  'x',
] as const
const UNITS = ['m', 'km', 'FT', 'mi', 'x', ''] as const

const key = (d: Draw): string => d.key('geo')

export const geo: Family = {
  name: 'geo',
  weight: 1,
  makers: [
    d => ['ZREM', key(d), d.member()],
    d => ['ZRANGE', key(d), d.index(), d.index(), ...d.maybe('WITHSCORES')],
    d => ['GEOADD', key(d), ...d.maybe(d.pick(['NX', 'XX', 'CH'])), ...d.several(3, () => place(d)).flat()],
    d => ['GEOPOS', key(d), ...d.several(3, () => d.member())],
    d => ['GEOHASH', key(d), ...d.several(3, () => d.member())],
    d => ['GEODIST', key(d), d.member(), d.member(), ...d.maybe(d.pick(['m', 'km', 'ft', 'mi']))],
    d => [
      'GEOSEARCH',
      key(d),
      ...center(d),
      ...area(d),
      ...d.maybe(d.pick(['ASC', 'DESC'])),
      ...d.maybe('WITHDIST'),
    ],
    d => ['GEOADD', key(d), ...d.several(4, () => d.pick(ADD_WORDS)), ...place(d)],
    d => ['GEOSEARCH', key(d), ...center(d), ...area(d), ...d.several(4, () => d.pick(SEARCH_WORDS))],
    d => [
      'GEOSEARCHSTORE',
      key(d),
      key(d),
      ...center(d),
      ...area(d),
      ...d.several(3, () => d.pick(SEARCH_WORDS)),
    ],
    d => [
      d.pick(['GEORADIUS', 'GEORADIUS_RO']),
      key(d),
      ...point(d),
      `${d.below(5000)}`,
      'km',
      ...d.maybe('WITHDIST'),
      ...d.maybe('WITHCOORD'),
      ...d.maybe('WITHHASH'),
      d.pick(['ASC', 'DESC']),
      ...d.maybe('COUNT', '3'),
    ],
    d => [
      'GEORADIUS',
      key(d),
      ...point(d),
      '5000',
      'km',
      d.pick(['STORE', 'STOREDIST']),
      key(d),
      ...d.maybe('ASC'),
    ],
    d => [
      'GEORADIUSBYMEMBER_RO',
      key(d),
      d.member(),
      '5000',
      'km',
      ...d.several(3, () => d.pick(SEARCH_WORDS)),
    ],
    d => [
      'GEOADD',
      key(d),
      d.pick(['180', '-180', '181', '0', 'x', 'inf']),
      d.pick(['85.05112878', '-85.05112878', '85.06', '0', 'nan']),
      d.member(),
    ],
    d => [
      'GEORADIUS_RO',
      key(d),
      ...point(d),
      '900',
      d.pick(UNITS),
      ...d.several(3, () => d.pick(SEARCH_WORDS)),
    ],
    d => [
      'GEORADIUSBYMEMBER',
      key(d),
      d.member(),
      '900',
      'km',
      ...d.maybe('STORE', key(d)),
      ...d.maybe('COUNT', '2'),
    ],
    d => ['GEODIST', key(d), d.member(), d.member(), d.pick(UNITS)],
    d => ['GEOSEARCHSTORE', key(d), key(d), ...center(d), ...area(d), ...d.maybe('STOREDIST')],
  ],
}

function place(d: Draw): readonly string[] {
  return [...point(d), d.member()]
}

function point(d: Draw): readonly [string, string] {
  return [`${(d.below(36_000) - 18_000) / 100}`, `${(d.below(17_000) - 8_500) / 100}`]
}

function center(d: Draw): readonly string[] {
  return d.once(3) ? ['FROMMEMBER', d.member()] : ['FROMLONLAT', ...point(d)]
}

function area(d: Draw): readonly string[] {
  const size = (): string => `${1 + d.below(9000)}`
  return d.once(2) ? ['BYRADIUS', size(), 'km'] : ['BYBOX', size(), size(), 'km']
}
