/** What stood under a name has to give way to something else: RENAME, COPY and RESTORE have that in common. */

import type { Span } from '../../lib/bytes.js'
import type { Context } from '../../engine/context.js'
import type { Database } from '../../keyspace/database.js'
import type { Type } from '../../data/entry.js'
import { Event } from '../../keyspace/events.js'

export class Replacement {
  private constructor(
    private readonly db: Database,
    private readonly key: Span,
    private readonly formerType: Type,
  ) {}

  /** Deletes what `key` holds; null when it holds nothing. The change itself is told by whoever fills the place. */
  static begin(ctx: Context, db: Database, key: Span): Replacement | null {
    const former = db.peek(key)
    if (former === 0) return null
    const formerType = ctx.keyspace.entries.type(former)
    db.delete(key, ctx.config.values.lazyfreeLazyServerDel)
    return new Replacement(db, key, formerType)
  }

  /** The place is filled again: tells the events that go with it. */
  tell(): void {
    const { db, key } = this
    db.event(key, Event.overwritten, 'overwritten')
    if (db.keyspace.entries.type(db.find(key)) !== this.formerType) {
      db.event(key, Event.typeChanged, 'type_changed')
    }
  }
}
