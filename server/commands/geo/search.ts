/** Which members are near: GEOSEARCH, and GEORADIUS, which came before it. */

import { cellsCovering } from '../../data/geo/area.js'
import { type Position, positionOf, scoresOf } from '../../data/geo/geohash.js'
import { type Shape, circle } from '../../data/geo/shape.js'
import { select } from '../../data/zset/bounds.js'
import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import type { Words } from '../../engine/grammar.js'
import { Span } from '../../lib/bytes.js'
import { Gathered } from '../../lib/gathered.js'
import { orderOfNumbers } from '../../lib/radix-sort.js'
import { Result } from '../sorted-sets/result.js'
import { replyDistance, replyPosition } from './reply.js'
import { type Search, type SearchForm, readSearch } from './search-words.js'

/** What was found, in columns: there may be hundreds of thousands. */
class Found {
  readonly members = new Gathered()
  readonly scores: number[] = []
  /** Metres from the centre. */
  readonly distances: number[] = []

  get count(): number {
    return this.scores.length
  }

  add(member: Span, score: number, distance: number): void {
    this.members.add(member)
    this.scores.push(score)
    this.distances.push(distance)
  }
}

const ORIGIN: Position = { longitude: 0, latitude: 0 }

/** Runs a search and answers or stores what it finds. `destination`: where GEOSEARCHSTORE stores. */
export function searchPlaces(
  ctx: Context,
  key: Span,
  words: Words,
  form: SearchForm,
  destination: Span | null = null,
): void {
  const ref = ctx.db.readTyped(key, Type.zset)
  const search = readSearch(ctx, ref, words, form, destination)
  const found = new Found()
  if (ref !== 0) placesWithin(ctx, ref, search, found)
  if (search.store !== null)
    store(ctx, found, search, form.by === 'options' ? 'geosearchstore' : 'georadiusstore')
  else reply(ctx, found, search)
}

/** All members within the shape, cell by cell; with ANY no more than are wanted. */
function placesWithin(ctx: Context, ref: number, { centre, shape, any, count }: Search, found: Found): void {
  const area = shape?.(centre ?? ORIGIN) ?? circle(ORIGIN, 0)
  const most = any ? count : Infinity
  for (const cell of cellsCovering(area)) {
    if (found.count >= most) break
    const [min, behind] = scoresOf(cell)
    collect(ctx, ref, area, min, behind, most, found)
  }
}

/** Adds the members inside `area` with scores from `min` up to, not including, `behind`. */
function collect(
  ctx: Context,
  ref: number,
  area: Shape,
  min: number,
  behind: number,
  most: number,
  found: Found,
): void {
  const { sortedSets } = ctx.keyspace
  const bounds = {
    by: 'score',
    min: { score: min, open: false },
    max: { score: behind, open: true },
  } as const
  const { rank, count } = select(sortedSets, ref, bounds)
  const cursor = count === 0 ? null : sortedSets.cursorAt(ref, rank)
  if (cursor === null) return
  for (let left = count; left > 0 && found.count < most; left--, cursor.next()) {
    const { score } = cursor
    const distance = area.distanceTo(positionOf(score))
    if (distance !== null) found.add(cursor.member(), score, distance)
  }
}

/** The places of those that are asked for, in order. A count alone means the nearest. */
function chosen({ count: all, distances }: Found, { order, count, any }: Search): Uint32Array {
  const sorting = order ?? (count > 0 && !any ? 'asc' : null)
  const weights = new Float64Array(all)
  // In any other order than the cells': the nearest, or the farthest, have the least weight.
  const sign = sorting === null ? 0 : sorting === 'asc' ? 1 : -1
  for (let place = 0; place < all; place++) weights[place] = sign * distances[place]
  return orderOfNumbers(weights).subarray(0, count === 0 ? all : count)
}

function reply({ reply }: Context, found: Found, search: Search): void {
  const { withDistance, withHash, withPosition } = search
  const details = Number(withDistance) + Number(withHash) + Number(withPosition)
  const places = chosen(found, search)
  const member = Span.of('')
  reply.array(places.length)
  for (const place of places) {
    if (details > 0) reply.array(1 + details)
    reply.bulk(found.members.view(place, member))
    if (withDistance) replyDistance(reply, found.distances[place] / search.unit)
    if (withHash) reply.int(found.scores[place])
    if (withPosition) replyPosition(reply, positionOf(found.scores[place]))
  }
}

/** Every member stored is a change; what is nothing at all deletes the key. */
function store(ctx: Context, found: Found, search: Search, event: string): void {
  const places = chosen(found, search)
  const result = Result.begin(ctx, search.store)
  const member = Span.of('')
  for (const place of places) {
    const score = search.storeDistance ? found.distances[place] / search.unit : found.scores[place]
    result.put(found.members.view(place, member), score)
  }
  result.store(event)
  if (places.length > 0) ctx.keyspace.dirty += places.length - 1
}
