/** The bounds of ranges as clients write them. */

import type { LexBound, LexBounds, RankBounds, ScoreBound, ScoreBounds } from '../../data/zset/bounds.js'
import { readInteger } from '../../engine/grammar.js'
import { Span } from '../../lib/bytes.js'
import { parseDouble, parseDoubleText } from '../../lib/double.js'
import { BAD_LEX_RANGE, BAD_SCORE_RANGE } from '../../resp/errors.js'

const OPEN = '('.charCodeAt(0)
const CLOSED = '['.charCodeAt(0)

export function readRankBounds(start: Span, stop: Span): RankBounds {
  return { by: 'rank', start: readInteger(start), stop: readInteger(stop) }
}

/** `1.5`, `(1.5` without the bound itself, `-inf`, `+inf`. */
export function readScoreBounds(min: Span, max: Span): ScoreBounds {
  return { by: 'score', min: readScoreBound(min), max: readScoreBound(max) }
}

/** `[member`, `(member` without the bound itself, `-` and `+` for all there are. */
export function readLexBounds(min: Span, max: Span): LexBounds {
  return { by: 'lex', min: readLexBound(min), max: readLexBound(max) }
}

function readScoreBound(word: Span): ScoreBound {
  const open = word.length > 0 && word.at(0) === OPEN
  const number = open ? tail(word) : word
  const score = parseDouble(number)
  return { score: Number.isNaN(score) ? readLoosely(number) : score, open }
}

/**
 * Bounds are read as C's strtod does it, which takes more than a score may be: white space in front, nothing at all
 * (which is 0), numbers too large or too small for a double.
 */
function readLoosely(number: Span): number {
  const text = number.latin1().replace(/^[ \t-\r]+(?=.)/, '')
  if (text === '') return 0
  const exact = parseDoubleText(text)
  if (!Number.isNaN(exact)) return exact
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw BAD_SCORE_RANGE
  return Number(text)
}

function readLexBound(word: Span): LexBound {
  const first = word.length === 0 ? 0 : word.at(0)
  if (first === OPEN || first === CLOSED) return { member: tail(word), open: first === OPEN }
  if (word.is('-')) return 'first'
  if (word.is('+')) return 'last'
  throw BAD_LEX_RANGE
}

function tail(word: Span): Span {
  return new Span(word.mem, word.start + 1, word.length - 1)
}
