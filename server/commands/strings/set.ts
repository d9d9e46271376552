/** SET, its options, and the commands that became options of it. */

import { NEVER, NOTHING, Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, choice, flag, key, nothing, options } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { WRONG_TYPE } from '../../resp/errors.js'
import { tellReplaced } from '../generic/replacement.js'
import { type Comparison, comparisons, isMet } from './condition.js'
import { replyString } from './get.js'
import { type Deadline, deadlineOf, deadlines } from './lifetime.js'

export const set = command('SET', {
  does: 'Makes a key hold a string, whatever it held; on a condition and for a limited time, if asked to.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: {
    key: key('RW', 'access', 'update', 'variable_flags'),
    value: bytes(),
    options: options({
      condition: choice({ NX: nothing(), XX: nothing(), ...comparisons }),
      get: flag('GET'),
      lifetime: choice({ ...deadlines, KEEPTTL: nothing() }),
    }),
  },
  keyFlagsOf: words =>
    words.slice(3).some(word => word.toLowerCase() === 'get') ? ['RW', 'access', 'update'] : ['OW', 'update'],
  hot(ctx) {
    if (ctx.count !== 3) return false
    store(ctx, ctx.word(1), ctx.word(2))
    ctx.reply.ok()
    return true
  },
  run(ctx, { key, value, options: { condition, get, lifetime } }) {
    const { db, reply } = ctx
    const deadline = lifetime === null || lifetime.token === 'KEEPTTL' ? null : deadlineOf(ctx, lifetime)
    const ref = get ? db.read(key) : db.peek(key)
    const compares = condition !== null && condition.token !== 'NX' && condition.token !== 'XX'
    if (get || compares) expectString(ctx, ref)
    const allowed = condition === null || isAllowed(ctx, condition, ref)
    if (get) replyString(ctx, ref)
    else if (allowed) reply.ok()
    else reply.null()
    if (!allowed) {
      // Who stores marks the key used.
      if (ref !== 0 && ctx.keyspace.touches) db.touch(ref)
      return
    }
    const keeps = lifetime?.token === 'KEEPTTL'
    if (deadline !== null) storeUntil(ctx, key, value, deadline)
    else store(ctx, key, value, keeps && ref !== 0 ? db.expireAt(ref) : NEVER)
    if (deadline === null && (get || compares)) propagateStored(ctx, key, value, keeps)
  },
})

export const setNx = command('SETNX', {
  does: 'Makes a key hold a string if there is no such key.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('OW', 'insert'), value: bytes() },
  run(ctx, { key, value }) {
    const free = ctx.db.write(key) === 0
    if (free) store(ctx, key, value)
    ctx.reply.int(free ? 1 : 0)
  },
})

export const setEx = command('SETEX', {
  does: 'Makes a key hold a string for some seconds.',
  since: '2.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: { key: key('OW', 'update'), seconds: deadlines.EX, value: bytes() },
  run(ctx, { key, seconds, value }) {
    setFor(ctx, key, value, { token: 'EX', value: seconds })
  },
})

export const pSetEx = command('PSETEX', {
  does: 'Makes a key hold a string for some milliseconds.',
  since: '2.6.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: { key: key('OW', 'update'), milliseconds: deadlines.PX, value: bytes() },
  run(ctx, { key, milliseconds, value }) {
    setFor(ctx, key, value, { token: 'PX', value: milliseconds })
  },
})

export const getSet = command('GETSET', {
  does: 'Makes a key hold a string and returns the one it held.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(1)',
  deprecated: { since: '6.2.0', by: '`SET` with the `!GET` argument' },
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), value: bytes() },
  run(ctx, { key, value }) {
    replyString(ctx, ctx.db.readTyped(key, Type.string))
    store(ctx, key, value)
    propagateStored(ctx, key, value, false)
  },
})

/** Sets and tells; the key is alive or not there. */
export function store(ctx: Context, key: Span, value: Span, expireAt: number | bigint = NEVER): void {
  const former = ctx.db.setString(key, value, expireAt)
  if (former !== NOTHING) tellReplaced(ctx.db, key, former, Type.string)
  ctx.db.changed(key, Event.string, 'set')
}

/** As `store`, for a limited time, which others learn as a date. */
export function storeUntil(ctx: Context, key: Span, value: Span, deadline: number | bigint): void {
  store(ctx, key, value, deadline)
  ctx.db.event(key, Event.generic, 'expire')
  ctx.propagateAs('SET', key, value, 'PXAT', deadline)
}

/** An effect in words that the oldest replicas understand: no conditions, as they were met. */
export function propagateStored(ctx: Context, key: Span, value: Span, keepsTtl: boolean): void {
  if (keepsTtl) ctx.propagateAs('SET', key, value, 'KEEPTTL')
  else ctx.propagateAs('SET', key, value)
}

function setFor(ctx: Context, key: Span, value: Span, time: Deadline): void {
  storeUntil(ctx, key, value, deadlineOf(ctx, time))
  ctx.reply.ok()
}

type Condition = Comparison | { readonly token: 'NX' | 'XX' }

/** IFEQ and IFDEQ never create a key; IFNE and IFDNE find no key to be different. */
function isAllowed(ctx: Context, condition: Condition, ref: number): boolean {
  switch (condition.token) {
    case 'NX':
      return ref === 0
    case 'XX':
      return ref !== 0
    case 'IFEQ':
    case 'IFDEQ':
      return ref !== 0 && isMet(condition, ctx.keyspace.strings.view(ref, ctx.span))
    case 'IFNE':
    case 'IFDNE':
      return ref === 0 || isMet(condition, ctx.keyspace.strings.view(ref, ctx.span))
  }
}

function expectString(ctx: Context, ref: number): void {
  if (ref !== 0 && ctx.keyspace.entries.type(ref) !== Type.string) throw WRONG_TYPE
}
