/** What the commands take that pop from a list or from a sorted set. */

import { bytes, counted, integer, key, leading, optional, options, token } from '../engine/grammar.js'
import { BAD_COUNT, BAD_KEY_COUNT, MUST_BE_POSITIVE } from '../resp/errors.js'

const popped = key('RW', 'access', 'delete')

/** `key [count]` */
export const oneKey = { key: popped, count: optional(integer({ min: 0, error: MUST_BE_POSITIVE })) }
/** `key [key ...] timeout` */
export const keysAndTimeout = { key: leading(popped, 1), timeout: bytes() }
/** `numkeys key [key ...]` */
export const manyKeys = counted(popped, BAD_KEY_COUNT)
/** `[COUNT count]` */
export const someOfThem = options(
  { count: token('COUNT', integer({ min: 1, error: BAD_COUNT })) },
  { once: true },
)
