/**
 * The words of a search: from where, how far, in which order, and what is told of each member found.
 *
 * Redis looks the sorted set up first (a wrong type comes before a wrong word, and what a missing one has no member
 * for is not asked), and stops at the first word that is wrong. So they are read by hand, late, in their order.
 */

import type { Position } from '../../data/geo/geohash.js'
import { type Shape, box, circle, polygon } from '../../data/geo/shape.js'
import type { Context } from '../../engine/context.js'
import { type Words, readInteger } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import {
  ANY_WITHOUT_COUNT,
  FEW_CORNERS,
  GEO_COUNT,
  NO_POSITION,
  SYNTAX,
  oneOfNeeded,
  storedWithoutOptions,
} from '../../resp/errors.js'
import { positionIn } from './look.js'
import { readPosition, readRadius, readSides } from './read.js'

/** What a command takes. */
export interface SearchForm {
  /** GEORADIUS and its kin name centre and radius first; GEOSEARCH names them among its options. */
  readonly by: 'place' | 'member' | 'options'
  /** STORE and STOREDIST with a key, STOREDIST alone, or neither. */
  readonly stores: 'keys' | 'distance' | 'nothing'
}

export interface Search {
  centre: Position | null
  /** The member that is the centre was named: it may belong to no sorted set. */
  fromMember: boolean
  fromPlace: boolean
  /** Makes the shape around the centre. */
  shape: ((centre: Position) => Shape) | null
  by: 'radius' | 'box' | 'polygon' | null
  /** Metres of the unit in which distances are told. */
  unit: number
  order: 'asc' | 'desc' | null
  /** 0: all. */
  count: number
  any: boolean
  withDistance: boolean
  withHash: boolean
  withPosition: boolean
  store: Span | null
  storeDistance: boolean
}

function nothingYet(): Search {
  return {
    centre: null,
    fromMember: false,
    fromPlace: false,
    shape: null,
    by: null,
    unit: 1,
    order: null,
    count: 0,
    any: false,
    withDistance: false,
    withHash: false,
    withPosition: false,
    store: null,
    storeDistance: false,
  }
}

/** Reads all words. `ref`: the sorted set, or 0. `destination`: where GEOSEARCHSTORE stores. */
export function readSearch(
  ctx: Context,
  ref: number,
  words: Words,
  form: SearchForm,
  destination: Span | null,
): Search {
  const search = { ...nothingYet(), store: destination }
  if (form.by !== 'options') readCircle(ctx, ref, words, form, search)
  while (words.left > 0) {
    const word = words.next()
    const read =
      readPresentation(word, words, search) ||
      readStore(word, words, form, search) ||
      (form.by === 'options' && (readCentre(ctx, ref, word, words, search) || readShape(word, words, search)))
    if (!read) throw SYNTAX
  }
  check(ctx, form, search)
  return search
}

/** Centre and radius where they stand first. Around a member of nothing, nothing is read. */
function readCircle(ctx: Context, ref: number, words: Words, form: SearchForm, search: Search): void {
  if (form.by === 'place') search.centre = readPosition(words.next(), words.next())
  else if (ref === 0) words.at += 3
  else search.centre = positionOfMember(ctx, ref, words.next())
  if (form.by === 'place' || ref !== 0) readByRadius(words, search)
}

function readPresentation(word: Span, words: Words, search: Search): boolean {
  if (word.is('withdist')) search.withDistance = true
  else if (word.is('withhash')) search.withHash = true
  else if (word.is('withcoord')) search.withPosition = true
  else if (word.is('any')) search.any = true
  else if (word.is('asc') || word.is('desc')) search.order = word.is('asc') ? 'asc' : 'desc'
  else if (word.is('count') && words.left > 0) search.count = readCount(words.next())
  else return false
  return true
}

function readCount(word: Span): number {
  const count = readInteger(word)
  if (count <= 0) throw GEO_COUNT
  return count
}

function readStore(word: Span, words: Words, { stores }: SearchForm, search: Search): boolean {
  const distance = word.is('storedist')
  if (stores === 'nothing' || !(distance || word.is('store'))) return false
  if (stores === 'distance') {
    search.storeDistance ||= distance
    return distance
  }
  if (words.left === 0) return false
  search.store = words.next()
  search.storeDistance = distance
  return true
}

function readCentre(ctx: Context, ref: number, word: Span, words: Words, search: Search): boolean {
  if (word.is('frommember') && words.left >= 1 && !search.fromPlace) {
    const member = words.next()
    search.fromMember = true
    if (ref !== 0) search.centre = positionOfMember(ctx, ref, member)
    return true
  }
  if (word.is('fromlonlat') && words.left >= 2 && !search.fromMember) {
    search.centre = readPosition(words.next(), words.next())
    search.fromPlace = true
    return true
  }
  return false
}

function readShape(word: Span, words: Words, search: Search): boolean {
  const may = (by: Search['by']): boolean => search.by === null || search.by === by
  if (word.is('byradius') && words.left >= 2 && may('radius')) readByRadius(words, search)
  else if (word.is('bybox') && words.left >= 3 && may('box')) readByBox(words, search)
  else if (word.is('bypolygon') && words.left >= 1 && may('polygon')) readByPolygon(words, search)
  else return false
  return true
}

function readByRadius(words: Words, search: Search): void {
  const { radius, unit } = readRadius(words)
  Object.assign(search, { by: 'radius', unit, shape: (centre: Position) => circle(centre, radius) })
}

function readByBox(words: Words, search: Search): void {
  const { width, height, unit } = readSides(words)
  Object.assign(search, { by: 'box', unit, shape: (centre: Position) => box(centre, width, height) })
}

/** A polygon has a centre of its own; distances are told in metres. */
function readByPolygon(words: Words, search: Search): void {
  const corners = readInteger(words.next())
  if (corners < 3) throw FEW_CORNERS
  if (words.left < 2 * corners) throw SYNTAX
  const shape = polygon(Array.from({ length: corners }, () => readPosition(words.next(), words.next())))
  Object.assign(search, { by: 'polygon', unit: 1, shape: () => shape })
}

function positionOfMember(ctx: Context, ref: number, member: Span): Position {
  const position = positionIn(ctx, ref, member)
  if (position === null) throw NO_POSITION
  return position
}

function check(ctx: Context, form: SearchForm, search: Search): void {
  if (search.store !== null && (search.withDistance || search.withHash || search.withPosition)) {
    throw storedWithoutOptions(form.by === 'options' ? 'GEOSEARCHSTORE' : 'STORE option in GEORADIUS')
  }
  const name = ctx.word(0).latin1()
  if (form.by === 'options') {
    const placed = search.fromMember || search.fromPlace || search.by === 'polygon'
    if (!placed) throw oneOfNeeded('FROMMEMBER or FROMLONLAT', name)
    if (search.by === null) throw oneOfNeeded('BYRADIUS and BYBOX', name)
  }
  if (search.any && search.count === 0) throw ANY_WITHOUT_COUNT
}
