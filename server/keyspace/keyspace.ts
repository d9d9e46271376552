/** All databases of a server and what they share: memory, clock, counters, and who listens to changes. */

import { Scratch, Span, copyBytes } from '../lib/bytes.js'
import type { Random } from '../lib/random.js'
import { type Arena, blockBytes } from '../memory/arena.js'
import { Dict, type HashKey } from '../memory/dict.js'
import { unknownType } from '../data/serial/bad-data.js'
import { Entries, KEY_AT, NEVER, Type } from '../data/entry.js'
import type { ValueKind } from '../data/kind.js'
import { Hashes } from '../data/hash/hashes.js'
import { Sketch } from '../data/hyperloglog/hyperloglog.js'
import { Lists } from '../data/list/lists.js'
import type { ValueReader } from '../data/serial/value-reader.js'
import { Sets } from '../data/set/sets.js'
import { Strings } from '../data/string.js'
import { Streams } from '../data/stream/streams.js'
import { SortedSets } from '../data/zset/sorted-sets.js'
import { AccessClock } from './access.js'
import { Database } from './database.js'
import { ExpiryCycle } from './expiry.js'
import { FieldExpiry } from './field-expiry.js'
import { Graveyard, entryBlocks } from './graveyard.js'
import { ReadAhead } from './read-ahead.js'
import type { Snapshot } from './snapshot.js'
import { Tables } from './tables.js'
import { TimedHashes } from './timed-hashes.js'
import { Upkeep } from './upkeep.js'

/** What happens to a key whose time has come when somebody asks for it. */
export type ExpiryMode = 'delete' | 'hide' | 'ignore'

/** Who must know of changes. The engine installs the real one. */
export interface KeyspaceListener {
  /** A key's value or life changed; `expelled`: its time had come, or its room was needed. */
  changed(db: Database, key: Span, expelled: boolean): void
  /** Something happened that keyspace notifications may tell. */
  event(flag: number, name: string, db: Database, key: Span): void
  /** True when somebody wants to know the subkeys of events of class `flag`; nobody need gather them otherwise. */
  wantsSubkeys(flag: number): boolean
  /** The subkeys (fields of a hash) that an event, told just before, concerned. */
  subkeys(flag: number, name: string, db: Database, key: Span, subkeys: readonly Span[]): void
  /** The keyspace itself removed a key: the journal must say so. `flag`: why (expired or evicted). */
  removed(flag: number, db: Database, key: Span): void
  /** As `removed`, of a hash field whose time has come. */
  fieldRemoved(db: Database, key: Span, field: Span): void
  /** A key that waiting clients may be waiting for has come to hold something. */
  ready(db: Database, key: Span): void
  /** A whole database is about to be emptied, or was exchanged with the `other`. */
  flushed(db: Database, other: Database | null): void
  /** Told once after one or more of these. */
  allChanged(): void
}

const NOBODY: KeyspaceListener = {
  changed: () => undefined,
  event: () => undefined,
  wantsSubkeys: () => false,
  subkeys: () => undefined,
  removed: () => undefined,
  fieldRemoved: () => undefined,
  ready: () => undefined,
  flushed: () => undefined,
  allChanged: () => undefined,
}

/** Counters of INFO that belong to the keyspace. */
export interface KeyspaceStats {
  hits: number
  misses: number
  expired: number
  evicted: number
  /** Hash fields whose time had come. */
  expiredFields: number
  /** Of the volatile keys looked at, how many were due: percent, a running mean. */
  expiredStalePercent: number
  expiredTimeCapReached: number
  expireCycleCpuUs: number
}

