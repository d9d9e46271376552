/**
 * A snapshot: all keys as they are at one instant, handed over while the world goes on.
 *
 * The obvious ways fail here. Standing still until everything is written stalls the clients for seconds. Forking, as
 * Redis does, lets the kernel keep the old pages; Node cannot fork, and the price is up to twice the memory, out of
 * reach of every limit. Copying the keys first is the same price, and a stall as well.
 *
 * The idea: what has not changed need not be copied. The instant is a number, the *epoch*, which every entry carries in
 * a byte. A snapshot raises the number; from then on an entry of an older epoch is one that was there at the instant
 * and was not handed over yet. Two things can happen to it:
 *
 *      the walk comes by            it is handed over, and gets the present epoch
 *      a command is about to        the same, at once, before the change: `beforeChange`, which the mutators of
 *      change it, or it dies        Database call; nobody else has to know of snapshots
 *
 * Entries made after the instant are born with the present epoch, so the walk passes them over. Each is handed over
 * exactly once, in an order that nobody can foretell, the old form of what changes first among the others: a file of
 * keys has no order, and so nothing needs to be kept aside.
 *
 * The walk goes through the tables of the instant with the cursor of SCAN, which meets every entry that stays,
 * whatever the table does meanwhile. Databases may be exchanged: the tables know whose they were. A database may be
 * flushed: its table is taken over, and buried when the walk is through with it.
 *
 * A big value is handed over in pieces (data/serial/pieces.ts): it is begun when its turn comes, or when it is about to
 * change, and from then on looks after its own changes. The walk goes on with it before it visits other entries, so at
 * most those values are half saved that a bucket holds, and those that were changed in the meantime. Whoever deletes
 * such a value leaves it to the snapshot, which buries it when it is saved.
 *
 * The epoch is one byte, so it comes round again. After a whole walk every entry bears the present one, and the next
 * is new to all. Walks that are broken off leave older ones behind; `oldest` remembers, and when the number is about to
 * meet it, all entries are stamped at once. That takes 255 walks broken off in a row.
 *
 * What it does not promise: that no single step is long. A string is handed over in one piece, however big it is, and
 * so is what is left of a stream that is about to change.
 */

import type { Entries } from '../data/entry.js'
import type { ValuePieces } from '../data/serial/pieces.js'
import type { Dict } from '../memory/dict.js'
import { entryBlocks } from './graveyard.js'
import type { Keyspace } from './keyspace.js'

/**
 * Gets an entry as it was at the instant. It must copy what it wants to keep, and leave the keyspace alone. Of a big
 * value it may take the first piece only, and answers what brings the others.
 */
export type SaveEntry = (database: number, ref: number) => ValuePieces | null

/** A value that is half saved. */
interface HalfSaved {
  readonly pieces: ValuePieces
  /** The entry that owns it, when it was deleted meanwhile. */
  husk: number
}

/** A table of the instant. */
interface Page {
  readonly database: number
  readonly dict: Dict
  readonly visit: (ref: number) => void
  cursor: number
  /** The table of volatile keys, when the database was flushed meanwhile. */
  orphaned: Dict | null
}

export class Snapshot {
  /** Keys at the instant, and those handed over. */
  readonly keysTotal: number
  keysSaved = 0
  /** Memory of the entries that were handed over before their turn, as they were about to change. */
  earlyBytes = 0
  private readonly pages = new Map<Dict, Page>()
  private readonly half: HalfSaved[] = []

  /** The instant is now. One snapshot at a time. */
  constructor(
    private readonly keyspace: Keyspace,
    private readonly save: SaveEntry,
  ) {
    if (keyspace.snapshot !== null) throw new Error('snapshot: there is one already')
    for (const { index, tables } of keyspace.databases) {
      if (tables.keys.count > 0) {
        const visit = (ref: number): void => this.visit(index, ref)
        this.pages.set(tables.keys, { database: index, dict: tables.keys, visit, cursor: 0, orphaned: null })
      }
    }
    this.keysTotal = keyspace.keys
    nextEpoch(keyspace)
    keyspace.snapshot = this
  }

