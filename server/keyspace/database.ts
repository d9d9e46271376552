/**
 * One database: keys, their values, their times to live.
 *
 * Commands come here for three things. *Looking*: `read` (counts hits and misses, marks the key used), `write`
 * (marks only) and `peek` (neither); all three let a key whose time has come die first. *Changing*: the mutators
 * below, which keep both tables and the memory right. *Telling*: `changed(key, flag, event)`, once per change, from
 * which dirty count, WATCH, notifications and client-side caching all follow; no command tells them apart.
 *
 * `expires` names the same entries as `dict` does, only those with a time to live: what the expiry cycle and
 * the volatile-* policies sample. An entry that moves is renamed in both.
 *
 * A reference is good until the next mutation of the same key.
 */

import { Span } from '../lib/bytes.js'
import { WRONG_TYPE } from '../resp/errors.js'
import { NEVER, NOTHING, Type } from '../data/entry.js'
import type { Dict } from '../memory/dict.js'
import { Event } from './events.js'
import type { Keyspace } from './keyspace.js'
import type { TimedHashes } from './timed-hashes.js'

export class Database {
  private dict: Dict
  private expires: Dict
  /** Hashes some of whose fields have times to live. */
  timedHashes: TimedHashes
  /** Mean time to live in ms, estimated by the expiry cycle. */
  averageTtl = 0
  /** Where the expiry cycle goes on in `expires`. */
  expiryCursor = 0
  private readonly lost = Span.of('')

  constructor(
    readonly keyspace: Keyspace,
    readonly index: number,
  ) {
    this.dict = keyspace.newDict()
    this.expires = keyspace.newDict()
    this.timedHashes = keyspace.newTimedHashes()
  }

  /** Keys, those included whose time has come but that nobody met yet. */
  get size(): number {
    return this.dict.count
  }

  /** Keys with a time to live. */
  get volatile(): number {
    return this.expires.count
  }

  /** The main table and the table of volatile keys, for scans, sampling and rehashing. */
  get tables(): { readonly keys: Dict; readonly volatile: Dict } {
    return { keys: this.dict, volatile: this.expires }
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
    if (ref === 0) {
      keyspace.stats.misses++
      keyspace.listener.event(Event.keyMiss, 'keymiss', this, key)
      return 0
    }
    keyspace.stats.hits++
    return ref
  }

  /** The entry of a living key, or 0, about to be changed. */
  write(key: Span): number {
    return this.writeHashed(key, this.hash(key))
  }

  /** The entry of a living key, or 0; leaves no trace. */
  peek(key: Span): number {
    const ref = this.dict.find(key, this.hash(key))
    if (ref !== 0 && this.keyspace.entries.expires(ref) && this.isDue(ref)) return this.meetDue(key)
    return ref
  }

  /** The entry of a key, dead or alive. */
  find(key: Span): number {
    return this.dict.find(key, this.hash(key))
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
    const hash = this.hash(key)
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
    const hash = this.hash(key)
    const inline = strings.plan(value)
    let found = this.dict.find(key, hash)
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
    const { entries, strings } = this.keyspace
    if (ref === 0) {
      const made = this.create(key, this.hash(key), Type.string, 0, NEVER)
      strings.writeZeros(made, length)
      return strings.view(made, span)
    }
    this.beforeChange(ref)
    const inline = strings.inlineBytes(ref)
    strings.edit(ref, length, span)
    if (inline === 0) return span
    const moved = entries.reshape(ref, inline, 0, this.expireAt(ref))
    this.renamed(this.hash(key), ref, moved)
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
    const hash = this.hash(key)
    const inline = this.keyspace.kinds[entries.type(ref)].inlineBytes(ref)
    if (had) this.expires.remove(hash, ref)
    const moved = entries.reshape(ref, inline, inline, expireAt)
    if (moved !== ref) this.dict.replace(hash, ref, moved)
    if (!had) this.expires.insert(hash, moved)
    return moved
  }

  /** Takes the key out and frees it. `lazily`: a big value is freed in slices. True when it was there. */
  delete(key: Span, lazily = false): boolean {
    const ref = this.detach(key)
    if (ref !== 0) this.keyspace.graveyard.dispose(ref, lazily)
    return ref !== 0
  }

  /** A new, empty entry for a key that is not there, with room for `inline` bytes of value. */
  add(key: Span, type: Type, inline: number, expireAt: number | bigint = NEVER): number {
    return this.create(key, this.hash(key), type, inline, expireAt)
  }

  /** Takes in an entry made outside, under its own key, which is not there. */
  adopt(key: Span, ref: number): void {
    const { entries, listener } = this.keyspace
    this.link(key, this.hash(key), ref)
    listener.event(Event.newKey, 'new', this, key)
    if (entries.type(ref) !== Type.string) listener.ready(this, key)
  }

  /** Takes in an entry read from a file, untold. False when the key is there: the entry is still the caller's. */
  load(key: Span, ref: number): boolean {
    const hash = this.hash(key)
    if (this.dict.find(key, hash) !== 0) return false
    this.link(key, hash, ref)
    return true
  }

