/**
 * The cells that cover a shape: the one that holds its centre, and of the eight around it those that the shape
 * reaches into. Their size is chosen so that nine are enough.
 *
 * The rules, their order and their roughness are Redis': they decide in which order an unsorted search finds its
 * places.
 */

import { type Box, type Cell, boxOf, cellAt, neighbour } from './geohash.js'
import type { Shape } from './shape.js'

/** Half the way around the map of Mercator, metres. */
const MERCATOR_MAX = 20037726.37
/** From here on towards the poles meridians are so close that cells must be larger. */
const NARROW_LATITUDE = 66
const VERY_NARROW_LATITUDE = 80
const STEPS_MAX = 26

/** In this order; north and east. */
const AROUND: readonly (readonly [north: number, east: number])[] = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
]

export function cellsCovering(shape: Shape): Cell[] {
  const home = homeOf(shape)
  const bounds = boxOf(home)
  const around = AROUND.filter(
    ([north, east]) => home.steps < 2 || isReached(shape.bounds, bounds, north, east),
  )
  return withoutRepeats([home, ...around.map(([north, east]) => neighbour(home, east, north))])
}

/** The cell of the centre, one size larger where its neighbours would not reach far enough. */
function homeOf({ centre, reach, bounds }: Shape): Cell {
  const steps = stepsFor(reach, centre.latitude)
  const cell = cellAt(centre, steps)
  return steps > 1 && !reachesFarEnough(cell, bounds) ? cellAt(centre, steps - 1) : cell
}

function stepsFor(reach: number, latitude: number): number {
  if (reach === 0) return STEPS_MAX
  let steps = 1
  for (let metres = reach; metres < MERCATOR_MAX; metres *= 2) steps++
  // So that the shape is within the cell in most cases.
  steps -= 2
  if (Math.abs(latitude) > NARROW_LATITUDE) steps--
  if (Math.abs(latitude) > VERY_NARROW_LATITUDE) steps--
  return Math.min(STEPS_MAX, Math.max(1, steps))
}

function reachesFarEnough(cell: Cell, { west, east, south, north }: Box): boolean {
  const short =
    boxOf(neighbour(cell, 0, 1)).north < north ||
    boxOf(neighbour(cell, 0, -1)).south > south ||
    boxOf(neighbour(cell, 1, 0)).east < east ||
    boxOf(neighbour(cell, -1, 0)).west > west
  return !short
}

/** False for a neighbour on a side where the home cell goes beyond the shape. */
function isReached(shape: Box, home: Box, north: number, east: number): boolean {
  if (north > 0 && home.north > shape.north) return false
  if (north < 0 && home.south < shape.south) return false
  if (east > 0 && home.east > shape.east) return false
  return !(east < 0 && home.west < shape.west)
}

/**
 * Around a large shape the neighbours on two sides may be the same cell. As in Redis one is left out only when it
 * repeats the one before, and that is not the home cell.
 */
function withoutRepeats(cells: readonly Cell[]): Cell[] {
  const kept: Cell[] = []
  for (const cell of cells) {
    const last = kept[kept.length - 1]
    if (kept.length > 1 && last.x === cell.x && last.y === cell.y) continue
    kept.push(cell)
  }
  return kept
}