export class Keyspace {
  readonly entries: Entries
  readonly strings: Strings
  readonly lists: Lists
  readonly sets: Sets
  readonly hashes: Hashes
  readonly sortedSets: SortedSets
  readonly streams: Streams
  /** By Type: how to free, weigh and name a value. */
  readonly kinds: ValueKind[] = []
  /** By the numbers of RDB: which type a serialized value is of. */
  private readonly typeOfForm: (Type | undefined)[] = []
  readonly databases: Database[] = []
  /** Databases that are being filled, to take the place of these. */
  aside: readonly Database[] = []
  readonly access: AccessClock
  readonly graveyard: Graveyard
  readonly expiry: ExpiryCycle
  readonly fieldExpiry: FieldExpiry
  readonly upkeep: Upkeep
  readonly readAhead = new ReadAhead({
    tableOf: ref => this.tableOf(ref),
    // Members of a sorted set stand behind a score: ZADD, ZINCRBY.
    elementAmong: (ref, words) => (this.entries.type(ref) === Type.zset ? words - 1 : 2),
  })
  readonly stats: KeyspaceStats = emptyStats()
  /** Where PFADD and PFMERGE work on a copy of a value. */
  readonly sketch = new Sketch()

  listener: KeyspaceListener = NOBODY
  /** The snapshot that is being taken. */
  snapshot: Snapshot | null = null
  /** Unix ms, frozen while a command runs. */
  now = 0
  /** Changes since the start: what save points and "did it write?" count. */
  dirty = 0
  expiryMode: ExpiryMode = 'delete'
  /** Clients are paused: what is due looks dead, as in mode `hide`, and nothing is evicted. */
  paused = false
  /** False for clients whose reads must not make keys look used (CLIENT NO-TOUCH). */
  touches = true
  /** Which big values are freed in slices rather than at once: the directives lazyfree-lazy-*. */
  readonly lazily = { expire: false, evict: false, overwrite: false }

  private readonly scratch = new Scratch()
  private readonly copied = Span.of('')

  constructor(
    readonly arena: Arena,
    readonly random: Random,
    private readonly hashKey: HashKey,
    databases: number,
  ) {
    this.entries = new Entries(arena)
    this.strings = new Strings(arena, this.entries)
    this.kinds[Type.string] = this.strings
    this.lists = new Lists(arena, this.entries)
    this.kinds[Type.list] = this.lists
    this.sets = new Sets(arena, this.entries, hashKey, random)
    this.kinds[Type.set] = this.sets
    this.hashes = new Hashes(arena, this.entries, hashKey, random, this)
    this.kinds[Type.hash] = this.hashes
    this.sortedSets = new SortedSets(arena, this.entries, hashKey)
    this.kinds[Type.zset] = this.sortedSets
    this.streams = new Streams(arena, this.entries)
    this.kinds[Type.stream] = this.streams
    for (const type of TYPES) for (const form of this.kinds[type].rdbTypes) this.typeOfForm[form] = type
    this.access = new AccessClock(random)
    this.graveyard = new Graveyard(this)
    this.expiry = new ExpiryCycle(this)
    this.fieldExpiry = new FieldExpiry(this)
    this.upkeep = new Upkeep(this)
    for (let index = 0; index < databases; index++) this.databases.push(new Database(this, index))
  }

  /** CONFIG RESETSTAT. */
  resetStats(): void {
    Object.assign(this.stats, emptyStats())
    this.graveyard.freed = 0
  }

  private newDict(): Dict {
    return new Dict(this.arena, this.hashKey, KEY_AT)
  }

  newTables(): Tables {
    const timedHashes = new TimedHashes(this.arena, this.hashKey)
    return new Tables(this.entries, this.newDict(), this.newDict(), timedHashes)
  }

  /** Frees an entry and its value at once. */
  freeEntry(ref: number): void {
    const kind = this.kinds[this.entries.type(ref)]
    const bytes = this.entries.bytes(ref, kind.inlineBytes(ref))
    kind.free(ref)
    this.arena.free(ref, bytes)
  }

  /** Frees an entry whose value is gone or has another owner. */
  freeHusk(ref: number): void {
    const kind = this.kinds[this.entries.type(ref)]
    this.arena.free(ref, this.entries.bytes(ref, kind.inlineBytes(ref)))
  }

