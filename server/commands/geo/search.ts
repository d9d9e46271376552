/** Which members are near: GEOSEARCH, and GEORADIUS, which came before it. */

import { cellsCovering } from '../../data/geo/area.js'
import { type Position, positionOf, scoresOf } from '../../data/geo/geohash.js'
import { type Shape, circle } from '../../data/geo/shape.js'
import { select } from '../../data/zset/bounds.js'
import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import type { Words } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { Result } from '../sorted-sets/result.js'
import { replyDistance, replyPosition } from './reply.js'
import { type Search, type SearchForm, readSearch } from './search-words.js'

interface Found {
  readonly member: Span
  readonly score: number
  readonly position: Position
  /** Metres from the centre. */
  readonly distance: number
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
  const found = ref === 0 ? [] : chosen(placesWithin(ctx, ref, search), search)
  if (search.store !== null)
    store(ctx, found, search, form.by === 'options' ? 'geosearchstore' : 'georadiusstore')
  else reply(ctx, found, search)
}

/** All members within the shape, cell by cell; with ANY no more than are wanted. */
function placesWithin(ctx: Context, ref: number, { centre, shape, any, count }: Search): Found[] {
  const area = shape?.(centre ?? ORIGIN) ?? circle(ORIGIN, 0)
  const most = any ? count : Infinity
  const found: Found[] = []
  for (const cell of cellsCovering(area)) {
    if (found.length >= most) break
    const [min, behind] = scoresOf(cell)
    collect(ctx, ref, area, min, behind, most, found)
  }
  return found
}

/** Adds the members inside `area` with scores from `min` up to, not including, `behind`. */
function collect(
  ctx: Context,
  ref: number,
  area: Shape,
  min: number,
  behind: number,
  most: number,
  found: Found[],
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
  for (let left = count; left > 0 && found.length < most; left--, cursor.next()) {
    const { score } = cursor
    const position = positionOf(score)
    const distance = area.distanceTo(position)
    if (distance !== null) found.push({ member: cursor.member().clone(), score, position, distance })
  }
}

/** Those that are asked for, in order. A count alone means the nearest. */
function chosen(found: Found[], { order, count, any }: Search): Found[] {
  const sorting = order ?? (count > 0 && !any ? 'asc' : null)
  if (sorting === 'asc') found.sort((a, b) => a.distance - b.distance)
  else if (sorting === 'desc') found.sort((a, b) => b.distance - a.distance)
  return count === 0 ? found : found.slice(0, count)
}

function reply({ reply }: Context, found: readonly Found[], search: Search): void {
  const { withDistance, withHash, withPosition } = search
  const details = Number(withDistance) + Number(withHash) + Number(withPosition)
  reply.array(found.length)
  for (const { member, score, position, distance } of found) {
    if (details > 0) reply.array(1 + details)
    reply.bulk(member)
    if (withDistance) replyDistance(reply, distance / search.unit)
    if (withHash) reply.int(score)
    if (withPosition) replyPosition(reply, position)
  }
}

/** Every member stored is a change; what is nothing at all deletes the key. */
function store(ctx: Context, found: readonly Found[], search: Search, event: string): void {
  const result = Result.begin(ctx, search.store)
  for (const { member, score, distance } of found) {
    result.put(member, search.storeDistance ? distance / search.unit : score)
  }
  result.store(event)
  if (found.length > 0) ctx.keyspace.dirty += found.length - 1
}
