import { type Entries, NEVER } from '../data/entry.js'
import type { Span } from '../lib/bytes.js'
import type { Dict } from '../memory/dict.js'
import type { TimedHashes } from './timed-hashes.js'

/**
 * What a database is made of: the table of its keys, and that of the volatile ones, which names the same entries: what
 * the expiry cycle and the volatile-* policies sample. An entry that moves is renamed in both, and here alone.
 *
 * `SWAPDB` exchanges these, a flush begins with new ones.
 */
export class Tables {
  /** Mean time to live in ms, estimated by the expiry cycle. */
  averageTtl = 0
  /** Where the expiry cycle goes on in `volatile`. */
  expiryCursor = 0
  /** The entry that a row of requests names again and again, and the hash of its key; 0: there is none. */
  private common = 0
  private commonHash = 0

  constructor(
    private readonly entries: Entries,
    readonly keys: Dict,
    readonly volatile: Dict,
    /** Hashes some of whose fields have times to live. */
    readonly timedHashes: TimedHashes,
  ) {}

  /** The hash of a key, which may have been computed ahead. */
  hash(key: Span): number {
    return this.keys.knownHash(key)
  }

  find(key: Span, hash: number): number {
    const { common } = this
    const isCommon = hash === this.commonHash && common !== 0 && this.keys.holds(common, key)
    return isCommon ? common : this.keys.find(key, hash)
  }

  /** As `find`, of a key that the next requests name too: they need not search. */
  findCommon(key: Span, hash: number): number {
    this.commonHash = hash
    return (this.common = this.keys.find(key, hash))
  }

  insert(hash: number, ref: number): void {
    this.keys.insert(hash, ref)
    if (this.entries.expires(ref)) this.volatile.insert(hash, ref)
  }

  /** Takes the entry out, unharmed. */
  remove(hash: number, ref: number): void {
    if (this.entries.expires(ref)) this.volatile.remove(hash, ref)
    this.keys.remove(hash, ref)
    if (ref === this.common) this.common = 0
  }

  /** `Entries.reshape` of an entry that is in here. Answers the entry, which may have moved. */
  reshape(
    hash: number,
    ref: number,
    fromInline: number,
    toInline: number,
    expireAt: number | bigint,
  ): number {
    const { entries, keys, volatile } = this
    const had = entries.expires(ref)
    const has = expireAt !== NEVER
    // While the entry is still there: a table that is being rehashed reads the keys of what it holds.
    if (had && !has) volatile.remove(hash, ref)
    const moved = entries.reshape(ref, fromInline, toInline, expireAt)
    if (moved !== ref) keys.replace(hash, ref, moved)
    if (ref === this.common) this.common = moved
    if (had && has && moved !== ref) volatile.replace(hash, ref, moved)
    if (!had && has) volatile.insert(hash, moved)
    return moved
  }
}
