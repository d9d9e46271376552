/**
 * The words of ZUNION and its kin: `numkeys key [key ...]` and the options behind them.
 *
 * Redis looks the keys up before it reads the options, and stops at the first option that is wrong: so they are read
 * by hand and late.
 */

import {
  type Argument,
  type Words,
  counted,
  double,
  flag,
  integer,
  key,
  oneOf,
  options,
  readDouble,
  readInteger,
  repeated,
  token,
} from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { BAD_WEIGHT, LIMIT_NEGATIVE, SYNTAX, inputKeyNeeded } from '../../resp/errors.js'
import type { Aggregate } from './algebra.js'

/** `command` as Redis names it, in lower case. */
export function inputKeys(command: string): Argument<Span[]> {
  const none = inputKeyNeeded(command)
  return {
    ...counted(key('RO', 'access'), none),
    parse: words => {
      const count = readInteger(words.next())
      if (count < 1) throw none
      if (count > words.left) throw SYNTAX
      return Array.from({ length: count }, () => words.next())
    },
  }
}

export interface CombineOptions {
  /** By source. */
  weights: readonly number[] | null
  aggregate: Aggregate
  withScores: boolean
  limit: number
}

/** Which options a command takes. */
export interface CombineForm {
  readonly weighted?: boolean
  readonly scored?: boolean
  readonly limited?: boolean
}

/** Reads the options of a command with so many sources. */
export type LateOptions = (sources: number) => CombineOptions

export function combineOptions(form: CombineForm): Argument<LateOptions> {
  const described = options({
    ...(form.weighted === true ? { weights: token('WEIGHTS', repeated(double())) } : {}),
    ...(form.weighted === true ? { aggregate: token('AGGREGATE', oneOf(AGGREGATES)) } : {}),
    ...(form.scored === true ? { withScores: flag('WITHSCORES') } : {}),
    ...(form.limited === true ? { limit: token('LIMIT', integer()) } : {}),
  })
  return {
    ...described,
    parse: words => {
      const { at } = words
      words.at = words.request.count
      return sources => readOptions(words, at, form, sources)
    },
  }
}

const AGGREGATES = ['SUM', 'MIN', 'MAX', 'COUNT'] as const

function readOptions(words: Words, at: number, form: CombineForm, sources: number): CombineOptions {
  const read: CombineOptions = { weights: null, aggregate: 'SUM', withScores: false, limit: 0 }
  words.at = at
  while (words.left > 0) {
    const word = words.next()
    if (form.weighted === true && word.is('weights') && words.left >= sources) {
      read.weights = Array.from({ length: sources }, () => readDouble(words.next(), BAD_WEIGHT))
    } else if (form.weighted === true && word.is('aggregate') && words.left >= 1) {
      read.aggregate = readAggregate(words.next())
    } else if (form.scored === true && word.is('withscores')) {
      read.withScores = true
    } else if (form.limited === true && word.is('limit') && words.left >= 1) {
      read.limit = readLimit(words.next())
    } else {
      throw SYNTAX
    }
  }
  return read
}

function readAggregate(word: Span): Aggregate {
  const found = AGGREGATES.find(each => word.is(each.toLowerCase()))
  if (found === undefined) throw SYNTAX
  return found
}

function readLimit(word: Span): number {
  const limit = readInteger(word, LIMIT_NEGATIVE)
  if (limit < 0) throw LIMIT_NEGATIVE
  return limit
}