  /** The entry is about to change or to go. */
  beforeChange(dict: Dict, ref: number): void {
    const { entries } = this.keyspace
    if (entries.epoch(ref) === entries.epochNow) {
      if (this.half.length > 0) this.warn(ref)
      return
    }
    const page = this.pages.get(dict)
    if (page === undefined) throw new Error('snapshot: an old entry in a new table')
    this.earlyBytes += this.keyspace.entryBytes(ref)
    this.handOver(page.database, ref)
    if (this.half.length > 0) this.warn(ref)
  }

  /** Takes over an entry that is in no table any more, if its value is half saved: the snapshot buries it. */
  detain(ref: number): boolean {
    const one = this.halfOf(ref)
    if (one === undefined) return false
    one.husk = ref
    return true
  }

  /** True when the value of an entry is half saved, and must not be freed. */
  needs(ref: number): boolean {
    return this.halfOf(ref) !== undefined
  }

  /** Takes over the tables of a database that is being flushed; false when there is nothing left to save in them. */
  adopt(dict: Dict, expires: Dict): boolean {
    const page = this.pages.get(dict)
    if (page === undefined) return false
    page.orphaned = expires
    return true
  }

  /** Memory that holds what became of half saved values. */
  get keptBytes(): number {
    return this.half.reduce((sum, { pieces }) => sum + (pieces.keptBytes ?? 0), 0)
  }

  /** Goes on by about one bucket, or by a piece of a big value; false when all is handed over. */
  step(): boolean {
    if (this.half.length > 0) {
      if (!this.half[0].pieces.next()) this.release()
      return this.half.length > 0 || this.pages.size > 0
    }
    for (const page of this.pages.values()) {
      page.cursor = page.dict.scan(page.cursor, page.visit)
      if (page.cursor === 0) this.close(page)
      break
    }
    return this.half.length > 0 || this.pages.size > 0
  }

  /** Ends it, whether all is handed over or not. */
  end(): void {
    const { keyspace } = this
    if (keyspace.snapshot !== this) return
    while (this.half.length > 0) this.release()
    if (this.pages.size === 0) keyspace.entries.epochOldest = keyspace.entries.epochNow
    for (const page of this.pages.values()) this.close(page)
    keyspace.snapshot = null
  }

  /** Every block of the tables taken over, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    for (const { dict, orphaned } of this.pages.values()) {
      if (orphaned !== null) yield* this.keyspace.tableBlocks(dict, orphaned)
    }
    for (const { husk } of this.half) if (husk !== 0) yield* entryBlocks(this.keyspace, husk)
  }

  private visit(database: number, ref: number): void {
    const { entries } = this.keyspace
    if (entries.epoch(ref) !== entries.epochNow) this.handOver(database, ref)
  }

  private handOver(database: number, ref: number): void {
    const { entries } = this.keyspace
    entries.setEpoch(ref, entries.epochNow)
    this.keysSaved++
    const pieces = this.save(database, ref)
    if (pieces !== null) this.half.push({ pieces, husk: 0 })
  }

  private halfOf(ref: number): HalfSaved | undefined {
    return this.half.find(({ pieces }) => pieces.isOf(ref))
  }

  /** An entry whose value may be half saved is about to change. */
  private warn(ref: number): void {
    for (const { pieces } of this.half) if (pieces.isOf(ref)) pieces.beforeChange?.()
  }

  /** Lets go of the first of the values that are half saved. */
  private release(): void {
    const { pieces, husk } = this.half[0]
    this.half.shift()
    pieces.end()
    if (husk !== 0) this.keyspace.graveyard.dispose(husk, true)
  }

  private close({ dict, orphaned }: Page): void {
    this.pages.delete(dict)
    if (orphaned !== null) this.keyspace.graveyard.buryDatabase(dict, orphaned, true)
  }
}

/** All entries that there are become older than the epoch. */
function nextEpoch({ entries, databases }: Keyspace): void {
  const next = (entries.epochNow + 1) & 0xff
  if (next === entries.epochOldest) {
    for (const { tables } of databases) stampAll(entries, tables.keys)
    entries.epochOldest = entries.epochNow
  }
  entries.epochNow = next
}

function stampAll(entries: Entries, dict: Dict): void {
  dict.forEach(ref => entries.setEpoch(ref, entries.epochNow))
}
