/**
 * The death of hash fields that nobody asks for.
 *
 * As with keys (see expiry.ts), a field whose time has come is dead for everybody at once, and its memory is found by
 * looking, not by timers. Each tick looks at some hashes with such fields; each hash knows a time before which none
 * of its fields dies, and one that is due is swept a few buckets at a time. While what is found is due, the looking
 * goes on, for up to a quarter of the processor.
 *
 * Every death is told to the journal as HDEL before it happens, and as the event `hexpired`; the hash that loses its
 * last field dies with it.
 *
 * What it does not promise: that a field's memory is free on time.
 */

import type { Span } from '../lib/bytes.js'
import type { Clock } from '../lib/clock.js'
import { Type } from '../data/entry.js'
import type { Database } from './database.js'
import { Event } from './events.js'
import type { Keyspace } from './keyspace.js'

/** Share of the processor's time. */
const SHARE = 0.25
/** Groups of names looked at in a tick even if none is due, and between two looks at the clock. */
const GROUPS_IN_ROUND = 16
/** Buckets of a hash swept in one go. */
const BUCKETS_PER_SWEEP = 64

export class FieldExpiry {
  private nextDatabase = 0

  constructor(private readonly keyspace: Keyspace) {}

  /** The looking of a tick; ticks are `periodUs` apart. */
  run(clock: Clock, periodUs: number): void {
    const { databases } = this.keyspace
    const deadlineUs = clock.monotonicUs() + periodUs * SHARE
    for (let i = 0; i < databases.length; i++) {
      const db = databases[this.nextDatabase % databases.length]
      while (this.round(db)) if (clock.monotonicUs() >= deadlineUs) return
      this.nextDatabase++
    }
  }

  /** True when something was due: there may be more. */
  private round(db: Database): boolean {
    const { timedHashes } = db.tables
    let swept = 0
    for (let left = GROUPS_IN_ROUND; left > 0 && timedHashes.count > 0; left--) {
      timedHashes.visitNext(key => {
        const ref = this.timedHash(db, key)
        if (ref !== 0) swept += this.sweep(db, key, ref)
        return ref !== 0
      })
    }
    return swept > 0
  }

  /** The hash of this name, if it still has fields with times. */
  private timedHash(db: Database, key: Span): number {
    const { entries, hashes } = this.keyspace
    const ref = db.find(key)
    return ref !== 0 && entries.type(ref) === Type.hash && hashes.isTimed(ref) ? ref : 0
  }

  /** Removes some dead fields; answers how many. */
  private sweep(db: Database, key: Span, ref: number): number {
    const { hashes, listener, now, stats } = this.keyspace
    if (hashes.earliest(ref) > now || db.isDue(ref)) return 0
    db.beforeChange(ref)
    const names: Span[] | null = listener.wantsSubkeys(Event.hash) ? [] : null
    const dead = hashes.sweep(ref, BUCKETS_PER_SWEEP, field => {
      listener.fieldRemoved(db, key, field)
      names?.push(field.clone())
    })
    if (dead === 0) return 0
    stats.expiredFields += dead
    db.changed(key, Event.hash, 'hexpired')
    if (names !== null) listener.subkeys(Event.hash, 'hexpired', db, key, names)
    if (hashes.isEmpty(ref)) {
      db.delete(key)
      db.event(key, Event.generic, 'del')
    }
    return dead
  }
}
