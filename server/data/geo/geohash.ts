/**
 * Geohashes: places on the earth as numbers, such that numbers close to each other are places close to each other.
 *
 * Longitude and latitude are cut in half again and again, and the bits that say which half are put in turn, those of
 * the longitude first. 26 bits of each make the 52 that a double holds exactly: the score of a member in a sorted set.
 * All places of a square then lie between two scores, and the length of the common prefix is the size of the square.
 *
 *      latitude    . 1 . 0 . 1
 *      longitude   0 . 1 . 1 .
 *      hash        0 1 1 0 1 1       prefix 01: a quarter of the square whose prefix is none
 *
 * The earth ends at 85.05 degrees, where the web's maps end; the hashes in text that people exchange know the poles.
 */

const LONGITUDE_MAX = 180
const LATITUDE_MAX = 85.05112878
/** Bits of either coordinate in a score. */
const STEPS = 26

const POLE = 90
const ALPHABET = '0123456789bcdefghjkmnpqrstuvwxyz'
const TEXT_LENGTH = 11
const HALF = 2 ** 26

export interface Position {
  readonly longitude: number
  readonly latitude: number
}

/** A square of a grid of 2^steps by 2^steps. */
export interface Cell {
  readonly x: number
  readonly y: number
  readonly steps: number
}

/** What lies between meridians and parallels. */
export interface Box {
  readonly west: number
  readonly east: number
  readonly south: number
  readonly north: number
}

export function isOnEarth({ longitude, latitude }: Position): boolean {
  return Math.abs(longitude) <= LONGITUDE_MAX && Math.abs(latitude) <= LATITUDE_MAX
}

export function scoreOf(position: Position): number {
  const { x, y } = cellAt(position, STEPS)
  return interleave(x, y)
}

/** The middle of the smallest square that a score names. */
export function positionOf(score: number): Position {
  const { west, east, south, north } = boxOf(squareOf(score))
  return {
    longitude: within((west + east) / 2, LONGITUDE_MAX),
    latitude: within((south + north) / 2, LATITUDE_MAX),
  }
}

/** The hash in the letters that others read: 10 that say something, and a 0 for the bits that are not there. */
export function textOf(position: Position): string {
  const x = Math.floor(((position.longitude + LONGITUDE_MAX) / (2 * LONGITUDE_MAX)) * HALF)
  const y = Math.floor(((position.latitude + POLE) / (2 * POLE)) * HALF)
  let bits = interleave(x, y)
  let text = ''
  // The two lowest bits fill no letter.
  bits = Math.floor(bits / 4)
  for (let i = 0; i < TEXT_LENGTH - 1; i++) {
    text = ALPHABET[bits % 32] + text
    bits = Math.floor(bits / 32)
  }
  return `${text}0`
}

export function cellAt({ longitude, latitude }: Position, steps: number): Cell {
  const size = 2 ** steps
  return {
    x: Math.floor(((longitude + LONGITUDE_MAX) / (2 * LONGITUDE_MAX)) * size),
    y: Math.floor(((latitude + LATITUDE_MAX) / (2 * LATITUDE_MAX)) * size),
    steps,
  }
}

/** The cell so many to the east and to the north; beyond the edge of the map comes its other edge. */
export function neighbour({ x, y, steps }: Cell, east: number, north: number): Cell {
  const size = 2 ** steps
  const move = (from: number, by: number): number => (by === 0 ? from : (from + by + size) % size)
  return { x: move(x, east), y: move(y, north), steps }
}

export function boxOf({ x, y, steps }: Cell): Box {
  const size = 2 ** steps
  return {
    west: -LONGITUDE_MAX + (x / size) * (2 * LONGITUDE_MAX),
    east: -LONGITUDE_MAX + ((x + 1) / size) * (2 * LONGITUDE_MAX),
    south: -LATITUDE_MAX + (y / size) * (2 * LATITUDE_MAX),
    north: -LATITUDE_MAX + ((y + 1) / size) * (2 * LATITUDE_MAX),
  }
}

/** The first score in a cell, and the first behind it. */
export function scoresOf({ x, y, steps }: Cell): readonly [min: number, behind: number] {
  const prefix = interleave(x, y)
  const unit = 4 ** (STEPS - steps)
  return [prefix * unit, (prefix + 1) * unit]
}

/** The bits of `y` and `x` (27 at most) in turn, those of `y` lowest. */
function interleave(x: number, y: number): number {
  const low = spread(y & 0x1fff) | (spread(x & 0x1fff) << 1)
  const high = spread(y >>> 13) | (spread(x >>> 13) << 1)
  return high * HALF + low
}

/** Undoes `interleave`. Scores that are no geohash at all name some place, too. */
function squareOf(score: number): Cell {
  if (score >= 0 && score <= Number.MAX_SAFE_INTEGER)
    return separate(score >>> 0, Math.floor(score / 2 ** 32))
  const whole = Number.isFinite(score) ? BigInt.asUintN(64, BigInt(Math.trunc(score))) : 0n
  return separate(Number(whole & 0xffffffffn), Number(whole >> 32n))
}

function separate(low: number, high: number): Cell {
  return {
    x: gather(low >>> 1) + gather(high >>> 1) * 65536,
    y: gather(low) + gather(high) * 65536,
    steps: STEPS,
  }
}

/** Puts a zero before each of 16 bits. */
function spread(bits: number): number {
  let v = bits
  v = (v | (v << 8)) & 0x00ff00ff
  v = (v | (v << 4)) & 0x0f0f0f0f
  v = (v | (v << 2)) & 0x33333333
  return (v | (v << 1)) & 0x55555555
}

/** Every other bit of 32, from the lowest on. */
function gather(bits: number): number {
  let v = bits & 0x55555555
  v = (v | (v >>> 1)) & 0x33333333
  v = (v | (v >>> 2)) & 0x0f0f0f0f
  v = (v | (v >>> 4)) & 0x00ff00ff
  return (v | (v >>> 8)) & 0x0000ffff
}

function within(value: number, max: number): number {
  return Math.min(max, Math.max(-max, value))
}
