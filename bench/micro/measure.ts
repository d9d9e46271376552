import { median } from '../statistics.js'
import type { Work } from './micro.js'

export interface Timing {
  /** Nanoseconds per iteration: the median round, and the extremes. */
  readonly medianNs: number
  readonly leastNs: number
  readonly mostNs: number
}

const ROUNDS = 11

/** Long enough that the clock's grain and a scavenge more or less do not show. */
const ROUND_MIN_MS = 20
const ITERATIONS_FIRST = 1024

/** Times a work. Finding out how many iterations fill a round is also what warms it up. */
export function measure(work: Work): Timing {
  const iterations = iterationsFilling(ROUND_MIN_MS, work)
  const rounds = Array.from({ length: ROUNDS }, () => (roundMs(work, iterations) * 1e6) / iterations)
  return { medianNs: median(rounds), leastNs: Math.min(...rounds), mostNs: Math.max(...rounds) }
}

function iterationsFilling(minMs: number, work: Work): number {
  let iterations = ITERATIONS_FIRST
  while (roundMs(work, iterations) < minMs) iterations *= 2
  return iterations
}

/** A round pays for its own garbage, not for that of the one before. */
function roundMs(work: Work, iterations: number): number {
  globalThis.gc?.()
  const started = performance.now()
  work(iterations)
  return performance.now() - started
}
