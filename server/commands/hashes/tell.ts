/**
 * Telling what became of fields: the change, how many fields it concerned, and which, where somebody asks for that.
 *
 * Names are gathered only then: most servers tell nobody, and a HSET must not pay for it.
 */

import type { Context } from '../../engine/context.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'

/** Where to gather the names of fields while they change; null when nobody wants them. */
export function fieldsToTell({ keyspace }: Context): Span[] | null {
  return keyspace.listener.wantsSubkeys(Event.hash) ? [] : null
}

/** `changes` fields of the hash changed; `fields`: which, as gathered. */
export function tell(
  ctx: Context,
  key: Span,
  event: string,
  changes: number,
  fields: readonly Span[] | null,
): void {
  const { db, keyspace } = ctx
  db.changed(key, Event.hash, event)
  keyspace.dirty += changes - 1
  if (fields !== null) keyspace.listener.subkeys(Event.hash, event, db, key, fields)
}

export function tellField(ctx: Context, key: Span, event: string, field: Span): void {
  const fields = fieldsToTell(ctx)
  fields?.push(field)
  tell(ctx, key, event, 1, fields)
}

export function tellFields(ctx: Context, key: Span, event: string, fields: readonly Span[]): void {
  const wanted = ctx.keyspace.listener.wantsSubkeys(Event.hash)
  tell(ctx, key, event, fields.length, wanted ? fields : null)
}

/** Fields were set, each of which stands before its value. */
export function tellSet(ctx: Context, key: Span, pairs: readonly Span[]): void {
  const fields = fieldsToTell(ctx)
  if (fields !== null) for (let i = 0; i < pairs.length; i += 2) fields.push(pairs[i])
  tell(ctx, key, 'hset', pairs.length / 2, fields)
}
