/** Places and distances in replies. */

import type { Position } from '../../data/geo/geohash.js'
import { formatFixed, formatScaled } from '../../lib/double.js'
import type { ReplyWriter } from '../../resp/reply.js'

/** Digits that tell any two places of a map apart, and more: as many as Redis writes. */
const COORDINATE_DECIMALS = 17
const DISTANCE_DECIMALS = 4

export function replyPosition(reply: ReplyWriter, { longitude, latitude }: Position): void {
  reply.array(2)
  reply.doubleText(coordinate(longitude))
  reply.doubleText(coordinate(latitude))
}

/** A string in both protocols. */
export function replyDistance(reply: ReplyWriter, distance: number): void {
  reply.text(formatScaled(distance, DISTANCE_DECIMALS))
}

function coordinate(value: number): string {
  return formatFixed(value, COORDINATE_DECIMALS)
    .replace(/\.?0+$/, '')
    .replace(/^-0$/, '0')
}
