/**
 * EXPIRE and its three siblings: seconds or milliseconds, from now or by the calendar. What all replicas must agree on
 * is the instant, so all four are remembered as PEXPIREAT, or as the deletion that a past instant is.
 */

import type { Span } from '../../lib/bytes.js'
import { type CommandOptions, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { type Arguments, key, readInt64 } from '../../engine/grammar.js'
import { NEVER } from '../../data/entry.js'
import { Event } from '../../keyspace/events.js'
import { invalidExpire } from '../../resp/errors.js'
import { type Condition, condition, holds } from './expire-condition.js'
import { unread } from './unread.js'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

type Milliseconds = 1 | 1000

export const expire = command('EXPIRE', {
  does: 'Gives a key so many seconds to live.',
  since: '1.0.0',
  ...common({ seconds: unread() }),
  run(ctx, { key, seconds, condition }) {
    setLife(ctx, key, instant(ctx, seconds, 1000, ctx.now), condition)
  },
})

export const pexpire = command('PEXPIRE', {
  does: 'Gives a key so many milliseconds to live.',
  since: '2.6.0',
  ...common({ milliseconds: unread() }),
  run(ctx, { key, milliseconds, condition }) {
    setLife(ctx, key, instant(ctx, milliseconds, 1, ctx.now), condition)
  },
})

export const expireat = command('EXPIREAT', {
  does: 'Lets a key live until a time in unix seconds.',
  since: '1.2.0',
  ...common({ seconds: unread('unix-time') }),
  run(ctx, { key, seconds, condition }) {
    setLife(ctx, key, instant(ctx, seconds, 1000, 0), condition)
  },
})

export const pexpireat = command('PEXPIREAT', {
  does: 'Lets a key live until a time in unix milliseconds.',
  since: '2.6.0',
  ...common({ milliseconds: unread('unix-time') }),
  run(ctx, { key, milliseconds, condition }) {
    setLife(ctx, key, instant(ctx, milliseconds, 1, 0), condition)
  },
})

/** What the four have in common; `time` is their second argument. */
function common<A extends Arguments>(time: A) {
  return {
    group: 'generic',
    complexity: 'O(1)',
    flags: ['write', 'fast'],
    args: { key: key('RW', 'update'), ...time, condition: condition() },
  } satisfies Partial<CommandOptions<Arguments>>
}

/** Unix ms; a bigint where a number would lose digits. Throws unless the time fits 64 bits. */
function instant(ctx: Context, time: Span, unit: Milliseconds, base: number): number | bigint {
  const value = readInt64(time)
  const ms = typeof value === 'number' ? value * unit + base : NaN
  if (Number.isSafeInteger(ms)) return ms
  const length = BigInt(value) * BigInt(unit)
  const at = length + BigInt(base)
  if (length < INT64_MIN || at > INT64_MAX) throw invalidExpire(ctx.command.name)
  return at
}

function setLife(ctx: Context, key: Span, at: number | bigint, condition: Condition): void {
  const { db, reply, keyspace } = ctx
  const ref = db.write(key)
  if (ref === 0 || !holds(condition, db.expireAt(ref), at)) {
    reply.int(0)
    return
  }
  if (at <= ctx.now && keyspace.expiryMode === 'delete') die(ctx, key)
  else live(ctx, key, ref, at)
  reply.int(1)
}

function live(ctx: Context, key: Span, ref: number, at: number | bigint): void {
  const { db } = ctx
  db.setExpiry(key, ref, at)
  db.changed(key, Event.generic, 'expire')
  ctx.propagateAs('PEXPIREAT', key, at)
}

/** The instant has passed. */
function die(ctx: Context, key: Span): void {
  const { db } = ctx
  const lazily = ctx.config.values.lazyfreeLazyExpire
  db.delete(key, lazily)
  db.changed(key, Event.generic, 'del')
  ctx.propagateAs(lazily ? 'UNLINK' : 'DEL', key)
}

export const persist = command('PERSIST', {
  does: 'Takes the time to live from a key.',
  since: '2.2.0',
  group: 'generic',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'update') },
  run({ db, reply }, { key }) {
    const ref = db.write(key)
    const mortal = ref !== 0 && db.expireAt(ref) !== NEVER
    if (mortal) {
      db.setExpiry(key, ref, NEVER)
      db.changed(key, Event.generic, 'persist')
    }
    reply.int(mortal ? 1 : 0)
  },
})