  /** A new entry, in no table, that owns the value of `ref` from now on. */
  transplant(ref: number, key: Span, expireAt: number | bigint): number {
    const { entries } = this
    const type = entries.type(ref)
    const inline = this.kinds[type].inlineBytes(ref)
    const made = entries.create(key, type, inline, expireAt)
    entries.setEncoding(made, type, entries.encoding(ref))
    entries.setPayload(made, entries.payload(ref))
    copyBytes(entries.mem(made), entries.inlineAt(made), entries.mem(ref), entries.inlineAt(ref), inline)
    return made
  }

  /** A new, empty entry, in no table. */
  createEntry(key: Span, type: Type, inline = 0, expireAt: number | bigint = NEVER): number {
    const ref = this.entries.create(key, type, inline, expireAt)
    this.entries.setAccess(ref, this.access.initial())
    return ref
  }

  /** A new entry, in no table, with the value that `reader` brings. Throws BadData and leaves nothing behind. */
  deserialize(rdbType: number, reader: ValueReader, key: Span, expireAt: number | bigint): number {
    const type = this.typeOfForm[rdbType]
    if (type === undefined) throw unknownType(rdbType)
    const place = (inline: number): number => this.createEntry(key, type, inline, expireAt)
    return this.kinds[type].deserialize(rdbType, reader, place)
  }

  /** A copy of an entry's key, good until the next one is asked for: for what must outlive the entry. */
  copyKey(ref: number): Span {
    return this.scratch.copyOf(this.entries.key(ref, this.copied))
  }

  /** The hash table of a value that has one. */
  tableOf(ref: number): Dict | null {
    return this.kinds[this.entries.type(ref)].dict?.(ref) ?? null
  }

  /** The bytes of an entry with its value, as the arena counts them: MEMORY USAGE. */
  entryBytes(ref: number): number {
    const kind = this.kinds[this.entries.type(ref)]
    return blockBytes(this.entries.bytes(ref, kind.inlineBytes(ref))) + kind.bytes(ref)
  }

  /** Exchanges the contents of two databases; sessions stay where they are. */
  swap(a: Database, b: Database): void {
    if (a === b) return
    a.exchange(b)
    this.listener.flushed(a, b)
    this.listener.flushed(b, a)
    this.listener.allChanged()
  }

  /** Empties databases; `lazily`: the keys are freed in slices. Answers how many there were. */
  flush(databases: readonly Database[], lazily: boolean): number {
    const keys = databases.reduce((sum, db) => sum + db.flush(lazily), 0)
    this.listener.allChanged()
    return keys
  }

  /** Exchanges the contents of all databases with `others`, that nobody knew of so far. */
  exchangeAll(others: readonly Database[]): void {
    for (const db of this.databases) {
      db.exchange(others[db.index])
      this.listener.flushed(db, others[db.index])
    }
    this.listener.allChanged()
  }

  get keys(): number {
    return this.databases.reduce((sum, db) => sum + db.size, 0)
  }

  /** Every block that the data occupies, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    for (const db of this.databases) yield* db.blocks()
    for (const db of this.aside) yield* db.blocks()
    yield* this.graveyard.blocks()
    if (this.snapshot !== null) yield* this.snapshot.blocks()
  }

  /** The blocks of a database's two tables and of the entries in them. */
  *tableBlocks(dict: Dict, expires: Dict): Generator<readonly [ref: number, bytes: number]> {
    const refs: number[] = []
    dict.forEach(ref => refs.push(ref))
    for (const ref of refs) yield* entryBlocks(this, ref)
    yield* dict.blocks()
    yield* expires.blocks()
  }
}

const TYPES: readonly Type[] = Object.values(Type)

function emptyStats(): KeyspaceStats {
  return {
    hits: 0,
    misses: 0,
    expired: 0,
    evicted: 0,
    expiredFields: 0,
    expiredStalePercent: 0,
    expiredTimeCapReached: 0,
    expireCycleCpuUs: 0,
  }
}
