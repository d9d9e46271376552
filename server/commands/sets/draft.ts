/** A set that is being made, under no key yet. */

import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { storeEntry, storeNothing } from '../generic/replacement.js'

/** Makes a set, lets `fill` work on it, and throws it away. */
export function withDraft(ctx: Context, fill: (draft: number) => void): void {
  const { keyspace } = ctx
  const draft = keyspace.createEntry(ctx.word(0), Type.set)
  fill(draft)
  keyspace.freeEntry(draft)
}

/** Makes a set, lets `fill` work on it, and puts it under `key`, whatever that held. Answers its size. */
export function storeDraft(ctx: Context, key: Span, event: string, fill: (draft: number) => void): number {
  const { keyspace } = ctx
  const draft = keyspace.createEntry(key, Type.set)
  fill(draft)
  const size = keyspace.sets.size(draft)
  if (size > 0) {
    storeEntry(ctx, key, draft, Event.set, event)
  } else {
    keyspace.freeEntry(draft)
    storeNothing(ctx, key)
  }
  return size
}
