/**
 * WATCH: who must not EXEC because a key has changed.
 *
 * A session watches keys by name; the keyspace tells every change by name; the two meet in one map. A key that
 * was already due when it was watched does not break the watch when it is finally deleted; a key that becomes
 * due afterwards does, even if nobody has deleted it yet, so EXEC looks again.
 */

import type { Span } from '../lib/bytes.js'
import type { Database } from '../keyspace/database.js'
import { keyName } from './key-name.js'
import type { Session } from './session.js'

interface WatchedKey {
  readonly db: Database
  readonly key: Span
  /** It was due already when the watch began. */
  wasDue: boolean
}

export class WatchTable {
  private readonly watchers = new Map<string, Set<Session>>()
  /** What each session watches, by name: it may be a hundred thousand keys. */
  private readonly watched = new Map<Session, Map<string, WatchedKey>>()

  /** Sessions that watch something. */
  get sessions(): number {
    return this.watched.size
  }

  /** Keys that somebody watches. */
  get size(): number {
    return this.watchers.size
  }

  watch(session: Session, key: Span): void {
    const { db } = session
    const name = keyName(db, key)
    const keys = this.watched.get(session) ?? new Map<string, WatchedKey>()
    if (keys.has(name)) return
    const ref = db.find(key)
    keys.set(name, { db, key: key.clone(), wasDue: ref !== 0 && db.isDue(ref) })
    this.watched.set(session, keys)
    const watchers = this.watchers.get(name) ?? new Set()
    watchers.add(session)
    this.watchers.set(name, watchers)
    session.watching = keys.size
  }

  unwatch(session: Session): void {
    session.watchBroken = false
    const keys = this.watched.get(session)
    if (keys === undefined) return
    for (const name of keys.keys()) {
      const watchers = this.watchers.get(name)
      watchers?.delete(session)
      if (watchers?.size === 0) this.watchers.delete(name)
    }
    this.watched.delete(session)
    session.watching = 0
  }

  /** True when a key became due since it was watched. */
  hasExpired(session: Session): boolean {
    for (const { db, key, wasDue } of this.watched.get(session)?.values() ?? []) {
      const ref = wasDue ? 0 : db.find(key)
      if (ref !== 0 && db.isDue(ref)) return true
    }
    return false
  }

  /** A key changed. */
  touched(db: Database, key: Span): void {
    if (this.watchers.size === 0) return
    this.breakWatches(keyName(db, key))
  }

  /** A database is about to be emptied, or was exchanged with the `other`. */
  flushed(db: Database, other: Database | null): void {
    for (const [session, keys] of this.watched) {
      for (const watched of keys.values()) {
        if (watched.db === db && replaced(watched, other)) session.watchBroken = true
      }
    }
  }

  private breakWatches(name: string): void {
    for (const session of this.watchers.get(name) ?? []) {
      const watched = this.watched.get(session)?.get(name)
      if (watched?.wasDue === true) this.settle(session, watched)
      else session.watchBroken = true
    }
  }

  /** The deletion of a key that was due at WATCH is no change; whatever happens to it next is. */
  private settle(session: Session, watched: WatchedKey): void {
    if (watched.db.find(watched.key) !== 0) session.watchBroken = true
    watched.wasDue = false
  }
}

/** Whether the key was there or is there now; one dead key in the place of another, or of none, is no change. */
function replaced(watched: WatchedKey, other: Database | null): boolean {
  const { db, key, wasDue } = watched
  const before = (other ?? db).find(key)
  const after = other === null ? 0 : db.find(key)
  if ((before !== 0 && !wasDue) || (after !== 0 && !db.isDue(after))) return true
  watched.wasDue = after !== 0
  return false
}
