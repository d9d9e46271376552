/** What stood under a name has to give way to something else: RENAME, COPY, RESTORE and all that store a result. */

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
    private readonly formerAccess: number,
  ) {}

  /**
   * Deletes what `key` holds; null when it holds nothing. The change itself is told by whoever fills the place. What is
   * dead and only hidden, as on a replica, is gone as well: no two entries have one key.
   */
  static begin(ctx: Context, db: Database, key: Span): Replacement | null {
    const former = db.write(key)
    if (former === 0) return null
    const { entries } = ctx.keyspace
    const formerType = entries.type(former)
    const formerAccess = entries.access(former)
    db.delete(key, ctx.config.values.lazyfreeLazyServerDel)
    return new Replacement(db, key, formerType, formerAccess)
  }

  /** For a result that a key is given: where uses are counted (LFU), those of before count on. */
  inherit(ref: number): void {
    const { access, entries } = this.db.keyspace
    if (access.lfu) entries.setAccess(ref, this.formerAccess)
  }

  /** The place is filled again: tells the events that go with it. */
  tell(): void {
    const { db, key } = this
    tellReplaced(db, key, this.formerType, db.keyspace.entries.type(db.find(key)))
  }
}

/** Puts a result, an entry in no table yet, under its key: whatever that held is gone. */
export function storeEntry(ctx: Context, key: Span, ref: number, flag: number, event: string): void {
  const { db } = ctx
  const replacement = Replacement.begin(ctx, db, key)
  replacement?.inherit(ref)
  db.adopt(key, ref, replacement === null)
  db.changed(key, flag, event)
  replacement?.tell()
}

/** An empty result leaves nothing under the key. */
export function storeNothing(ctx: Context, key: Span): void {
  const replacement = Replacement.begin(ctx, ctx.db, key)
  if (replacement !== null) ctx.db.changed(key, Event.generic, 'del')
}

/** Something stands where something of the type `former` stood: what is told of that beside the change itself. */
export function tellReplaced(db: Database, key: Span, former: Type, type: Type): void {
  db.event(key, Event.overwritten, 'overwritten')
  if (type !== former) db.event(key, Event.typeChanged, 'type_changed')
}
