/** Members left to chance: looked at, or taken out. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, optional, readInteger } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { COUNT_OUT_OF_RANGE, MUST_BE_POSITIVE } from '../../resp/errors.js'
import { unread } from '../generic/unread.js'
import { deleteEmpty, replyMembers } from './membership.js'

export const sPop = command('SPOP', {
  does: 'Takes members out of a set, whichever chance will have, and returns them.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1) for each member.',
  flags: ['write', 'fast'],
  tips: ['nondeterministic_output'],
  args: { key: key('RW', 'access', 'delete'), count: optional(unread()) },
  hot(ctx) {
    if (ctx.count !== 2) return false
    popOne(ctx, ctx.word(1))
    return true
  },
  run(ctx, { key, count }) {
    if (count === null) popOne(ctx, key)
    else popSome(ctx, key, readCount(count))
  },
})

/** Where so many times as many go as stay, those that stay are moved: as in Redis, where the encoding shows it. */
const MOVING_SHARE = 5

function readCount(count: Span): number {
  const value = readInteger(count, MUST_BE_POSITIVE)
  if (value < 0) throw MUST_BE_POSITIVE
  return value
}

function popOne(ctx: Context, key: Span): void {
  const ref = ctx.db.writeTyped(key, Type.set)
  if (ref === 0) {
    ctx.reply.null()
    return
  }
  takeOut(ctx, key, ref)
  ctx.db.changed(key, Event.set, 'spop')
  deleteEmpty(ctx, key, ref)
}

function popSome(ctx: Context, key: Span, count: number): void {
  const { db, reply, keyspace } = ctx
  const ref = db.writeTyped(key, Type.set)
  const size = ref === 0 ? 0 : keyspace.sets.size(ref)
  if (size > 0 && count >= size) {
    popAll(ctx, key, ref, size)
    return
  }
  const popped = Math.min(count, size)
  reply.set(popped)
  if (popped === 0) return
  if ((size - popped) * MOVING_SHARE <= popped) popMost(ctx, key, ref, popped)
  else for (let i = 0; i < popped; i++) takeOut(ctx, key, ref)
  db.changed(key, Event.set, 'spop')
  keyspace.dirty += popped - 1
}

/** The few that stay become another set: nothing is taken out of the old one, member by member. */
function popMost(ctx: Context, key: Span, ref: number, count: number): void {
  const { db, keyspace } = ctx
  const { sets, entries } = keyspace
  const kept = keyspace.createEntry(key, Type.set, 0, entries.expireAt(ref))
  entries.setAccess(kept, entries.access(ref))
  sets.divide(ref, count, kept, member => {
    answer(ctx, key, member.span())
    return undefined
  })
  db.delete(key, ctx.config.values.lazyfreeLazyServerDel)
  db.adopt(key, kept, false)
}

function popAll(ctx: Context, key: Span, ref: number, size: number): void {
  const { db, keyspace } = ctx
  const lazily = ctx.config.values.lazyfreeLazyServerDel
  replyMembers(ctx, ref)
  db.delete(key, lazily)
  db.changed(key, Event.set, 'spop')
  db.event(key, Event.generic, 'del')
  keyspace.dirty += size - 1
  ctx.propagateAs(lazily ? 'UNLINK' : 'DEL', key)
}

/** Answers some member and removes it. */
function takeOut(ctx: Context, key: Span, ref: number): void {
  const { sets } = ctx.keyspace
  answer(ctx, key, sets.draw(ref))
  sets.removeDrawn(ref)
}

function answer(ctx: Context, key: Span, member: Span): void {
  ctx.reply.bulk(member)
  ctx.propagateAs('SREM', key, member)
}

export const sRandMember = command('SRANDMEMBER', {
  does: 'Returns members of a set, whichever chance will have.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1) without a count, otherwise O(N), N being the count.',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: { key: key('RO', 'access'), count: optional(unread()) },
  run(ctx, { key, count }) {
    if (count === null) showOne(ctx, key)
    else showSome(ctx, key, readSignedCount(count))
  },
})

/** A count of which both signs make sense. */
export function readSignedCount(count: Span): number {
  const value = readInteger(count)
  if (value <= -(2 ** 63) && count.latin1() === '-9223372036854775808') throw COUNT_OUT_OF_RANGE
  return value
}

function showOne(ctx: Context, key: Span): void {
  const ref = ctx.db.readTyped(key, Type.set)
  if (ref === 0) ctx.reply.null()
  else ctx.reply.bulk(ctx.keyspace.sets.draw(ref))
}

/** A positive count asks for different members, a negative one for draws that may repeat. */
function showSome(ctx: Context, key: Span, count: number): void {
  const { db, reply, keyspace } = ctx
  const { sets } = keyspace
  const ref = db.readTyped(key, Type.set)
  if (ref === 0) {
    reply.array(0)
  } else if (count < 0) {
    reply.array(-count)
    for (let left = -count; left > 0 && !reply.unheard; left--) reply.bulk(sets.draw(ref))
  } else {
    reply.array(Math.min(count, sets.size(ref)))
    if (count === 0) return
    sets.choose(ref, count, member => {
      reply.bulk(member.span())
      return undefined
    })
  }
}
