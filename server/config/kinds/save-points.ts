import { manyWords, Refusal, withoutEmpty, type Kind } from '../kind.js'
import { saturated } from './number.js'

/** A snapshot is due when this many changes are this old. */
export interface SavePoint {
  readonly seconds: number
  readonly changes: number
}

const INVALID = new Refusal('Invalid save parameters')

/**
 * `save 3600 1 300 100`. The first line of a file replaces the points that hold by default, further lines add
 * to it; CONFIG SET replaces them all; `""` removes them all. In a file each point has a line of its own.
 */
export const savePoints: Kind<readonly SavePoint[]> = {
  ...manyWords('pairs of seconds and changes', readPoints, printPoints),
  lines: points => (points.length === 0 ? ['""'] : points.map(printPoint)),
}

function readPoints(words: readonly string[], current: readonly SavePoint[], again: boolean) {
  const added: SavePoint[] = []
  const numbers = withoutEmpty(words)
  if (numbers.length % 2 !== 0 || !numbers.every(word => /^\+?\d+$/.test(word))) return INVALID
  for (let i = 0; i < numbers.length; i += 2) {
    const seconds = saturated(Number(numbers[i]))
    if (seconds < 1) return INVALID
    added.push({ seconds, changes: saturated(Number(numbers[i + 1])) })
  }
  return again && numbers === words ? [...current, ...added] : added
}

function printPoints(points: readonly SavePoint[]): string {
  return points.map(printPoint).join(' ')
}

function printPoint(point: SavePoint): string {
  return `${point.seconds} ${point.changes}`
}
