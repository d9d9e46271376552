/** Places, lengths and units as clients write them. */

import { type Position, isOnEarth } from '../../data/geo/geohash.js'
import { type Words, readDouble } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { formatFixed } from '../../lib/double.js'
import {
  BAD_HEIGHT,
  BAD_RADIUS,
  BAD_UNIT,
  BAD_WIDTH,
  NEGATIVE_BOX,
  NEGATIVE_RADIUS,
  badPosition,
} from '../../resp/errors.js'

/** Metres, by the name of the unit. */
const UNITS: Readonly<Record<string, number>> = { m: 1, km: 1000, ft: 0.3048, mi: 1609.34 }

/** Both numbers are read before either is judged. */
export function readPosition(longitude: Span, latitude: Span): Position {
  const position = { longitude: readDouble(longitude), latitude: readDouble(latitude) }
  if (isOnEarth(position)) return position
  throw badPosition(formatFixed(position.longitude, 6), formatFixed(position.latitude, 6))
}

/** How many metres the unit has. */
export function readUnit(word: Span): number {
  const unit = word.latin1().toLowerCase()
  if (!Object.hasOwn(UNITS, unit)) throw BAD_UNIT
  return UNITS[unit]
}

export interface Radius {
  readonly radius: number
  readonly unit: number
}

/** `radius unit`; the radius in metres. */
export function readRadius(words: Words): Radius {
  const radius = readDouble(words.next(), BAD_RADIUS)
  if (radius < 0) throw NEGATIVE_RADIUS
  const unit = readUnit(words.next())
  return { radius: radius * unit, unit }
}

export interface Sides {
  readonly width: number
  readonly height: number
  readonly unit: number
}

/** `width height unit`; the sides in metres. */
export function readSides(words: Words): Sides {
  const width = readDouble(words.next(), BAD_WIDTH)
  const height = readDouble(words.next(), BAD_HEIGHT)
  if (width < 0 || height < 0) throw NEGATIVE_BOX
  const unit = readUnit(words.next())
  return { width: width * unit, height: height * unit, unit }
}
