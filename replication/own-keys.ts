/**
 * Keys that clients have written to a writable replica, and that have a time to live: the master knows nothing of them
 * and will never say that they died. So the replica sees to that itself, for these alone.
 *
 * A key that the master writes afterwards is the master's again.
 */

import type { ChangeObserver } from '../server/engine/changes.js'
import { keyName } from '../server/engine/key-name.js'
import type { Session } from '../server/engine/session.js'
import type { Database } from '../server/keyspace/database.js'
import type { Span } from '../server/lib/bytes.js'

/** Keys looked at in one tick. */
const KEYS_PER_TICK = 200

interface OwnKey {
  readonly db: Database
  readonly key: Span
}

export class OwnKeys implements ChangeObserver {
  /** By database and key; who was looked at longest ago comes first. */
  private readonly keys = new Map<string, OwnKey>()

  get count(): number {
    return this.keys.size
  }

  changed(db: Database, key: Span, author: Session | null): void {
    const name = keyName(db, key)
    const own = author !== null && !author.trusted && mayDie(db, key)
    if (!own) this.keys.delete(name)
    else if (!this.keys.has(name)) this.keys.set(name, { db, key: key.clone() })
  }

  allChanged(): void {
    for (const [name, { db, key }] of this.keys) if (!mayDie(db, key)) this.keys.delete(name)
  }

  sessionClosed(): void {
    // What it wrote stays.
  }

  clear(): void {
    this.keys.clear()
  }

  /** Lets those die whose time has come, and forgets those that have no time any more. */
  tick(): void {
    let left = Math.min(KEYS_PER_TICK, this.keys.size)
    for (const [name, own] of this.keys) {
      if (left-- === 0) return
      const { db, key } = own
      this.keys.delete(name)
      const ref = db.find(key)
      if (ref === 0 || !mayDie(db, key)) continue
      if (db.isDue(ref)) db.expire(key)
      else this.keys.set(name, own)
    }
  }
}

function mayDie(db: Database, key: Span): boolean {
  const ref = db.find(key)
  return ref !== 0 && db.keyspace.entries.expires(ref)
}
