/** Fields put in and taken out. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, group, key, repeated, row } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { fieldsToTell, tell, tellField } from './tell.js'

/** The first word behind the key. */
const FIRST_FIELD = 2

const pairs = repeated(group({ field: bytes(), value: bytes() }))

export const hSet = command('HSET', {
  does: 'Gives fields of a hash their values.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1) for each field.',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'update'), pairs },
  hot(ctx) {
    if ((ctx.count & 1) !== 0) return false
    ctx.reply.int(setFields(ctx, ctx.word(1)))
    return true
  },
  run(ctx, { key }) {
    ctx.reply.int(setFields(ctx, key))
  },
})

export const hMSet = command('HMSET', {
  does: 'Gives fields of a hash their values.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1) for each field.',
  deprecated: { since: '4.0.0', by: '`HSET` with multiple field-value pairs' },
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'update'), pairs },
  run(ctx, { key }) {
    setFields(ctx, key)
    ctx.reply.ok()
  },
})

/** Sets the pairs of the request; answers how many fields are new. */
function setFields(ctx: Context, key: Span): number {
  const { db, keyspace, request } = ctx
  const ref = db.writeOrAdd(key, Type.hash)
  const { count } = request
  const told = fieldsToTell(ctx)
  let created = 0
  for (let i = FIRST_FIELD; i < count; i += 2) {
    const field = request.word(i)
    if (keyspace.hashes.set(ref, field, request.word(i + 1))) created++
    told?.push(field)
  }
  tell(ctx, key, 'hset', (count - FIRST_FIELD) / 2, told)
  return created
}

export const hSetNx = command('HSETNX', {
  does: 'Gives a field of a hash its value, unless it has one.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'insert'), field: bytes(), value: bytes() },
  run(ctx, { key, field, value }) {
    const { db, keyspace } = ctx
    const found = db.writeTyped(key, Type.hash)
    const free = found === 0 || !keyspace.hashes.has(found, field)
    // Whoever repeats this may still hold what is dead here.
    if (free && found !== 0 && keyspace.hashes.isTimed(found)) ctx.propagateAs('HSET', key, field, value)
    if (free) {
      keyspace.hashes.set(found === 0 ? db.add(key, Type.hash, 0) : found, field, value)
      tellField(ctx, key, 'hset', field)
    }
    ctx.reply.int(free ? 1 : 0)
  },
})

export const hDel = command('HDEL', {
  does: 'Removes fields from a hash.',
  since: '2.0.0',
  group: 'hash',
  complexity: 'O(1) for each field.',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'delete'), fields: row(bytes()) },
  run(ctx, { key, fields }) {
    const ref = ctx.db.writeTyped(key, Type.hash)
    ctx.reply.int(ref === 0 ? 0 : takeOut(ctx, key, ref, fields))
  },
})

/** Takes fields out of a hash, and tells of it; a hash of which nothing is left goes. Answers how many were there. */
export function takeOut(ctx: Context, key: Span, ref: number, fields: Iterable<Span>): number {
  const { db, keyspace } = ctx
  const told = fieldsToTell(ctx)
  let removed = 0
  for (const field of fields) {
    if (!keyspace.hashes.remove(ref, field)) continue
    removed++
    told?.push(field)
  }
  if (removed === 0) return 0
  tell(ctx, key, 'hdel', removed, told)
  if (!keyspace.hashes.isEmpty(ref)) return removed
  db.delete(key)
  db.event(key, Event.generic, 'del')
  return removed
}
