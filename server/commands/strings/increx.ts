/**
 * INCREX: a counter with bounds and a time to live, the whole of a rate limiter in one command.
 *
 * It counts in 64-bit integers or in long doubles, by the same rules. The sum must lie between the bounds, or the
 * command does nothing and says so by an applied increment of 0; with SATURATE the counter stops at the bound.
 * Without bounds those of the type hold, so that an overflow is just one more way to leave the range.
 *
 * What others are told is the outcome: SET with the new value, and what became of the time to live.
 */

import { NEVER, Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, choice, flag, key, nothing, options, token } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import { Span } from '../../lib/bytes.js'
import {
  APPLIED_OVERFLOW,
  BOUNDS_CROSSED,
  ENX_ALONE,
  INFINITE_INCREMENT,
  INFINITE_VALUE,
  SYNTAX,
} from '../../resp/errors.js'
import { FLOATS, INTEGERS, type Numbers } from './numbers.js'
import { removeKey } from './delete.js'
import { type Deadline, deadlineOf, deadlines } from './lifetime.js'

interface Order {
  readonly by: { readonly token: 'BYINT' | 'BYFLOAT'; readonly value: Span } | null
  readonly lower: Span | null
  readonly upper: Span | null
  readonly saturate: boolean
  readonly lifetime: Deadline | { readonly token: 'PERSIST' } | null
  readonly enx: boolean
}

export const incrEx = command('INCREX', {
  does: 'Adds to the number that a key holds, within bounds, and sets or removes the time to live.',
  since: '8.8.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: {
    key: key('RW', 'access', 'update'),
    options: options(
      {
        by: choice({ BYFLOAT: bytes(), BYINT: bytes() }),
        lower: token('LBOUND', bytes()),
        upper: token('UBOUND', bytes()),
        saturate: flag('SATURATE'),
        lifetime: choice({ ...deadlines, PERSIST: nothing() }),
        enx: flag('ENX'),
      },
      { once: true },
    ),
  },
  run(ctx, { key, options: order }) {
    if (order.enx && order.lifetime?.token === 'PERSIST') throw SYNTAX
    if (order.enx && order.lifetime === null) throw ENX_ALONE
    if (order.by?.token === 'BYFLOAT') count(ctx, key, order, FLOATS)
    else count(ctx, key, order, INTEGERS)
  },
})

function count<N>(ctx: Context, key: Span, order: Order, numbers: Numbers<N>): void {
  const by = order.by === null ? numbers.one : numbers.read(order.by.value, 'Increment')
  if (!numbers.isFinite(by)) throw INFINITE_INCREMENT
  const bounds = boundsOf(order, numbers)
  const { lifetime } = order
  const deadline = lifetime === null || lifetime.token === 'PERSIST' ? null : deadlineOf(ctx, lifetime)
  const ref = ctx.db.writeTyped(key, Type.string)
  const value = ref === 0 ? numbers.zero : numbers.read(ctx.keyspace.strings.view(ref, ctx.span), 'value')
  if (!numbers.isFinite(value)) throw INFINITE_VALUE
  const wanted = numbers.add(value, by)
  const sum = clamp(wanted, bounds, numbers)
  if (sum !== wanted && !order.saturate) {
    answer(ctx, value, numbers.zero, numbers)
    return
  }
  const applied = numbers.subtract(sum, value)
  if (clamp(applied, numbers.limits, numbers) !== applied) throw APPLIED_OVERFLOW
  put(ctx, key, ref, Span.of(numbers.text(sum)), order, deadline, numbers.event)
  answer(ctx, sum, applied, numbers)
}

/** The bounds asked for, within those of the type. */
function boundsOf<N>(order: Order, numbers: Numbers<N>): Numbers<N>['limits'] {
  const { limits } = numbers
  const lower = order.lower === null ? limits.lower : numbers.read(order.lower, 'LBOUND')
  const upper = order.upper === null ? limits.upper : numbers.read(order.upper, 'UBOUND')
  if (numbers.isLess(upper, lower)) throw BOUNDS_CROSSED
  return { lower: clamp(lower, limits, numbers), upper: clamp(upper, limits, numbers) }
}

/** The number itself when it is within the bounds, else the bound it has passed. */
function clamp<N>(n: N, { lower, upper }: Numbers<N>['limits'], numbers: Numbers<N>): N {
  if (numbers.isLess(n, lower)) return lower
  return numbers.isLess(upper, n) ? upper : n
}

function answer<N>(ctx: Context, value: N, applied: N, numbers: Numbers<N>): void {
  ctx.reply.array(2)
  numbers.reply(ctx.reply, value)
  numbers.reply(ctx.reply, applied)
}

/** Stores the sum with the time to live that follows from the options, and tells. */
function put(
  ctx: Context,
  key: Span,
  ref: number,
  text: Span,
  order: Order,
  deadline: number | bigint | null,
  event: string,
): void {
  const { db, config, now } = ctx
  const before = ref === 0 ? NEVER : db.expireAt(ref)
  const dated = deadline !== null && !(order.enx && before !== NEVER)
  const persists = order.lifetime?.token === 'PERSIST' && before !== NEVER
  if (dated && deadline <= now) {
    if (ref !== 0) removeKey(ctx, key, config.values.lazyfreeLazyExpire)
    return
  }
  db.setString(key, text, dated ? deadline : persists ? NEVER : before)
  db.changed(key, Event.string, event)
  if (dated) {
    db.event(key, Event.generic, 'expire')
    ctx.propagateAs('SET', key, text, 'PXAT', deadline)
  } else if (persists) {
    db.event(key, Event.generic, 'persist')
    ctx.propagateAs('SET', key, text)
  } else {
    ctx.propagateAs('SET', key, text, 'KEEPTTL')
  }
}
