/**
 * One database: keys, their values, their times to live.
 *
 * Commands come here for three things. *Looking*: `read` (counts hits and misses, marks the key used), `write`
 * (marks only) and `peek` (neither); all three let a key whose time has come die first. *Changing*: the mutators
 * below, which keep both tables and the memory right. *Telling*: `changed(key, flag, event)`, once per change, from
 * which dirty count, WATCH, notifications and client-side caching all follow; no command tells them apart.
 *
 * A reference is good until the next mutation of the same key.
 */

import { Span } from '../lib/bytes.js'
import { WRONG_TYPE } from '../resp/errors.js'
import { NEVER, NOTHING, Type } from '../data/entry.js'
import { Event } from './events.js'
import type { Keyspace } from './keyspace.js'
import type { Tables } from './tables.js'

export class Database {
  tables: Tables
  private readonly lost = Span.of('')

  constructor(
    readonly keyspace: Keyspace,
    readonly index: number,
  ) {
    this.tables = keyspace.newTables()
  }

  /** Keys, those included whose time has come but that nobody met yet. */
  get size(): number {
    return this.tables.keys.count
  }

  /** Keys with a time to live. */
  get volatile(): number {
    return this.tables.volatile.count
  }

  // Looking -------------------------------------------------------------------------------------------------

  /** The entry of a living key, or 0; counts a hit or a miss and marks the key used. */
  read(key: Span): number {
    const { keyspace } = this
    const ref = this.inspect(key)
    if (ref !== 0 && keyspace.touches && !keyspace.access.modifiedOnly) this.touch(ref)
    return ref
  }

  /** As `read`, but the key does not count as used: TTL, TYPE and EXISTS only ask about it. */
  inspect(key: Span): number {
    const { keyspace } = this
    const ref = this.peek(key)
    this.countLook(ref !== 0)
    if (ref === 0) keyspace.listener.event(Event.keyMiss, 'keymiss', this, key)
    return ref
  }

  /** Counts a hit or a miss, untold: for those who look in another way than by `read` and `inspect`. */
  countLook(found: boolean): void {
    const { stats } = this.keyspace
    if (found) stats.hits++
    else stats.misses++
  }

  /** The entry of a living key, or 0, about to be changed. */
  write(key: Span): number {
    return this.writeHashed(key, this.tables.hash(key))
  }

  /** The entry of a living key, or 0; leaves no trace. */
  peek(key: Span): number {
    const ref = this.find(key)
    if (ref !== 0 && this.keyspace.entries.expires(ref) && this.isDue(ref)) return this.meetDue(key)
    return ref
  }

  /** The entry of a key, dead or alive. */
  find(key: Span): number {
    return this.tables.find(key, this.tables.hash(key))
  }

  /** Points `span` at the string that `key` holds; null when there is none. Throws WRONG_TYPE. */
  readString(key: Span, span: Span): Span | null {
    const ref = this.read(key)
    return ref === 0 ? null : this.keyspace.strings.view(this.expect(ref, Type.string), span)
  }

  /** The entry of a key that must hold `type`, or 0. Throws WRONG_TYPE. */
  readTyped(key: Span, type: Type): number {
    const ref = this.read(key)
    return ref === 0 ? 0 : this.expect(ref, type)
  }

  /** As `readTyped`, for a change. */
  writeTyped(key: Span, type: Type): number {
    const ref = this.write(key)
    return ref === 0 ? 0 : this.expect(ref, type)
  }

  /** As `writeTyped`; a key that is not there gets an empty value, with room for `inline` bytes of it in its entry. */
  writeOrAdd(key: Span, type: Type, inline = 0): number {
    const hash = this.tables.hash(key)
    const ref = this.writeHashed(key, hash)
    return ref === 0 ? this.create(key, hash, type, inline, NEVER) : this.expect(ref, type)
  }

  /** True when the entry's time has come. */
  isDue(ref: number): boolean {
    const at = this.keyspace.entries.expireAt(ref)
    return at !== NEVER && at <= this.keyspace.now && this.keyspace.expiryMode !== 'ignore'
  }

  /** Unix ms when the entry dies, or NEVER; a bigint where a number would lose digits. */
  expireAt(ref: number): number | bigint {
    const { entries } = this.keyspace
    const at = entries.expireAt(ref)
    return Number.isSafeInteger(at) ? at : entries.expireAtExactly(ref)
  }

  /** Marks the key used. */
  touch(ref: number): void {
    const { entries, access } = this.keyspace
    entries.setAccess(ref, access.used(entries.access(ref)))
  }

  // Telling -------------------------------------------------------------------------------------------------

  /** The one place that says a key changed. */
  changed(key: Span, flag: number, event: string): void {
    this.keyspace.dirty++
    this.changedToo(key, flag, event)
  }

  /** Another key that a change concerned which is counted with this one's (RENAME). */
  changedToo(key: Span, flag: number, event: string): void {
    this.keyspace.listener.changed(this, key, false)
    this.keyspace.listener.event(flag, event, this, key)
  }

