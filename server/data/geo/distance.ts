/** Distances on the earth, taken for a ball: the haversine formula. */

import type { Position } from './geohash.js'

/** Metres; the number that Redis computes with. */
export const EARTH_RADIUS = 6372797.560856

export function radians(degrees: number): number {
  return degrees * (Math.PI / 180)
}

export function degrees(angle: number): number {
  return angle / (Math.PI / 180)
}

/** Metres between two places. */
export function distance(a: Position, b: Position): number {
  const v = Math.sin((radians(b.longitude) - radians(a.longitude)) / 2)
  if (v === 0) return meridianDistance(a.latitude, b.latitude)
  const south = radians(a.latitude)
  const north = radians(b.latitude)
  const u = Math.sin((north - south) / 2)
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(u * u + Math.cos(south) * Math.cos(north) * v * v))
}

/** Metres between two latitudes. */
export function meridianDistance(a: number, b: number): number {
  return EARTH_RADIUS * Math.abs(radians(b) - radians(a))
}
