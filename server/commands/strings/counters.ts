/** Counting: strings that are numbers. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, int64, key } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import { Span } from '../../lib/bytes.js'
import {
  add as addLong,
  isFinite,
  type LongDouble,
  parseLongDouble,
  toHuman,
  ZERO,
} from '../../lib/long-double.js'
import { DECREMENT_OVERFLOW, NAN_OR_INFINITY, NOT_FLOAT, NOT_INTEGER, OVERFLOW } from '../../resp/errors.js'
import { propagateStored } from './set.js'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

export const incr = command('INCR', {
  does: 'Adds one to the integer that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update') },
  hot(ctx) {
    increment(ctx, ctx.word(1), 1)
    return true
  },
  run(ctx, { key }) {
    increment(ctx, key, 1)
  },
})

export const decr = command('DECR', {
  does: 'Subtracts one from the integer that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update') },
  run(ctx, { key }) {
    increment(ctx, key, -1)
  },
})

export const incrBy = command('INCRBY', {
  does: 'Adds an integer to the integer that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), increment: int64() },
  run(ctx, { key, increment: by }) {
    increment(ctx, key, by)
  },
})

export const decrBy = command('DECRBY', {
  does: 'Subtracts an integer from the integer that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), decrement: int64() },
  run(ctx, { key, decrement: by }) {
    if (by === INT64_MIN) throw DECREMENT_OVERFLOW
    increment(ctx, key, -by)
  },
})

export const incrByFloat = command('INCRBYFLOAT', {
  does: 'Adds a number with a fraction to the number that a key holds.',
  since: '2.6.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), increment: bytes() },
  run(ctx, { key, increment: by }) {
    const { db, keyspace } = ctx
    const ref = db.writeTyped(key, Type.string)
    const value = ref === 0 ? ZERO : readFloat(keyspace.strings.view(ref, ctx.span))
    const sum = addLong(value, readFloat(by))
    if (!isFinite(sum)) throw NAN_OR_INFINITY
    const text = Span.of(toHuman(sum))
    db.setText(key, ref, text)
    db.changed(key, Event.string, 'incrbyfloat')
    ctx.reply.bulk(text)
    // The sum itself: others might round or print it differently.
    propagateStored(ctx, key, text, true)
  },
})

/** Adds `by` to the integer at `key` and answers the sum. */
function increment(ctx: Context, key: Span, by: number | bigint): void {
  const { db } = ctx
  const ref = db.writeTyped(key, Type.string)
  const sum = add(ref === 0 ? 0 : integerAt(ctx, ref), by)
  db.setInteger(key, ref, sum)
  db.changed(key, Event.string, 'incrby')
  ctx.reply.int(sum)
}

function integerAt(ctx: Context, ref: number): number | bigint {
  const { strings } = ctx.keyspace
  const small = strings.smallInteger(ref)
  if (!Number.isNaN(small)) return small
  const value = strings.integer(ref)
  if (value === null) throw NOT_INTEGER
  return value
}

function add(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  const sum = BigInt(a) + BigInt(b)
  if (sum < INT64_MIN || sum > INT64_MAX) throw OVERFLOW
  const small = Number(sum)
  return Number.isSafeInteger(small) ? small : sum
}

function readFloat(span: Span): LongDouble {
  const value = parseLongDouble(span.latin1())
  if (value === null) throw NOT_FLOAT
  return value
}
