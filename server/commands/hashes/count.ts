/** Counting: values that are numbers. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, int64, key } from '../../engine/grammar.js'
import { Span } from '../../lib/bytes.js'
import { parseInt64 } from '../../lib/integer.js'
import { add, isFinite, type LongDouble, parseLongDouble, toHuman, ZERO } from '../../lib/long-double.js'
import {
  HASH_VALUE_NOT_FLOAT,
  HASH_VALUE_NOT_INTEGER,
  NAN_OR_INFINITY,
  NOT_FLOAT,
  OVERFLOW,
  VALUE_NAN_OR_INFINITY,
} from '../../resp/errors.js'
import { propagateKept } from './field-life.js'
import { tellField } from './tell.js'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

export const hIncrBy = command('HINCRBY', {
  does: 'Adds an integer to the integer that a field holds.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), field: bytes(), increment: int64() },
  run(ctx, { key, field, increment }) {
    const ref = ctx.db.writeTyped(key, Type.hash)
    const sum = plus(integerAt(ctx, ref, field), increment)
    const text = Span.of(sum.toString())
    const mayHideDead = ref !== 0 && ctx.keyspace.hashes.isTimed(ref)
    store(ctx, key, field, text, 'hincrby')
    ctx.reply.int(sum)
    // Whoever repeats this may still count on from what is dead here.
    if (mayHideDead) propagateKept(ctx, key, [field, text])
  },
})

function integerAt(ctx: Context, ref: number, field: Span): number | bigint {
  const value = ref === 0 ? null : ctx.keyspace.hashes.get(ref, field)
  if (value === null) return 0
  const integer = parseInt64(value.span())
  if (integer === null) throw HASH_VALUE_NOT_INTEGER
  return integer
}

function plus(a: number | bigint, b: number | bigint): bigint {
  const sum = BigInt(a) + BigInt(b)
  if (sum < INT64_MIN || sum > INT64_MAX) throw OVERFLOW
  return sum
}

export const hIncrByFloat = command('HINCRBYFLOAT', {
  does: 'Adds a number with a fraction to the number that a field holds.',
  since: '2.6.0',
  group: 'hash',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), field: bytes(), increment: bytes() },
  run(ctx, { key, field, increment }) {
    const { db } = ctx
    const by = parseLongDouble(increment.latin1())
    if (by === null) throw NOT_FLOAT
    if (!isFinite(by)) throw VALUE_NAN_OR_INFINITY
    const sum = add(floatAt(ctx, db.writeTyped(key, Type.hash), field), by)
    if (!isFinite(sum)) throw NAN_OR_INFINITY
    const text = Span.of(toHuman(sum))
    store(ctx, key, field, text, 'hincrbyfloat')
    ctx.reply.bulk(text)
    // The sum itself: others might round or print it differently.
    propagateKept(ctx, key, [field, text])
  },
})

function floatAt(ctx: Context, ref: number, field: Span): LongDouble {
  const value = ref === 0 ? null : ctx.keyspace.hashes.get(ref, field)
  if (value === null) return ZERO
  const float = parseLongDouble(value.span().latin1())
  if (float === null) throw HASH_VALUE_NOT_FLOAT
  return float
}

function store(ctx: Context, key: Span, field: Span, value: Span, event: string): void {
  const { db, keyspace } = ctx
  const found = db.find(key)
  keyspace.hashes.set(found === 0 ? db.add(key, Type.hash, 0) : found, field, value, true)
  tellField(ctx, key, event, field)
}
