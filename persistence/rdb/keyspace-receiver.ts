/** Takes what is in an RDB file into a server, beside what is there. */

import { NEVER } from '../../server/data/entry.js'
import { EMPTY_VALUE } from '../../server/data/serial/bad-data.js'
import type { ValueReader } from '../../server/data/serial/value-reader.js'
import type { Engine } from '../../server/engine/engine.js'
import type { Database } from '../../server/keyspace/database.js'
import { Event } from '../../server/keyspace/events.js'
import type { Span } from '../../server/lib/bytes.js'
import { type KeyFacts, type RdbReceiver, Wrong } from './decoder.js'

export interface LoadOptions {
  /** Keys whose time has come stay: the base of an append-only file, the data of a master. */
  readonly keepExpired?: boolean
  /** A key that is there already is replaced; otherwise that is an error. */
  readonly replace?: boolean
  /** Where the keys go: the keyspace's own databases unless told otherwise. */
  readonly databases?: readonly Database[]
  /** Takes a library of functions, in place of the engine. */
  readonly addFunction?: (code: Uint8Array) => void
}

export interface LoadReport {
  keysLoaded: number
  keysExpired: number
  /** Keys with nothing in them, which old servers have written. */
  keysEmpty: number
  /** The facts that stand in the file, by their names in lower case. */
  readonly aux: Map<string, string>
  /** Where the file ended, and perhaps something else begins. */
  bytes: number
}

/** Keys that a hint makes room for. More get their room as they come. */
const RESERVED_MAX = 1 << 24
/** Empty keys that the log names; the rest is only counted. */
const EMPTY_KEYS_TOLD = 10

export class KeyspaceReceiver implements RdbReceiver {
  readonly report: LoadReport = { keysLoaded: 0, keysExpired: 0, keysEmpty: 0, aux: new Map(), bytes: 0 }
  /** Told of each fact as it is met. */
  onFact: (name: string, value: string) => void = () => undefined
  private readonly nowMs: number
  private readonly databases: readonly Database[]
  private db: Database

  constructor(
    private readonly engine: Engine,
    private readonly options: LoadOptions,
  ) {
    this.databases = options.databases ?? engine.keyspace.databases
    this.db = this.databases[0]
    this.nowMs = engine.clock.wallMs()
  }

  get checks(): boolean {
    const { config, debug } = this.engine
    return config.values.rdbchecksum && !debug.skipChecksums
  }

  checksumMissing(): void {
    if (!this.checks) return
    this.engine.log.warning('RDB file was saved with checksum disabled: no check performed.')
  }

  fact(name: string, value: string): void {
    this.report.aux.set(name, value)
    this.onFact(name, value)
  }

  library(code: Uint8Array): void {
    const { addFunction } = this.options
    if (addFunction === undefined) this.engine.functions.add(code)
    else addFunction(code)
  }

  database(index: number): void {
    const { databases } = this
    if (index >= databases.length) {
      throw new Wrong(
        `there is no database ${index}: the directive databases is ${databases.length}`,
        `FATAL: Data file was created with a Redis server configured to handle more than ${databases.length} databases. Exiting`,
      )
    }
    this.db = databases[index]
  }

  /** Only a hint, and perhaps a lie: no more room than the rest of the file could fill is believed in at once. */
  sizes(keys: number, volatile: number): void {
    const { tables } = this.db
    tables.keys.reserve(Math.min(keys, RESERVED_MAX))
    tables.volatile.reserve(Math.min(volatile, RESERVED_MAX))
  }

  key(key: Span, rdbType: number, reader: ValueReader, facts: KeyFacts): void {
    const { report, engine } = this
    const { expireAt } = facts
    const ref = this.value(key, rdbType, reader, expireAt)
    if (ref === 0) return
    if (expireAt !== NEVER && expireAt < this.nowMs && !this.options.keepExpired) {
      engine.keyspace.freeEntry(ref)
      engine.keyspace.listener.removed(Event.expired, this.db, key)
      report.keysExpired++
      return
    }
    this.setAge(ref, facts)
    this.insert(key, ref)
    report.keysLoaded++
  }

  /** An entry with the value that follows; 0 when that is empty, and Redis has gone on behind such since 6.2. */
  private value(key: Span, rdbType: number, reader: ValueReader, expireAt: number | bigint): number {
    const { engine, report } = this
    try {
      return engine.keyspace.deserialize(rdbType, reader, key, expireAt)
    } catch (error) {
      if (error !== EMPTY_VALUE) throw error
      if (report.keysEmpty++ < EMPTY_KEYS_TOLD) engine.log.notice(`RDB skipping empty key: ${key.latin1()}`)
      return 0
    }
  }

  private insert(key: Span, ref: number): void {
    if (this.db.load(key, ref)) return
    if (!this.options.replace) {
      this.engine.keyspace.freeEntry(ref)
      throw new Wrong(`the key '${key.latin1()}' is there twice in database ${this.db.index}`)
    }
    this.db.delete(key)
    this.db.load(key, ref)
  }

  /** Each policy knows but one of the two ages. */
  private setAge(ref: number, { frequency, idleSeconds }: KeyFacts): void {
    const { access, entries } = this.engine.keyspace
    if (access.lfu && frequency >= 0) entries.setAccess(ref, access.withFrequency(frequency))
    else if (!access.lfu && idleSeconds >= 0) entries.setAccess(ref, access.withIdle(idleSeconds))
  }
}