  /** A change of which no event tells. */
  touched(key: Span): void {
    this.keyspace.dirty++
    this.keyspace.listener.changed(this, key, false)
  }

  /** A further event of a change already told. */
  event(key: Span, flag: number, event: string): void {
    this.keyspace.listener.event(flag, event, this, key)
  }

  // Changing ------------------------------------------------------------------------------------------------

  /**
   * Makes `key` hold the string `value`, whatever it held; what is due dies first. `expireAt`: unix ms or NEVER. Answers
   * the type of what it held, or NOTHING.
   */
  setString(key: Span, value: Span, expireAt: number | bigint): Type | typeof NOTHING {
    const { entries, strings } = this.keyspace
    const hash = this.tables.hash(key)
    const inline = strings.plan(value)
    let found = this.tables.find(key, hash)
    if (found !== 0 && entries.expires(found) && this.isDue(found)) {
      this.expire(key)
      found = 0
    }
    if (found !== 0) this.beforeChange(found)
    const former = found === 0 ? NOTHING : entries.type(found)
    if (found !== 0 && expireAt === NEVER && strings.overwrite(found, value, inline)) {
      entries.setAccess(found, this.keyspace.access.used(entries.access(found)))
      return former
    }
    const ref =
      found === 0
        ? this.create(key, hash, Type.string, inline, expireAt)
        : this.vacate(found, hash, inline, expireAt)
    strings.write(ref, value)
    if (found !== 0) entries.setAccess(ref, this.keyspace.access.used(entries.access(ref)))
    return former
  }

  /** Makes the string (or nothing) at `ref` hold an integer; keeps its time to live. */
  setInteger(key: Span, ref: number, value: number | bigint): void {
    const { strings } = this.keyspace
    if (ref !== 0) this.beforeChange(ref)
    if (ref !== 0 && strings.replaceSmall(ref, value)) return
    strings.writeInteger(this.makeRoom(key, ref, strings.planInteger(value)), value)
  }

  /** Makes the string (or nothing) that `writeTyped` found hold `value` as text, an integer or not; keeps its time. */
  setText(key: Span, ref: number, value: Span): void {
    const { strings } = this.keyspace
    strings.writeText(this.makeRoom(key, ref, strings.planText(value)), value)
  }

  /**
   * The string at `ref` (0: a new one) as `length` editable bytes: old bytes stay, new ones are zero. Keeps the time
   * to live. The span is good until the next mutation.
   */
  editString(key: Span, ref: number, length: number, span: Span): Span {
    const { strings } = this.keyspace
    if (ref === 0) {
      const made = this.create(key, this.tables.hash(key), Type.string, 0, NEVER)
      strings.writeZeros(made, length)
      return strings.view(made, span)
    }
    this.beforeChange(ref)
    const inline = strings.inlineBytes(ref)
    strings.edit(ref, length, span)
    if (inline === 0) return span
    const moved = this.tables.reshape(this.tables.hash(key), ref, inline, 0, this.expireAt(ref))
    return strings.view(moved, span)
  }

  /** Gives the key a time to live (unix ms), or takes it away (NEVER). Answers the entry, which may have moved. */
  setExpiry(key: Span, ref: number, expireAt: number | bigint): number {
    const { entries } = this.keyspace
    this.beforeChange(ref)
    const had = entries.expires(ref)
    if (had && expireAt !== NEVER) {
      entries.setExpireAt(ref, expireAt)
      return ref
    }
    if (!had && expireAt === NEVER) return ref
    const inline = this.keyspace.kinds[entries.type(ref)].inlineBytes(ref)
    return this.tables.reshape(this.tables.hash(key), ref, inline, inline, expireAt)
  }

  /** Takes the key out and frees it. `lazily`: a big value is freed in slices. True when it was there. */
  delete(key: Span, lazily = false): boolean {
    const ref = this.detach(key)
    if (ref !== 0) this.keyspace.graveyard.dispose(ref, lazily)
    return ref !== 0
  }

  /** A new, empty entry for a key that is not there, with room for `inline` bytes of value. */
  add(key: Span, type: Type, inline: number, expireAt: number | bigint = NEVER): number {
    return this.create(key, this.tables.hash(key), type, inline, expireAt)
  }

  /** Takes in an entry made outside, under its own key, which is not there. `isNew`: it was not there before either. */
  adopt(key: Span, ref: number, isNew = true): void {
    const { entries, listener } = this.keyspace
    this.link(key, this.tables.hash(key), ref)
    if (isNew) listener.event(Event.newKey, 'new', this, key)
    if (entries.type(ref) !== Type.string) listener.ready(this, key)
  }

  /** Takes in an entry read from a file, untold. False when the key is there: the entry is still the caller's. */
  load(key: Span, ref: number): boolean {
    const hash = this.tables.hash(key)
    if (this.tables.find(key, hash) !== 0) return false
    this.link(key, hash, ref)
    return true
  }

  /** Takes the key's entry, or 0, out of the tables, unharmed: it is the caller's now. */
  detach(key: Span): number {
    const { tables } = this
    const hash = tables.hash(key)
    const ref = tables.find(key, hash)
    if (ref === 0) return 0
    this.beforeChange(ref)
    this.tellLost(ref)
    tables.remove(hash, ref)
    return ref
  }

