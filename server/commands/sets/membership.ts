/** Single members: put in, taken out, asked for. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, row } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { WRONG_TYPE } from '../../resp/errors.js'

/** The first word behind the key. */
const FIRST_MEMBER = 2

export const sAdd = command('SADD', {
  does: 'Adds members to a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1) for each member.',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'insert'), members: row(bytes()) },
  hot(ctx) {
    addMembers(ctx, ctx.word(1))
    return true
  },
  run(ctx, { key }) {
    addMembers(ctx, key)
  },
})

function addMembers(ctx: Context, key: Span): void {
  const { db, keyspace, request } = ctx
  const { sets } = keyspace
  const ref = db.writeOrAdd(key, Type.set)
  let added = 0
  for (let i = FIRST_MEMBER; i < request.count; i++) if (sets.add(ref, request.word(i))) added++
  if (added > 0) {
    db.changed(key, Event.set, 'sadd')
    keyspace.dirty += added - 1
  }
  ctx.reply.int(added)
}

export const sRem = command('SREM', {
  does: 'Removes members from a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1) for each member.',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'delete'), members: row(bytes()) },
  hot(ctx) {
    removeMembers(ctx, ctx.word(1))
    return true
  },
  run(ctx, { key }) {
    removeMembers(ctx, key)
  },
})

function removeMembers(ctx: Context, key: Span): void {
  const { db, keyspace, request } = ctx
  const { sets } = keyspace
  const ref = db.writeTyped(key, Type.set)
  let removed = 0
  for (let i = FIRST_MEMBER; ref !== 0 && i < request.count; i++) {
    if (sets.remove(ref, request.word(i))) removed++
  }
  if (removed > 0) {
    db.changed(key, Event.set, 'srem')
    keyspace.dirty += removed - 1
    deleteEmpty(ctx, key, ref)
  }
  ctx.reply.int(removed)
}

/** A set without members is no key. The change itself has been told. */
export function deleteEmpty(ctx: Context, key: Span, ref: number): void {
  const { db, keyspace } = ctx
  if (keyspace.sets.size(ref) > 0) return
  db.delete(key)
  db.event(key, Event.generic, 'del')
}

export const sMove = command('SMOVE', {
  does: 'Moves a member from one set to another.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: { source: key('RW', 'access', 'delete'), destination: key('RW', 'insert'), member: bytes() },
  run(ctx, { source, destination, member }) {
    const { db, reply, keyspace } = ctx
    const from = db.write(source)
    const to = db.write(destination)
    if (from !== 0) for (const ref of [from, to]) expectSet(ctx, ref)
    const there = from !== 0 && keyspace.sets.has(from, member)
    if (there && from !== to) moveMember(ctx, source, from, destination, member)
    reply.int(there ? 1 : 0)
  },
})

function expectSet({ keyspace }: Context, ref: number): void {
  if (ref !== 0 && keyspace.entries.type(ref) !== Type.set) throw WRONG_TYPE
}

function moveMember(ctx: Context, source: Span, from: number, destination: Span, member: Span): void {
  const { db, keyspace } = ctx
  keyspace.sets.remove(from, member)
  db.changed(source, Event.set, 'srem')
  deleteEmpty(ctx, source, from)
  const found = db.find(destination)
  const to = found === 0 ? db.add(destination, Type.set, 0) : found
  if (keyspace.sets.add(to, member)) db.changed(destination, Event.set, 'sadd')
}

export const sIsMember = command('SISMEMBER', {
  does: 'Tells whether a set has a member.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO'), member: bytes() },
  hot(ctx) {
    ctx.reply.int(isMember(ctx, ctx.db.readTyped(ctx.word(1), Type.set), ctx.word(2)))
    return true
  },
  run(ctx, { key, member }) {
    ctx.reply.int(isMember(ctx, ctx.db.readTyped(key, Type.set), member))
  },
})

export const sMIsMember = command('SMISMEMBER', {
  does: 'Tells of several members whether a set has them.',
  since: '6.2.0',
  group: 'set',
  complexity: 'O(1) for each member.',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access'), members: row(bytes()) },
  run(ctx, { key, members }) {
    const ref = ctx.db.readTyped(key, Type.set)
    ctx.reply.array(members.length)
    for (const member of members) ctx.reply.int(isMember(ctx, ref, member))
  },
})

function isMember(ctx: Context, ref: number, member: Span): 0 | 1 {
  return ref !== 0 && ctx.keyspace.sets.has(ref, member) ? 1 : 0
}

export const sCard = command('SCARD', {
  does: 'Counts the members of a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO') },
  run(ctx, { key }) {
    const ref = ctx.db.readTyped(key, Type.set)
    ctx.reply.int(ref === 0 ? 0 : ctx.keyspace.sets.size(ref))
  },
})

export const sMembers = command('SMEMBERS', {
  does: 'Lists the members of a set.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N), N being the members.',
  flags: ['readonly'],
  tips: ['nondeterministic_output_order'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    replyMembers(ctx, ctx.db.readTyped(key, Type.set))
  },
})

/** Answers all members of the set at `ref`; none when it is 0. */
export function replyMembers(ctx: Context, ref: number): void {
  const { reply, keyspace } = ctx
  reply.set(ref === 0 ? 0 : keyspace.sets.size(ref))
  if (ref === 0) return
  keyspace.sets.walk(ref, member => {
    reply.bulk(member.span())
    return undefined
  })
}
