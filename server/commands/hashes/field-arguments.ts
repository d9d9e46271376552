/** What the commands on fields with times to live have in common: FIELDS, conditions and deadlines. */

import { TIME_MAX } from '../../data/hash/reading.js'
import type { Context } from '../../engine/context.js'
import { type Argument, readInt64, readInteger, type Words } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import {
  BAD_FIELD_COUNT,
  type CommandError,
  FIELD_COUNT_MISMATCH,
  FIELDS_MISSING,
  invalidExpire,
  NEGATIVE_EXPIRE,
} from '../../resp/errors.js'
import type { Condition } from '../generic/expire-condition.js'

/**
 * `FIELDS numfields field [field ...]` to the end of the request; `width` 2: each with a value. Answers the words
 * behind the count. `badCount`: what a count that is none is answered.
 */
export function fields(width: 1 | 2 = 1, badCount: CommandError = BAD_FIELD_COUNT): Argument<Span[]> {
  return {
    min: 2 + width,
    max: Infinity,
    parse: words => {
      if (words.left === 0 || !words.next().is('fields')) throw FIELDS_MISSING
      return readFields(words, width, badCount)
    },
    place: layout => {
      layout.position = 0
    },
    doc: name => ({
      name,
      type: 'block',
      token: 'FIELDS',
      arguments: [
        { name: 'numfields', type: 'integer' },
        { name: 'field', type: 'string', multiple: true },
      ],
    }),
  }
}

function readFields(words: Words, width: number, badCount: CommandError): Span[] {
  if (words.left === 0) throw badCount
  const count = readInteger(words.next(), badCount)
  if (count < 1) throw badCount
  if (count * width !== words.left) throw FIELD_COUNT_MISMATCH
  return Array.from({ length: words.left }, () => words.next())
}

const CONDITIONS = ['nx', 'xx', 'gt', 'lt'] as const

/** NX, XX, GT or LT, at most one of them. */
export function fieldCondition(): Argument<Condition> {
  return {
    min: 0,
    max: 1,
    parse: words => {
      const given = { nx: false, xx: false, gt: false, lt: false }
      const token = CONDITIONS.find(each => isNext(words, each))
      if (token !== undefined) {
        given[token] = true
        words.next()
      }
      return given
    },
    place: layout => {
      layout.position = 0
    },
    doc: name => ({
      name,
      type: 'oneof',
      optional: true,
      arguments: CONDITIONS.map(each => ({ name: each, type: 'pure-token', token: each.toUpperCase() })),
    }),
  }
}

/** True when the next word is `token`, in any case. */
export function isNext(words: Words, token: string): boolean {
  return words.left > 0 && words.request.word(words.at).is(token)
}

/** How a time is given: its unit, and whether it counts from now or by the calendar. */
export interface TimeForm {
  readonly unitMs: 1 | 1000
  readonly absolute: boolean
}

export const timeForms: Readonly<Record<string, TimeForm>> = {
  ex: { unitMs: 1000, absolute: false },
  px: { unitMs: 1, absolute: false },
  exat: { unitMs: 1000, absolute: true },
  pxat: { unitMs: 1, absolute: true },
}

/** The unix ms that a word stands for. */
export function deadline(ctx: Context, word: Span, { unitMs, absolute }: TimeForm): number {
  const given = readInt64(word)
  if (given < 0) throw NEGATIVE_EXPIRE
  const at = Number(given) * unitMs + (absolute ? 0 : ctx.now)
  if (at > TIME_MAX) throw invalidExpire(ctx.command.fullName)
  return at
}
