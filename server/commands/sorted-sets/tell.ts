import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import type { Context } from '../../engine/context.js'

/** Tells that so many members of a sorted set changed, if any did. */
export function tell({ db, keyspace }: Context, key: Span, changes: number, event: string): void {
  if (changes === 0) return
  db.changed(key, Event.zset, event)
  keyspace.dirty += changes - 1
}

/** As `tell`, for members that are gone: a sorted set without any goes with them. */
export function tellRemoved(ctx: Context, key: Span, ref: number, removed: number, event: string): void {
  if (removed > 0 && ctx.keyspace.sortedSets.size(ref) === 0) tellGone(ctx, key, removed, event)
  else tell(ctx, key, removed, event)
}

/** Tells that all members of a sorted set were removed, and deletes it. */
export function tellGone(ctx: Context, key: Span, removed: number, event: string): void {
  tell(ctx, key, removed, event)
  ctx.db.delete(key)
  ctx.db.event(key, Event.generic, 'del')
}
