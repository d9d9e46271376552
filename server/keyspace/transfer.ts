/** Entries that go elsewhere: under another name, or into another database. */

import type { Span } from '../lib/bytes.js'
import type { Database } from './database.js'

/**
 * Moves the value of `key` under `newKey` of `target`, where nothing is; its time to live and age go with it.
 * The value itself does not move.
 */
export function moveEntry(from: Database, key: Span, target: Database, newKey: Span): void {
  const { keyspace } = from
  const ref = from.detach(key)
  const made = keyspace.transplant(ref, newKey, from.expireAt(ref))
  keyspace.entries.setAccess(made, keyspace.entries.access(ref))
  keyspace.freeHusk(ref)
  target.adopt(newKey, made)
}

/** Puts a copy of an entry's value, with its time to live, under `newKey` of `target`, where nothing is. */
export function copyEntry(from: Database, ref: number, target: Database, newKey: Span): void {
  const { keyspace } = from
  const { entries, kinds } = keyspace
  const type = entries.type(ref)
  const expireAt = from.expireAt(ref)
  const made = kinds[type].copy(ref, inline => keyspace.createEntry(newKey, type, inline, expireAt))
  target.adopt(newKey, made)
}
