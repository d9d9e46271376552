/** On what EXPIRE may be made to depend: NX, XX, GT, LT, of which some go together. */

import type { Argument } from '../../engine/grammar.js'
import { NEVER } from '../../data/entry.js'
import { EXPIRE_CONDITIONS, EXPIRE_GT_LT, unsupportedOption } from '../../resp/errors.js'

export interface Condition {
  /** The key has no time to live. */
  readonly nx: boolean
  /** It has one. */
  readonly xx: boolean
  /** It would live longer than so far; no time to live counts as for ever. */
  readonly gt: boolean
  /** It would die sooner. */
  readonly lt: boolean
}

const TOKENS = ['NX', 'XX', 'GT', 'LT']

/** The words from here on, each of them a condition. */
export function condition(): Argument<Condition> {
  return {
    min: 0,
    max: Infinity,
    parse: words => {
      const given = { nx: false, xx: false, gt: false, lt: false }
      while (words.left > 0) {
        const word = words.next()
        const token = TOKENS.find(known => word.is(known.toLowerCase()))
        if (token === undefined) throw unsupportedOption(word.latin1())
        given[token.toLowerCase() as keyof Condition] = true
      }
      if (given.nx && (given.xx || given.gt || given.lt)) throw EXPIRE_CONDITIONS
      if (given.gt && given.lt) throw EXPIRE_GT_LT
      return given
    },
    place: layout => {
      layout.position = 0
    },
    doc: name => ({
      name,
      type: 'oneof',
      optional: true,
      arguments: TOKENS.map(token => ({ name: token.toLowerCase(), type: 'pure-token', token })),
    }),
  }
}

/** Whether a key that dies at `current` may be told to die at `at`. */
export function holds(condition: Condition, current: number | bigint, at: number | bigint): boolean {
  const mortal = current !== NEVER
  if (condition.nx && mortal) return false
  if (condition.xx && !mortal) return false
  if (condition.gt && !(mortal && at > current)) return false
  return !(condition.lt && mortal && at >= current)
}
