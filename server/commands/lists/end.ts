/** The two ends of a list: what every command that pushes or pops does there, and tells. */

import { Type } from '../../data/entry.js'
import { LIST_ROOM } from '../../data/list/lists.js'
import type { Context } from '../../engine/context.js'
import { type Argument, oneOf } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { SYNTAX } from '../../resp/errors.js'

export type End = 'LEFT' | 'RIGHT'

/** As `end()` reads it, for hot paths. */
export function readEnd(word: Span): End {
  if (word.is('left')) return 'LEFT'
  if (word.is('right')) return 'RIGHT'
  throw SYNTAX
}

export const end = (): Argument<End> => oneOf(['LEFT', 'RIGHT'])

/** The entry of a list that is about to get elements: made when there is none. Throws WRONG_TYPE. */
export function listToFill(ctx: Context, key: Span): number {
  const { lists } = ctx.keyspace
  const ref = ctx.db.writeOrAdd(key, Type.list, LIST_ROOM)
  // Only a list that was just made is empty.
  return lists.length(ref) === 0 ? lists.init(ref) : ref
}

/** Tells that `count` elements were pushed. Whoever waits for several may have enough now. */
export function pushed(ctx: Context, key: Span, at: End, count: number): void {
  ctx.db.changed(key, Event.list, at === 'LEFT' ? 'lpush' : 'rpush')
  ctx.keyspace.dirty += count - 1
  ctx.engine.waiting.signal(ctx.db, key)
}

/** Tells that `count` elements were popped; an empty list goes. `ref`: its entry. */
export function popped(ctx: Context, key: Span, ref: number, at: End, count: number): void {
  ctx.db.changed(key, Event.list, at === 'LEFT' ? 'lpop' : 'rpop')
  ctx.keyspace.dirty += count - 1
  removeEmpty(ctx, key, ref)
}

/** Nothing holds an empty list. */
export function removeEmpty({ db, keyspace }: Context, key: Span, ref: number): void {
  if (keyspace.lists.length(ref) > 0) return
  db.delete(key)
  db.event(key, Event.generic, 'del')
}

/** Answers the last element of an end, or null, and takes it away. */
export function popOne(ctx: Context, key: Span, ref: number, at: End): void {
  const { lists } = ctx.keyspace
  const fromHead = at === 'LEFT'
  ctx.reply.bulk(lists.end(ref, fromHead))
  lists.drop(ref, 1, fromHead)
  popped(ctx, key, ref, at, 1)
}

/** Answers up to `count` elements of an end as an array, and takes them away. Answers how many those were. */
export function popMany(ctx: Context, key: Span, ref: number, at: End, count: number): number {
  const { reply } = ctx
  const { lists } = ctx.keyspace
  const taken = Math.min(count, lists.length(ref))
  reply.array(taken)
  if (taken === 0) return 0
  lists.writeRange(ref, at === 'LEFT' ? 0 : lists.length(ref) - 1, taken, at === 'RIGHT', reply)
  lists.drop(ref, taken, at === 'LEFT')
  popped(ctx, key, ref, at, taken)
  return taken
}
