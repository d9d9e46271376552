import type { Context } from '../../engine/context.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'

/** Tells that a stream's groups or counters changed and its entries did not: neither a watch nor a cache is broken. */
export function tellAround({ db, keyspace }: Context, key: Span, event: string): void {
  keyspace.dirty++
  db.event(key, Event.stream, event)
}
