/** Reading a whole string, its length or its digest. */

import { NEVER, Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { choice, key, nothing, options } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { digestOf } from './condition.js'
import { removeKey } from './delete.js'
import { deadlineOf, deadlines } from './lifetime.js'

export const get = command('GET', {
  does: 'Returns the string that a key holds.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access') },
  hot(ctx) {
    replyString(ctx, ctx.db.readTyped(ctx.word(1), Type.string))
    return true
  },
  run(ctx, { key }) {
    replyString(ctx, ctx.db.readTyped(key, Type.string))
  },
})

export const getEx = command('GETEX', {
  does: 'Returns the string that a key holds, and gives the key a time to live or takes it away.',
  since: '6.2.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: {
    key: key('RW', 'access', 'update'),
    options: options({ lifetime: choice({ ...deadlines, PERSIST: nothing() }) }),
  },
  run(ctx, { key, options: { lifetime } }) {
    const ref = ctx.db.readTyped(key, Type.string)
    const timed = ref !== 0 && lifetime !== null && lifetime.token !== 'PERSIST'
    const deadline = timed ? deadlineOf(ctx, lifetime) : null
    replyString(ctx, ref)
    if (deadline !== null) dieAt(ctx, key, ref, deadline)
    else if (ref !== 0 && lifetime !== null) persist(ctx, key, ref)
  },
})

export const strLen = command('STRLEN', {
  does: 'Returns the length of a string in bytes.',
  since: '2.2.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO') },
  run(ctx, { key }) {
    const ref = ctx.db.readTyped(key, Type.string)
    ctx.reply.int(ref === 0 ? 0 : ctx.keyspace.strings.length(ref))
  },
})

export const digest = command('DIGEST', {
  does: 'Returns the XXH3 digest of a string in 16 hex digits, for IFDEQ and IFDNE.',
  since: '8.4.0',
  group: 'string',
  complexity: 'O(N) in the length of the string.',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    const value = ctx.db.readString(key, ctx.span)
    if (value === null) ctx.reply.null()
    else ctx.reply.text(digestOf(value))
  },
})

/** Answers the string at `ref`, or null when it is 0. */
export function replyString(ctx: Context, ref: number): void {
  if (ref === 0) ctx.reply.null()
  else ctx.reply.bulk(ctx.keyspace.strings.view(ref, ctx.span))
}

/** Sets the time to live; a date in the past deletes at once. */
function dieAt(ctx: Context, key: Span, ref: number, deadline: number | bigint): void {
  const { db, config, now } = ctx
  if (deadline <= now) {
    removeKey(ctx, key, config.values.lazyfreeLazyExpire)
    return
  }
  db.setExpiry(key, ref, deadline)
  db.changed(key, Event.generic, 'expire')
  ctx.propagateAs('PEXPIREAT', key, deadline)
}

function persist(ctx: Context, key: Span, ref: number): void {
  if (!ctx.keyspace.entries.expires(ref)) return
  ctx.db.setExpiry(key, ref, NEVER)
  ctx.db.changed(key, Event.generic, 'persist')
  ctx.propagateAs('PERSIST', key)
}
