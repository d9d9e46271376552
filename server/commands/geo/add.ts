/** Putting places into a sorted set. */

import { type Position, scoreOf } from '../../data/geo/geohash.js'
import { command } from '../../engine/command.js'
import {
  type Argument,
  type Words,
  bytes,
  choice,
  double,
  flag,
  group,
  key,
  nothing,
  options,
  repeated,
  rest,
} from '../../engine/grammar.js'
import type { CommandWord } from '../../resp/command-text.js'
import { SYNTAX } from '../../resp/errors.js'
import { addAll } from '../sorted-sets/add.js'
import { NO_OPTIONS } from '../sorted-sets/add-options.js'
import { readPosition } from './read.js'

const PLACES = repeated(group({ longitude: double(), latitude: double(), member: bytes() }))

interface GeoAddOptions {
  nx: boolean
  xx: boolean
  ch: boolean
}

export const geoAdd = command('GEOADD', {
  does: 'Adds members with their places, or changes the places of those that are there.',
  since: '3.2.0',
  group: 'geo',
  complexity: 'O(log(N)) for each item added, where N is the number of elements in the sorted set.',
  flags: ['write', 'denyoom'],
  args: {
    key: key('RW', 'update'),
    options: addOptions(),
    data: { ...rest(3), doc: name => PLACES.doc(name) },
  },
  run(ctx, { key, options, data }) {
    const words = ctx.count - data.at
    if (words === 0 || words % 3 !== 0 || (options.nx && options.xx)) throw SYNTAX
    const scores = readScores(data)
    const memberAt = (index: number) => ctx.word(data.at + 3 * index + 2)
    const changes = addAll(ctx, key, scores, memberAt, { ...NO_OPTIONS, ...options })
    if (changes === 0) return
    // Others need not know of places: to them it is a ZADD.
    const pairs = scores.flatMap((score, index): CommandWord[] => [score, memberAt(index)])
    ctx.propagateList(['ZADD', key, ...namesOf(options), ...pairs])
  },
})

function readScores(data: Words): number[] {
  const { request } = data
  const scores: number[] = []
  for (let at = data.at; at < request.count; at += 3) {
    const position: Position = readPosition(request.word(at), request.word(at + 1))
    scores.push(scoreOf(position))
  }
  return scores
}

/** They stand before the places and end where a word is none of them. */
function addOptions(): Argument<GeoAddOptions> {
  const described = options({ condition: choice({ NX: nothing(), XX: nothing() }), change: flag('CH') })
  return { ...described, parse: readOptions }
}

function readOptions(words: Words): GeoAddOptions {
  const read = { nx: false, xx: false, ch: false }
  for (; words.left > 0; words.at++) {
    const word = words.request.word(words.at)
    if (word.is('nx')) read.nx = true
    else if (word.is('xx')) read.xx = true
    else if (word.is('ch')) read.ch = true
    else break
  }
  return read
}

function namesOf({ nx, xx, ch }: GeoAddOptions): string[] {
  return [...(nx ? ['NX'] : []), ...(xx ? ['XX'] : []), ...(ch ? ['CH'] : [])]
}
