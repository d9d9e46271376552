/**
 * What is searched: a circle, a box or a polygon.
 *
 * A shape says of a place whether it is inside, and how far from the centre. Beside that it names its bounds and its
 * reach, from which area.ts finds the few cells that have to be looked through. Lengths are metres.
 */

import { distance, EARTH_RADIUS, degrees, meridianDistance, radians } from './distance.js'
import type { Box, Position } from './geohash.js'

export interface Shape {
  readonly centre: Position
  readonly bounds: Box
  /** Nothing of the shape is farther from the centre. */
  readonly reach: number
  /** The distance of a place from the centre; null when it is outside. */
  distanceTo(place: Position): number | null
}

export function circle(centre: Position, radius: number): Shape {
  return {
    centre,
    bounds: boundsAround(centre, radius, radius),
    reach: radius,
    distanceTo: place => {
      const far = distance(centre, place)
      return far > radius ? null : far
    },
  }
}

/** A box along meridians and parallels: a place is inside when neither way to it is too long. */
export function box(centre: Position, width: number, height: number): Shape {
  return {
    centre,
    bounds: boundsAround(centre, width / 2, height / 2),
    reach: Math.sqrt((width / 2) * (width / 2) + (height / 2) * (height / 2)),
    distanceTo: place => {
      if (meridianDistance(place.latitude, centre.latitude) > height / 2) return null
      const across = distance(place, { longitude: centre.longitude, latitude: place.latitude })
      return across > width / 2 ? null : distance(centre, place)
    },
  }
}

/** A polygon whose sides are straight on the map; its last corner is joined to its first. It must not span the 180th meridian. */
export function polygon(corners: readonly Position[]): Shape {
  const centre = meanOf(corners)
  return {
    centre,
    bounds: {
      west: Math.min(...corners.map(({ longitude }) => longitude)),
      east: Math.max(...corners.map(({ longitude }) => longitude)),
      south: Math.min(...corners.map(({ latitude }) => latitude)),
      north: Math.max(...corners.map(({ latitude }) => latitude)),
    },
    reach: Math.max(...corners.map(corner => distance(centre, corner))),
    distanceTo: place => (isInside(corners, place) ? distance(centre, place) : null),
  }
}

/**
 * The meridians and parallels around so many metres to each side. Towards the pole a degree of longitude is shorter:
 * the bounds are those of the side away from the equator.
 */
function boundsAround({ longitude, latitude }: Position, halfWidth: number, halfHeight: number): Box {
  const up = degrees(halfHeight / EARTH_RADIUS)
  const edge = latitude < 0 ? latitude - up : latitude + up
  const aside = degrees(halfWidth / EARTH_RADIUS / Math.cos(radians(edge)))
  return { west: longitude - aside, east: longitude + aside, south: latitude - up, north: latitude + up }
}

function meanOf(places: readonly Position[]): Position {
  const sum = places.reduce((a, b) => ({
    longitude: a.longitude + b.longitude,
    latitude: a.latitude + b.latitude,
  }))
  return { longitude: sum.longitude / places.length, latitude: sum.latitude / places.length }
}

/** A ray to the east crosses the sides an odd number of times. */
function isInside(corners: readonly Position[], { longitude, latitude }: Position): boolean {
  let inside = false
  corners.forEach((b, index) => {
    const a = corners[(index + corners.length - 1) % corners.length]
    if (a.latitude > latitude === b.latitude > latitude) return
    const share = (latitude - a.latitude) / (b.latitude - a.latitude)
    if (longitude < a.longitude + share * (b.longitude - a.longitude)) inside = !inside
  })
  return inside
}
