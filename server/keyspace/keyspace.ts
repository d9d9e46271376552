/** All databases of a server and what they share: memory, clock, counters, and who listens to changes. */

import type { Span } from '../lib/bytes.js'
import type { Random } from '../lib/random.js'
import type { Arena } from '../memory/arena.js'
import { Dict, type HashKey } from '../memory/dict.js'
import { Entries, KEY_AT, Type } from '../data/entry.js'
import type { ValueKind } from '../data/kind.js'
import { Strings } from '../data/string.js'
import { AccessClock } from './access.js'
import { Database } from './database.js'
import { Graveyard } from './graveyard.js'

/** What happens to a key whose time has come when somebody asks for it. */
export type ExpiryMode = 'delete' | 'hide' | 'ignore'

/** Who must know of changes. The engine installs the real one. */
export interface KeyspaceListener {
  /** A key's value or life changed. */
  changed(db: Database, key: Span): void
  /** Something happened that keyspace notifications may tell. */
  event(flag: number, name: string, db: Database, key: Span): void
  /** The keyspace itself removed a key: the journal must say so. `flag`: why (expired or evicted). */
  removed(flag: number, db: Database, key: Span): void
  /** A key that waiting clients may be waiting for has come to hold something. */
  ready(db: Database, key: Span): void
  /** A whole database was emptied or exchanged with another. */
  flushed(db: Database): void
}

const NOBODY: KeyspaceListener = {
  changed: () => undefined,
  event: () => undefined,
  removed: () => undefined,
  ready: () => undefined,
  flushed: () => undefined,
}

/** Counters of INFO that belong to the keyspace. */
export interface KeyspaceStats {
  hits: number
  misses: number
  expired: number
  evicted: number
  expiredStalePercent: number
  expiredTimeCapReached: number
  expireCycleCpuUs: number
}

export class Keyspace {
  readonly entries: Entries
  readonly strings: Strings
  /** By Type: how to free, weigh and name a value. */
  readonly kinds: ValueKind[] = []
  readonly databases: Database[] = []
  readonly access: AccessClock
  readonly graveyard: Graveyard
  readonly stats: KeyspaceStats = emptyStats()

  listener: KeyspaceListener = NOBODY
  /** Unix ms, frozen while a command runs. */
  now = 0
  /** Changes since the start: what save points and "did it write?" count. */
  dirty = 0
  expiryMode: ExpiryMode = 'delete'
  /** False for clients whose reads must not make keys look used (CLIENT NO-TOUCH). */
  touches = true

  constructor(
    readonly arena: Arena,
    readonly random: Random,
    private readonly hashKey: HashKey,
    databases: number,
  ) {
    this.entries = new Entries(arena)
    this.strings = new Strings(arena, this.entries)
    this.kinds[Type.string] = this.strings
    this.access = new AccessClock(random)
    this.graveyard = new Graveyard(this)
    for (let index = 0; index < databases; index++) this.databases.push(new Database(this, index))
  }

  newDict(): Dict {
    return new Dict(this.arena, this.hashKey, KEY_AT)
  }

  /** Frees an entry and its value at once. */
  freeEntry(ref: number): void {
    const kind = this.kinds[this.entries.type(ref)]
    const bytes = this.entries.bytes(ref, kind.inlineBytes(ref))
    kind.free(ref)
    this.arena.free(ref, bytes)
  }

  /** The bytes of an entry with its value and its share of the tables: MEMORY USAGE. */
  entryBytes(ref: number): number {
    const kind = this.kinds[this.entries.type(ref)]
    return this.entries.bytes(ref, kind.inlineBytes(ref)) + kind.bytes(ref)
  }

  /** Exchanges the contents of two databases; sessions stay where they are. */
  swap(a: Database, b: Database): void {
    a.exchange(b)
    this.listener.flushed(a)
    this.listener.flushed(b)
  }

  get keys(): number {
    return this.databases.reduce((sum, db) => sum + db.size, 0)
  }

  /** Every block that the data occupies, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    for (const db of this.databases) yield* db.blocks()
    yield* this.graveyard.blocks()
  }
}

function emptyStats(): KeyspaceStats {
  return {
    hits: 0,
    misses: 0,
    expired: 0,
    evicted: 0,
    expiredStalePercent: 0,
    expiredTimeCapReached: 0,
    expireCycleCpuUs: 0,
  }
}
