/**
 * What stands behind the bounds of a range.
 *
 * Redis reads these words one after the other and stops at the first that is wrong, which is why the reading is by
 * hand; the description for COMMAND DOCS is not.
 */

import type { Bounds, Limit } from '../../data/zset/bounds.js'
import {
  type Argument,
  type Words,
  choice,
  flag,
  group,
  integer,
  nothing,
  options,
  readInteger,
  token,
} from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { LIMIT_BY_RANK, SYNTAX, WITHSCORES_BY_LEX } from '../../resp/errors.js'
import { readLexBounds, readRankBounds, readScoreBounds } from './read-bounds.js'

export type RangeBy = Bounds['by']

/** What the name of a command settles; the rest is for its options. */
export interface RangeForm {
  readonly by?: RangeBy
  readonly reverse?: boolean
  /** The range is stored: scores are not asked for. */
  readonly stored?: boolean
}

export interface RangeOptions {
  by: RangeBy
  reverse: boolean
  limit: Limit | null
  withScores: boolean
}

export function rangeOptions(form: RangeForm): Argument<RangeOptions> {
  const described = options({
    ...(form.by === undefined ? { sortBy: choice({ BYSCORE: nothing(), BYLEX: nothing() }) } : {}),
    ...(form.reverse === undefined ? { rev: flag('REV') } : {}),
    ...(form.by === 'rank' ? {} : { limit: token('LIMIT', group({ offset: integer(), count: integer() })) }),
    ...(form.stored === true || form.by === 'lex' ? {} : { withScores: flag('WITHSCORES') }),
  })
  return { ...described, parse: words => readOptions(words, form) }
}

function readOptions(words: Words, form: RangeForm): RangeOptions {
  let { by, reverse } = form
  let limit: Limit | null = null
  let withScores = false
  while (words.left > 0) {
    const word = words.next()
    if (form.stored !== true && word.is('withscores')) withScores = true
    else if (word.is('limit') && words.left >= 2) limit = readLimit(words)
    else if (reverse === undefined && word.is('rev')) reverse = true
    else if (by === undefined && word.is('bylex')) by = 'lex'
    else if (by === undefined && word.is('byscore')) by = 'score'
    else throw SYNTAX
  }
  return { by: by ?? 'rank', reverse: reverse ?? false, limit, withScores }
}

function readLimit(words: Words): Limit {
  return { offset: readInteger(words.next()), count: readInteger(words.next()) }
}

/** The bounds that go with the options; throws what is wrong with either. A reversed range names its end first. */
export function readBounds(
  start: Span,
  stop: Span,
  { by, reverse, limit, withScores }: RangeOptions,
): Bounds {
  if (by === 'rank') {
    if (limit !== null && limit.count !== -1) throw LIMIT_BY_RANK
    return readRankBounds(start, stop)
  }
  if (by === 'lex' && withScores) throw WITHSCORES_BY_LEX
  const read = by === 'score' ? readScoreBounds : readLexBounds
  return reverse ? read(stop, start) : read(start, stop)
}
