/** Changing the times to live of fields, and telling of it: what all the commands that do so share. */

import { NO_TIME } from '../../data/hash/field-entry.js'
import type { Context } from '../../engine/context.js'
import type { Span } from '../../lib/bytes.js'
import { tellFields } from './tell.js'
import { takeOut } from './write.js'

/** Lets fields that are there die at `at` (unix ms): now, if that has passed. Nothing to tell when there are none. */
export function letDie(ctx: Context, key: Span, ref: number, fields: readonly Span[], at: number): void {
  if (fields.length === 0) return
  if (isPast(ctx, at)) removeFields(ctx, key, ref, fields)
  else setTimes(ctx, key, ref, fields, at)
}

/** A replica only hides what has passed, until its master says that it is gone. */
export function isPast(ctx: Context, at: number): boolean {
  return at <= ctx.now && ctx.keyspace.expiryMode === 'delete'
}

function setTimes(ctx: Context, key: Span, ref: number, fields: readonly Span[], at: number): void {
  const { db, keyspace } = ctx
  for (const field of fields) keyspace.hashes.setTime(ref, field, at)
  db.tables.timedHashes.add(key)
  tellFields(ctx, key, 'hexpire', fields)
  ctx.propagateList(['HPEXPIREAT', key, at, 'FIELDS', fields.length, ...fields])
}

/** Removes fields that are there. */
export function removeFields(ctx: Context, key: Span, ref: number, fields: readonly Span[]): void {
  if (fields.length === 0) return
  takeOut(ctx, key, ref, fields)
  ctx.propagateList(['HDEL', key, ...fields])
}

/** Takes the times to live from fields that have one. */
export function letLive(ctx: Context, key: Span, ref: number, fields: readonly Span[]): void {
  if (fields.length === 0) return
  for (const field of fields) ctx.keyspace.hashes.setTime(ref, field, NO_TIME)
  tellFields(ctx, key, 'hpersist', fields)
  ctx.propagateList(['HPERSIST', key, 'FIELDS', fields.length, ...fields])
}

/** Those of the fields that have a time to live. */
export function mortals({ keyspace }: Context, ref: number, fields: readonly Span[]): Span[] {
  return fields.filter(field => (keyspace.hashes.time(ref, field) ?? NO_TIME) !== NO_TIME)
}

/** Those of the fields that are there. */
export function present({ keyspace }: Context, ref: number, fields: readonly Span[]): Span[] {
  return ref === 0 ? [] : fields.filter(field => keyspace.hashes.has(ref, field))
}

/**
 * Hands on that fields got values and kept their times to live. HSET ends those, so they are said again: by then a time
 * that is past ended with the field, but whoever repeats this may not have buried it yet, and must not keep it.
 */
export function propagateKept(ctx: Context, key: Span, pairs: readonly Span[]): void {
  const { db, keyspace } = ctx
  const ref = db.find(key)
  ctx.propagateList(['HSET', key, ...pairs])
  for (let i = 0; i < pairs.length; i += 2) {
    const time = keyspace.hashes.time(ref, pairs[i])
    if (time !== null && time !== NO_TIME) ctx.propagateAs('HPEXPIREAT', key, time, 'FIELDS', 1, pairs[i])
  }
}
