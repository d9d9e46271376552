/**
 * What several sorted sets have in common, together, or one of them alone.
 *
 * The order of the sources decides how sums round, so it is Redis': the smallest first. Where a sum is no number
 * (inf - inf, or inf * 0) the score is 0.
 */

import type { Span } from '../../lib/bytes.js'
import type { Result } from './result.js'
import type { Source } from './source.js'

export type Aggregate = 'SUM' | 'MIN' | 'MAX' | 'COUNT'

export interface Weighted {
  readonly source: Source
  readonly weight: number
}

/** All members of all sources. */
export function unite(sources: readonly Weighted[], aggregate: Aggregate, result: Result): void {
  for (const { source, weight } of bySize(sources)) {
    source.walk((member, score) => {
      const value = orZero(valueOf(score, weight, aggregate))
      const before = result.seek(member)
      result.give(Number.isNaN(before) ? value : combine(before, value, aggregate))
      return undefined
    })
  }
}

/** The members that all sources have. */
export function intersect(sources: readonly Weighted[], aggregate: Aggregate, result: Result): void {
  const [first, ...others] = bySize(sources)
  first.source.walk((member, score) => {
    let sum = orZero(valueOf(score, first.weight, aggregate))
    for (const { source, weight } of others) {
      const found = source.score(member)
      if (Number.isNaN(found)) return undefined
      sum = combine(sum, valueOf(found, weight, aggregate), aggregate)
    }
    result.put(member, sum)
    return undefined
  })
}

/** How many members all sources have; counts no further than `limit`. */
export function countCommon(sources: readonly Source[], limit: number): number {
  const [first, ...others] = [...sources].sort((a, b) => a.size - b.size)
  let count = 0
  first.walk(member => {
    if (hasAll(others, member)) count++
    return count < limit
  })
  return count
}

/** The members of the first source that no other has. */
export function subtract([first, ...others]: readonly Source[], result: Result): void {
  first.walk((member, score) => {
    if (others.every(other => Number.isNaN(other.score(member)))) result.put(member, score)
    return undefined
  })
}

function hasAll(sources: readonly Source[], member: Span): boolean {
  return sources.every(source => !Number.isNaN(source.score(member)))
}

function bySize(sources: readonly Weighted[]): Weighted[] {
  return [...sources].sort((a, b) => a.source.size - b.source.size)
}

/** COUNT asks who has the member, not with what score. */
function valueOf(score: number, weight: number, aggregate: Aggregate): number {
  return aggregate === 'COUNT' ? weight : score * weight
}

function combine(sum: number, value: number, aggregate: Aggregate): number {
  switch (aggregate) {
    case 'SUM':
    case 'COUNT':
      return orZero(sum + value)
    case 'MIN':
      return value < sum ? value : sum
    case 'MAX':
      return value > sum ? value : sum
  }
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value
}
