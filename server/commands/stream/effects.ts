/**
 * What others are told of deliveries: in commands that can be repeated, and that every replica since 5.0 understands.
 *
 * Redis leaves replicas without the group's count of entries read, and without deliveries counted up by reading
 * history; we tell both, as XGROUP SETID and XCLAIM.
 */

import type { Group } from '../../data/stream/groups.js'
import type { StreamId } from '../../data/stream/stream-id.js'
import type { Context } from '../../engine/context.js'
import type { Span } from '../../lib/bytes.js'

/** Who the entry at the place of `group.pending` is with. Nobody listens: nothing is put into words. */
export function propagateClaim(ctx: Context, key: Span, group: Group, id: StreamId): void {
  if (!ctx.engine.journal.active) return ctx.propagateNothing()
  const owner = group.pendingOwner
  const text = ctx.keyspace.streams.writer.text(id)
  const last = group.lastId.equals(id) ? text : group.lastId.toString()
  const { deliveredMs, deliveries } = group
  if (owner === null) {
    ctx.propagateAs('XNACK', key, group.name, 'SILENT', 'IDS', 1, text, 'RETRYCOUNT', deliveries, 'FORCE')
  } else {
    const words = [0, text, 'TIME', deliveredMs, 'RETRYCOUNT', deliveries, 'FORCE', 'JUSTID', 'LASTID', last]
    ctx.propagateAs('XCLAIM', key, group.name, owner.name, ...words)
  }
}

export function propagateGroup(ctx: Context, key: Span, group: Group): void {
  if (!ctx.engine.journal.active) return ctx.propagateNothing()
  const read = group.entriesRead
  const last = ctx.keyspace.streams.writer.text(group.lastId)
  ctx.propagateAs('XGROUP', 'SETID', key, group.name, last, 'ENTRIESREAD', read)
}

export function propagateConsumer(ctx: Context, key: Span, group: Group, name: Span): void {
  ctx.propagateAs('XGROUP', 'CREATECONSUMER', key, group.name, name)
}
