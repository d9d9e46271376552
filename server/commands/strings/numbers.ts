/** The two kinds of number that INCREX counts in. */

import type { Span } from '../../lib/bytes.js'
import { parseInt64 } from '../../lib/integer.js'
import * as long from '../../lib/long-double.js'
import { notFloat, notInteger } from '../../resp/errors.js'
import type { ReplyWriter } from '../../resp/reply.js'

export interface Numbers<N> {
  readonly zero: N
  readonly one: N
  /** The least and the greatest number of the kind. */
  readonly limits: { readonly lower: N; readonly upper: N }
  /** The event of a change. */
  readonly event: string
  /** Throws an error that names `what` is no number. */
  read(word: Span, what: string): N
  text(n: N): string
  reply(reply: ReplyWriter, n: N): void
  isFinite(n: N): boolean
  isLess(a: N, b: N): boolean
  /** Exact for integers, which may leave the limits; infinite for floats that do. */
  add(a: N, b: N): N
  subtract(a: N, b: N): N
}

export const INTEGERS: Numbers<bigint> = {
  zero: 0n,
  one: 1n,
  limits: { lower: -(2n ** 63n), upper: 2n ** 63n - 1n },
  event: 'incrby',
  read: (word, what) => {
    const value = parseInt64(word)
    if (value === null) throw notInteger(what)
    return value
  },
  text: n => n.toString(),
  reply: (reply, n) => reply.int(n),
  isFinite: () => true,
  isLess: (a, b) => a < b,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
}

export const FLOATS: Numbers<long.LongDouble> = {
  zero: long.ZERO,
  one: long.ONE,
  limits: { lower: long.SMALLEST, upper: long.LARGEST },
  event: 'incrbyfloat',
  read: (word, what) => {
    const value = long.parseLongDouble(word.latin1())
    if (value === null) throw notFloat(what)
    return value
  },
  text: long.toHuman,
  reply: (reply, n) => reply.doubleText(long.toHuman(n)),
  isFinite: long.isFinite,
  isLess: long.isLess,
  add: long.add,
  subtract: long.subtract,
}
