/** Ranges of a sorted set, by rank, by score or by member, and the ranks that they come down to. */

import type { Span } from '../../lib/bytes.js'
import type { SortedSets } from './sorted-sets.js'

/** Both ends included; negative ranks count from the end. In a reversed range rank 0 is the last. */
export interface RankBounds {
  readonly by: 'rank'
  readonly start: number
  readonly stop: number
}

export interface ScoreBounds {
  readonly by: 'score'
  readonly min: ScoreBound
  readonly max: ScoreBound
}

export interface ScoreBound {
  readonly score: number
  /** The bound itself is not of the range. */
  readonly open: boolean
}

/** It makes sense where all scores are equal. */
export interface LexBounds {
  readonly by: 'lex'
  readonly min: LexBound
  readonly max: LexBound
}

export type LexBound = 'first' | 'last' | { readonly member: Span; readonly open: boolean }

export type Bounds = RankBounds | ScoreBounds | LexBounds

/** So many members of a range, after so many; a negative count means all. */
export interface Limit {
  readonly offset: number
  readonly count: number
}

/** A walk over members: from a rank, so many, up or down. */
export interface Selection {
  readonly rank: number
  readonly count: number
  readonly reverse: boolean
}

const NOTHING: Selection = { rank: 0, count: 0, reverse: false }

export function select(
  sets: SortedSets,
  ref: number,
  bounds: Bounds,
  reverse = false,
  limit: Limit | null = null,
): Selection {
  if (bounds.by === 'rank') return selectRanks(sets.size(ref), bounds, reverse)
  const [low, high] =
    bounds.by === 'score' ? withinScores(sets, ref, bounds) : withinMembers(sets, ref, bounds)
  const found = Math.max(0, high - low)
  const skipped = limit?.offset ?? 0
  if (skipped < 0 || skipped >= found) return NOTHING
  const most = limit === null || limit.count < 0 ? Infinity : limit.count
  const rank = reverse ? high - 1 - skipped : low + skipped
  return { rank, count: Math.min(found - skipped, most), reverse }
}

/** How many members a range has. */
export function countWithin(sets: SortedSets, ref: number, bounds: Bounds): number {
  return select(sets, ref, bounds).count
}

/** Bounds of ranks as the list commands read them: cut at the ends. Answers the first rank and how many. */
function selectRanks(size: number, { start, stop }: RankBounds, reverse: boolean): Selection {
  const first = Math.max(0, start < 0 ? size + start : start)
  const last = Math.min(size - 1, stop < 0 ? size + stop : stop)
  if (first > last) return NOTHING
  return { rank: reverse ? size - 1 - first : first, count: last - first + 1, reverse }
}

/** The rank of the first member within, and that of the first behind. */
function withinScores(sets: SortedSets, ref: number, { min, max }: ScoreBounds): [number, number] {
  const low = min.score === -Infinity && !min.open ? 0 : sets.countBelow(ref, min.score, min.open)
  const high =
    max.score === Infinity && !max.open ? sets.size(ref) : sets.countBelow(ref, max.score, !max.open)
  return [low, high]
}

function withinMembers(sets: SortedSets, ref: number, { min, max }: LexBounds): [number, number] {
  return [rankOf(sets, ref, min, false), rankOf(sets, ref, max, true)]
}

/** How many members come before a bound; `including` those that are just it, unless it is open. */
function rankOf(sets: SortedSets, ref: number, bound: LexBound, including: boolean): number {
  if (bound === 'first') return 0
  if (bound === 'last') return sets.size(ref)
  return sets.countBefore(ref, bound.member, including !== bound.open)
}