  /** Takes the key's entry, or 0, out of the tables, unharmed: it is the caller's now. */
  detach(key: Span): number {
    const hash = this.hash(key)
    const ref = this.dict.find(key, hash)
    if (ref !== 0) this.unlink(hash, ref)
    return ref
  }

  /** For `Keyspace.flush`: empties the database and answers how many keys there were. */
  flush(lazily: boolean): number {
    const { keyspace, size, dict, expires } = this
    if (size > 0) keyspace.listener.flushed(this, null)
    this.dict = keyspace.newDict()
    this.expires = keyspace.newDict()
    this.timedHashes.clear()
    this.averageTtl = 0
    this.expiryCursor = 0
    if (keyspace.snapshot?.adopt(dict, expires) !== true) {
      keyspace.graveyard.buryDatabase(dict, expires, lazily)
    }
    return size
  }

  /** Exchanges all keys with another database. */
  exchange(other: Database): void {
    const { dict, expires, timedHashes, averageTtl, expiryCursor } = this
    this.dict = other.dict
    this.expires = other.expires
    this.timedHashes = other.timedHashes
    this.averageTtl = other.averageTtl
    this.expiryCursor = other.expiryCursor
    other.dict = dict
    other.expires = expires
    other.timedHashes = timedHashes
    other.averageTtl = averageTtl
    other.expiryCursor = expiryCursor
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
    yield* this.keyspace.tableBlocks(this.dict, this.expires)
    yield* this.timedHashes.blocks()
  }

  /** Every change of an entry, and its end, begins here: a snapshot under way wants its old form. */
  beforeChange(ref: number): void {
    const { snapshot } = this.keyspace
    if (snapshot !== null) snapshot.beforeChange(this.dict, ref)
  }

  // Inside --------------------------------------------------------------------------------------------------

  private writeHashed(key: Span, hash: number): number {
    const ref = this.dict.find(key, hash)
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

  /** The hash of a key, which may have been computed ahead. */
  private hash(key: Span): number {
    return key.hash !== 0 ? key.hash : this.dict.hash(key)
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
    const { entries, access, listener } = this.keyspace
    const ref = entries.create(key, type, inline, expireAt)
    entries.setAccess(ref, access.initial())
    this.dict.insert(hash, ref)
    if (expireAt !== NEVER) this.expires.insert(hash, ref)
    listener.event(Event.newKey, 'new', this, key)
    if (type !== Type.string) listener.ready(this, key)
    return ref
  }

  /** For another string where `ref` (0: nothing) holds one. */
  private makeRoom(key: Span, ref: number, inline: number): number {
    if (ref === 0) return this.create(key, this.hash(key), Type.string, inline, NEVER)
    return this.vacate(ref, this.hash(key), inline, this.expireAt(ref))
  }

  /** Frees the value of an entry and reshapes it for a new one. */
  private vacate(ref: number, hash: number, inline: number, expireAt: number | bigint): number {
    const { entries, kinds, graveyard, lazily, snapshot } = this.keyspace
    const kind = kinds[entries.type(ref)]
    const hadInline = kind.inlineBytes(ref)
    this.tellLost(ref)
    const had = entries.expires(ref)
    const has = expireAt !== NEVER
    if (graveyard.isBig(ref, lazily.overwrite) || snapshot?.needs(ref) === true) this.buryValue(ref)
    else kind.free(ref)
    if (had && !has) this.expires.remove(hash, ref)
    const moved = entries.reshape(ref, hadInline, inline, expireAt)
    if (moved !== ref) this.dict.replace(hash, ref, moved)
    if (had && has && moved !== ref) this.expires.replace(hash, ref, moved)
    if (!had && has) this.expires.insert(hash, moved)
    return moved
  }

  /** An entry moved: both tables learn its new reference. */
  private renamed(hash: number, from: number, to: number): void {
    if (from === to) return
    this.dict.replace(hash, from, to)
    if (this.keyspace.entries.expires(to)) this.expires.replace(hash, from, to)
  }

  /** Those who wait in a group of a stream want to know that it is gone. */
  private tellLost(ref: number): void {
    const { entries, listener } = this.keyspace
    if (entries.type(ref) === Type.stream) listener.ready(this, entries.key(ref, this.lost))
  }

  private link(key: Span, hash: number, ref: number): void {
    const { entries, hashes } = this.keyspace
    this.dict.insert(hash, ref)
    if (entries.expires(ref)) this.expires.insert(hash, ref)
    if (entries.type(ref) === Type.hash && hashes.isTimed(ref)) this.timedHashes.add(key)
  }

  private unlink(hash: number, ref: number): void {
    this.beforeChange(ref)
    this.tellLost(ref)
    if (this.keyspace.entries.expires(ref)) this.expires.remove(hash, ref)
    this.dict.remove(hash, ref)
  }

  /** Takes the value out of an entry that stays, to be freed in slices under no name. */
  private buryValue(ref: number): void {
    const { keyspace } = this
    keyspace.graveyard.buryEntry(keyspace.transplant(ref, NAMELESS, NEVER))
  }
}

const NAMELESS = Span.of('')
