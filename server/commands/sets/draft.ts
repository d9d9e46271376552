/** A set that is being made, under no key yet. */

import { NEVER, Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { Replacement } from '../generic/replacement.js'

/** Makes a set, lets `fill` work on it, and throws it away. */
export function withDraft(ctx: Context, fill: (draft: number) => void): void {
  const { keyspace } = ctx
  const draft = keyspace.entries.create(ctx.word(0), Type.set, 0, NEVER)
  fill(draft)
  keyspace.freeEntry(draft)
}

/** Makes a set, lets `fill` work on it, and puts it under `key`, whatever that held. Answers its size. */
export function storeDraft(ctx: Context, key: Span, event: string, fill: (draft: number) => void): number {
  const { keyspace } = ctx
  const draft = keyspace.entries.create(key, Type.set, 0, NEVER)
  keyspace.entries.setAccess(draft, keyspace.access.initial())
  fill(draft)
  const size = keyspace.sets.size(draft)
  if (size === 0) {
    keyspace.freeEntry(draft)
    remove(ctx, key)
  } else {
    replace(ctx, key, draft, event)
  }
  return size
}

function replace(ctx: Context, key: Span, draft: number, event: string): void {
  const { db } = ctx
  const replacement = Replacement.begin(ctx, db, key)
  db.adopt(key, draft, replacement === null)
  db.changed(key, Event.set, event)
  replacement?.tell()
}

/** An empty result leaves nothing under the key. */
function remove(ctx: Context, key: Span): void {
  const { db } = ctx
  if (db.peek(key) === 0) return
  db.delete(key, ctx.config.values.lazyfreeLazyServerDel)
  db.changed(key, Event.generic, 'del')
}
