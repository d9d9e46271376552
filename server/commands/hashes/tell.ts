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

/** The fields of `words`, each before its value, from `first` up to `end`, were set. */
export function tellSet(ctx: Context, key: Span, words: readonly Span[], first: number, end: number): void {
  const fields = fieldsToTell(ctx)
  if (fields !== null) for (let i = first; i < end; i += 2) fields.push(words[i])
  tell(ctx, key, 'hset', (end - first) / 2, fields)
}