  /** For `Keyspace.flush`: empties the database and answers how many keys there were. */
  flush(lazily: boolean): number {
    const { keyspace, size } = this
    if (size > 0) keyspace.listener.flushed(this, null)
    const { keys, volatile, timedHashes } = this.tables
    timedHashes.clear()
    this.tables = keyspace.newTables()
    if (keyspace.snapshot?.adopt(keys, volatile) !== true) {
      keyspace.graveyard.buryDatabase(keys, volatile, lazily)
    }
    return size
  }

  /** Exchanges all keys with another database. */
  exchange(other: Database): void {
    const { tables } = this
    this.tables = other.tables
    other.tables = tables
  }

  /** Lets a key whose time has come die: freed, told, journaled. */
  expire(key: Span): void {
    this.remove(key, Event.expired, 'expired', this.keyspace.lazily.expire)
    this.keyspace.stats.expired++
  }

  /** As `expire`, for an entry met on a walk. */
  expireEntry(ref: number): void {
    this.expire(this.keyspace.copyKey(ref))
  }

  /** Takes a key out to make room. */
  evict(key: Span): void {
    this.remove(key, Event.evicted, 'evicted', this.keyspace.lazily.evict)
    this.keyspace.stats.evicted++
  }

  /** Every block of the database, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const { keys, volatile, timedHashes } = this.tables
    yield* this.keyspace.tableBlocks(keys, volatile)
    yield* timedHashes.blocks()
  }

  /** Every change of an entry, and its end, begins here: a snapshot under way wants its old form. */
  beforeChange(ref: number): void {
    const { snapshot } = this.keyspace
    if (snapshot !== null) snapshot.beforeChange(this.tables.keys, ref)
  }

  // Inside --------------------------------------------------------------------------------------------------

  private writeHashed(key: Span, hash: number): number {
    const ref = this.tables.find(key, hash)
    if (ref === 0) return 0
    if (this.keyspace.entries.expires(ref) && this.isDue(ref)) {
      // Also where reads only hide it (a writable replica, a pause): there must be room for the new one.
      this.expire(key)
      return 0
    }
    this.beforeChange(ref)
    if (this.keyspace.touches) this.touch(ref)
    return ref
  }

  private expect(ref: number, type: Type): number {
    if (this.keyspace.entries.type(ref) !== type) throw WRONG_TYPE
    return ref
  }

  /** A due key is met: on a master it dies, on a replica it only looks dead. */
  private meetDue(key: Span): number {
    if (this.keyspace.paused || this.keyspace.expiryMode === 'hide') return 0
    this.expire(key)
    return 0
  }

  private remove(key: Span, flag: number, event: string, lazily: boolean): void {
    const { listener } = this.keyspace
    listener.removed(flag, this, key)
    this.delete(key, lazily)
    listener.changed(this, key, true)
    listener.event(flag, event, this, key)
  }

  private create(key: Span, hash: number, type: Type, inline: number, expireAt: number | bigint): number {
    const { keyspace } = this
    const { listener } = keyspace
    const ref = keyspace.createEntry(key, type, inline, expireAt)
    this.tables.insert(hash, ref)
    listener.event(Event.newKey, 'new', this, key)
    if (type !== Type.string) listener.ready(this, key)
    return ref
  }

  /** For another string where `ref` (0: nothing) holds one. */
  private makeRoom(key: Span, ref: number, inline: number): number {
    if (ref === 0) return this.create(key, this.tables.hash(key), Type.string, inline, NEVER)
    return this.vacate(ref, this.tables.hash(key), inline, this.expireAt(ref))
  }

  /** Frees the value of an entry and reshapes it for a new one. */
  private vacate(ref: number, hash: number, inline: number, expireAt: number | bigint): number {
    const { entries, kinds, graveyard, lazily, snapshot } = this.keyspace
    const kind = kinds[entries.type(ref)]
    const hadInline = kind.inlineBytes(ref)
    this.tellLost(ref)
    if (graveyard.isBig(ref, lazily.overwrite) || snapshot?.needs(ref) === true) this.buryValue(ref)
    else kind.free(ref)
    return this.tables.reshape(hash, ref, hadInline, inline, expireAt)
  }

  /** Those who wait in a group of a stream want to know that it is gone. */
  private tellLost(ref: number): void {
    const { entries, listener } = this.keyspace
    if (entries.type(ref) === Type.stream) listener.ready(this, entries.key(ref, this.lost))
  }

  private link(key: Span, hash: number, ref: number): void {
    const { entries, hashes } = this.keyspace
    this.tables.insert(hash, ref)
    if (entries.type(ref) === Type.hash && hashes.isTimed(ref)) this.tables.timedHashes.add(key)
  }

  /** Takes the value out of an entry that stays, to be freed in slices under no name. */
  private buryValue(ref: number): void {
    const { keyspace } = this
    keyspace.graveyard.buryEntry(keyspace.transplant(ref, NAMELESS, NEVER))
  }
}

const NAMELESS = Span.of('')
