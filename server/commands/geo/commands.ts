/** Places: members of sorted sets whose scores are geohashes. */

import { type Command, type CommandFlag, command } from '../../engine/command.js'
import {
  type Argument,
  type ArgumentDoc,
  type Words,
  type Arguments,
  bytes,
  called,
  choice,
  double,
  flag,
  group,
  integer,
  key,
  nothing,
  oneOf,
  options,
  rest,
  token,
} from '../../engine/grammar.js'
import type { KeySpec } from '../../engine/key-specs.js'
import { geoAdd } from './add.js'
import { geoDist, geoHash, geoPos } from './look.js'
import { searchPlaces } from './search.js'
import type { SearchForm } from './search-words.js'

const COMPLEXITY =
  'O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape.'

const unit = oneOf(['M', 'KM', 'FT', 'MI'])
const details = { withCoord: flag('WITHCOORD'), withDist: flag('WITHDIST'), withHash: flag('WITHHASH') }
const ordered = {
  count: token('COUNT', integer()),
  any: flag('ANY'),
  order: choice({ ASC: nothing(), DESC: nothing() }),
}
const sought = {
  from: choice({
    FROMMEMBER: called('member', bytes()),
    FROMLONLAT: group({ longitude: double(), latitude: double() }),
  }),
  by: choice({
    BYRADIUS: group({ radius: double(), unit }),
    BYBOX: group({ width: double(), height: double(), unit }),
    BYPOLYGON: group({ vertices: integer() }),
  }),
}

type Options = Parameters<typeof options>[0]

/** The words of a search, which it reads itself; described by `first` and options for COMMAND DOCS. */
function searchWords(least: number, described: Options, first: Arguments = {}): Argument<Words> {
  const words = options(described)
  const doc = (name: string): ArgumentDoc => ({
    ...words.doc(name),
    arguments: [...(group(first).doc(name).arguments ?? []), ...(words.doc(name).arguments ?? [])],
  })
  return { ...rest(least), doc }
}

const centres = {
  place: { longitude: double(), latitude: double(), radius: double(), unit },
  member: { member: bytes(), radius: double(), unit },
}

const geoSearch = command('GEOSEARCH', {
  does: 'Returns the members inside a circle, a box or a polygon.',
  since: '6.2.0',
  group: 'geo',
  complexity: COMPLEXITY,
  flags: ['readonly'],
  args: { key: key('RO', 'access'), options: searchWords(5, { ...sought, ...ordered, ...details }) },
  run(ctx, { key, options }) {
    searchPlaces(ctx, key, options, { by: 'options', stores: 'nothing' })
  },
})

const geoSearchStore = command('GEOSEARCHSTORE', {
  does: 'Stores the members inside a circle, a box or a polygon.',
  since: '6.2.0',
  group: 'geo',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom'],
  args: {
    destination: key('OW', 'update'),
    source: key('RO', 'access'),
    options: searchWords(5, { ...sought, ...ordered, storeDist: flag('STOREDIST') }),
  },
  run(ctx, { destination, source, options }) {
    searchPlaces(ctx, source, options, { by: 'options', stores: 'distance' }, destination)
  },
})

const geoRadius = radius('GEORADIUS', '3.2.0', 'place', true)
const geoRadiusRo = radius('GEORADIUS_RO', '3.2.10', 'place', false)
const geoRadiusByMember = radius('GEORADIUSBYMEMBER', '3.2.0', 'member', true)
const geoRadiusByMemberRo = radius('GEORADIUSBYMEMBER_RO', '3.2.10', 'member', false)

/** The words before the options: command, key, centre, radius and unit. */
function radius(name: string, since: string, by: 'place' | 'member', writes: boolean): Command {
  const centre = centres[by]
  const first = Object.keys(centre).length
  const form: SearchForm = { by, stores: writes ? 'keys' : 'nothing' }
  const flags: readonly CommandFlag[] = writes ? ['write', 'denyoom', 'movablekeys'] : ['readonly']
  const stored: Options = writes
    ? { store: choice({ STORE: called('key', bytes()), STOREDIST: called('key', bytes()) }) }
    : {}
  return command(name, {
    does: `Returns the members within a distance of a ${by}${writes ? ', or stores them' : ''}.`,
    since,
    group: 'geo',
    complexity: COMPLEXITY,
    deprecated: { since: '6.2.0', by: replacementOf(by, writes) },
    flags,
    args: {
      key: key('RO', 'access'),
      options: searchWords(first, { ...details, ...ordered, ...stored }, centre),
    },
    ...(writes ? { keySpecs: keySpecs(first + 2), keysOf: words => keysOf(words, first + 2) } : {}),
    run(ctx, { key, options }) {
      searchPlaces(ctx, key, options, form)
    },
  })
}

function replacementOf(by: 'place' | 'member', writes: boolean): string {
  const commands = writes ? '`GEOSEARCH` and `GEOSEARCHSTORE`' : '`GEOSEARCH`'
  const needed = by === 'member' ? '`BYRADIUS` and `FROMMEMBER` arguments' : '`BYRADIUS` argument'
  return `${commands} with the ${needed}`
}

/** `from`: where the options begin. */
function keySpecs(from: number): KeySpec[] {
  const find = { last: 0, step: 1, limit: 0 }
  const notes = 'Of several STORE and STOREDIST the last one counts.'
  const stored = (keyword: string): KeySpec => ({
    flags: ['OW', 'update', 'incomplete'],
    begin: { keyword, from },
    find,
    notes,
  })
  return [{ flags: ['RO', 'access'], begin: { index: 1 }, find }, stored('STORE'), stored('STOREDIST')]
}

function keysOf(words: readonly string[], from: number): number[] {
  let stored = 0
  for (let at = from; at + 1 < words.length; at++) {
    if (/^store(dist)?$/i.test(words[at])) stored = ++at
  }
  return stored === 0 ? [1] : [1, stored]
}

export const geoCommands: readonly Command[] = [
  geoAdd,
  geoPos,
  geoHash,
  geoDist,
  geoSearch,
  geoSearchStore,
  geoRadius,
  geoRadiusRo,
  geoRadiusByMember,
  geoRadiusByMemberRo,
]
