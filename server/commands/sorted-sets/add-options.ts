/** The options of ZADD, which stand before the scores and end where a word is none of them. */

import { type Argument, type Words, choice, flag, nothing, options } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'

export interface AddOptions {
  /** Only members that are not there. */
  nx: boolean
  /** Only members that are there. */
  xx: boolean
  /** A member that is there gets only a greater score. */
  gt: boolean
  /** Only a smaller one. */
  lt: boolean
  /** Members with a new score count as well. */
  ch: boolean
  /** The score is added to the present one. */
  incr: boolean
}

export const NO_OPTIONS: Readonly<AddOptions> = {
  nx: false,
  xx: false,
  gt: false,
  lt: false,
  ch: false,
  incr: false,
}

export function addOptions(): Argument<AddOptions> {
  const described = options({
    condition: choice({ NX: nothing(), XX: nothing() }),
    comparison: choice({ GT: nothing(), LT: nothing() }),
    change: flag('CH'),
    increment: flag('INCR'),
  })
  return { ...described, parse: readOptions }
}

const NAMES = Object.keys(NO_OPTIONS) as (keyof AddOptions)[]

function readOptions(words: Words): AddOptions {
  const read = { ...NO_OPTIONS }
  for (;;) {
    const { at } = words
    const name = words.left > 0 ? optionNamed(words.next()) : undefined
    if (name === undefined) {
      words.at = at
      return read
    }
    read[name] = true
  }
}

export function isAddOption(word: Span): boolean {
  return optionNamed(word) !== undefined
}

function optionNamed(word: Span): keyof AddOptions | undefined {
  return NAMES.find(each => word.is(each))
}

/** Whether a member that has the score `was`, or none (NaN), may get the score `to`. */
export function admits({ nx, xx, gt, lt }: Readonly<AddOptions>, was: number, to: number): boolean {
  if (Number.isNaN(was)) return !xx
  return !nx && !(gt && to <= was) && !(lt && to >= was)
}
