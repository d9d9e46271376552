/**
 * Reads an RDB file part by part into the keyspace: all versions from 1 on, Redis' and Valkey's. See format.ts.
 *
 * It trusts nothing. What is wrong, or unknown, ends the reading with an RdbError that says where.
 */

import { NEVER } from '../../server/data/entry.js'
import { ValueReader } from '../../server/data/serial/value-reader.js'
import type { Engine } from '../../server/engine/engine.js'
import type { Database } from '../../server/keyspace/database.js'
import type { Span } from '../../server/lib/bytes.js'
import { BAD_DATA } from '../../server/resp/errors.js'
import {
  CHECKSUM_BYTES,
  CHECKSUM_SINCE,
  FIRST_OPCODE,
  MAGIC_BYTES,
  ModuleOpcode,
  Opcode,
  REDIS_VERSION_MAX,
  VALKEY_VERSION_MAX,
  VALKEY_VERSION_MIN,
} from './format.js'
import { RdbError } from './rdb-error.js'
import { STARVED, type Window } from './window.js'

export interface LoadOptions {
  /** Keys whose time has come stay: the base of an append-only file, the data of a master. */
  readonly keepExpired?: boolean
  /** A key that is there already is replaced; otherwise that is an error. */
  readonly replace?: boolean
}

export interface LoadReport {
  keysLoaded: number
  keysExpired: number
  /** The facts that stand in the file, by their names in lower case. */
  readonly aux: Map<string, string>
  /** Where the file ended, and perhaps something else begins. */
  bytes: number
}

/** What was wrong, in our words and in Redis'. */
class Wrong extends Error {
  constructor(
    reason: string,
    readonly sentence = 'Internal error in RDB reading',
  ) {
    super(reason)
  }
}

export class RdbDecoder {
  readonly report: LoadReport = { keysLoaded: 0, keysExpired: 0, aux: new Map(), bytes: 0 }
  /** Told of each fact as it is met. */
  onAux: (name: string, value: string) => void = () => undefined
  private readonly reader: ValueReader
  /** What a reader answered is good until its next read, and a key must outlast its value. */
  private readonly keyReader: ValueReader
  private readonly nowMs: number
  private db: Database
  private version = 0
  private expireAt: number | bigint = NEVER
  private idleSeconds = -1
  private frequency = -1

  constructor(
    private readonly engine: Engine,
    private readonly window: Window,
    private readonly file: string,
    private readonly options: LoadOptions,
  ) {
    this.reader = new ValueReader(window)
    this.keyReader = new ValueReader(window)
    this.db = engine.keyspace.databases[0]
    this.nowMs = engine.clock.wallMs()
  }

  /**
   * Reads the next part; false when it was the last. Throws STARVED when the window ends before it does: fill the
   * window and try again. Throws RdbError.
   */
  step(): boolean {
    const { window } = this
    window.mark()
    try {
      return this.version === 0 ? this.magic() : this.part(this.reader.byte())
    } catch (error) {
      window.rewind()
      if (error === STARVED) throw error
      throw this.blame(error)
    }
  }

  /** The bytes have come to an end before the file has. */
  shortRead(): RdbError {
    const sentence = 'Short read or OOM loading DB. Unrecoverable error, aborting now.'
    return new RdbError(this.file, this.window.offset, 'unexpected end of the file', sentence)
  }

  private magic(): boolean {
    const text = this.window.take(MAGIC_BYTES).latin1()
    const [, name, digits] = /^(REDIS|VALKEY)(\d+)$/.exec(text) ?? []
    if (name === undefined) throw new Wrong('no RDB file', 'Wrong signature trying to load DB from file')
    const version = Number(digits)
    const [min, max] = name === 'REDIS' ? [1, REDIS_VERSION_MAX] : [VALKEY_VERSION_MIN, VALKEY_VERSION_MAX]
    if (version < min || version > max) {
      throw new Wrong(`${name} version ${version} is unknown`, `Can't handle RDB format version ${version}`)
    }
    this.version = version
    return true
  }

  private part(code: number): boolean {
    if (code < FIRST_OPCODE) this.key(code)
    else if (code === Opcode.end) return this.end()
    else this.fact(code)
    return true
  }

  private fact(code: number): void {
    const { reader } = this
    switch (code) {
      case Opcode.expiresMs:
        this.expireAt = narrow(reader.int64())
        return
      case Opcode.expires:
        this.expireAt = reader.int32() * 1000
        return
      case Opcode.idle:
        this.idleSeconds = Number(reader.wideSize())
        return
      case Opcode.frequency:
        this.frequency = reader.byte()
        return
      case Opcode.selectDb:
        this.select(reader.size())
        return
      case Opcode.resizeDb:
        this.makeRoom(reader.size(), reader.size())
        return
      case Opcode.aux:
        this.aux(reader.string().latin1(), reader.string().latin1())
        return
      default:
        this.oddity(code)
    }
  }

  /** What few files have. */
  private oddity(code: number): void {
    const { reader } = this
    switch (code) {
      case Opcode.functionLibrary:
        this.engine.functions.add(reader.string().bytes())
        return
      case Opcode.functionOld:
        this.oldFunction()
        return
      case Opcode.moduleAux:
        this.skipModule()
        return
      case Opcode.slotInfo:
        for (let i = 0; i < 3; i++) reader.wideSize()
        return
      default:
        throw new Wrong(`unknown opcode ${code}`)
    }
  }

  private key(type: number): void {
    const { reader, expireAt } = this
    const { keyspace } = this.engine
    const key = this.keyReader.string()
    const ref = keyspace.deserialize(type, reader, key, expireAt)
    const expired = expireAt !== NEVER && expireAt < this.nowMs && !this.options.keepExpired
    if (expired) {
      keyspace.freeEntry(ref)
      this.report.keysExpired++
    } else {
      this.setAge(ref)
      this.insert(key, ref)
      this.report.keysLoaded++
    }
    this.expireAt = NEVER
    this.idleSeconds = this.frequency = -1
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
  private setAge(ref: number): void {
    const { access, entries } = this.engine.keyspace
    if (access.lfu && this.frequency >= 0) entries.setAccess(ref, access.withFrequency(this.frequency))
    else if (!access.lfu && this.idleSeconds >= 0) entries.setAccess(ref, access.withIdle(this.idleSeconds))
  }

  private select(index: number): void {
    const { databases } = this.engine.keyspace
    if (index >= databases.length) {
      throw new Wrong(
        `there is no database ${index}: the directive databases is ${databases.length}`,
        `FATAL: Data file was created with a Redis server configured to handle more than ${databases.length} databases. Exiting`,
      )
    }
    this.db = databases[index]
  }

  /** Only a hint, and perhaps a lie: no more room than the rest of the file could fill is believed in at once. */
  private makeRoom(keys: number, volatile: number): void {
    const { tables } = this.db
    tables.keys.reserve(Math.min(keys, RESERVED_MAX))
    tables.volatile.reserve(Math.min(volatile, RESERVED_MAX))
  }

  private aux(name: string, value: string): void {
    this.report.aux.set(name.toLowerCase(), value)
    this.onAux(name.toLowerCase(), value)
  }

  /** 7.0's release candidates wrote name, engine, description and code; since then the name is a line of the code. */
  private oldFunction(): void {
    const { reader } = this
    const name = reader.string().latin1()
    const engine = reader.string().latin1()
    if (reader.size() !== 0) reader.string()
    const code = reader.string().latin1()
    this.engine.functions.add(Buffer.from(`#!${engine} name=${name}\n${code}`, 'latin1'))
  }

  /** What a module keeps besides keys: we have no modules, so nobody misses it. */
  private skipModule(): void {
    const { reader } = this
    reader.wideSize()
    for (;;) {
      const code = reader.size()
      if (code === ModuleOpcode.end) return
      if (code === ModuleOpcode.string) reader.string()
      else if (code === ModuleOpcode.float) reader.bytes(4)
      else if (code === ModuleOpcode.double) reader.bytes(8)
      else if (code === ModuleOpcode.signed || code === ModuleOpcode.unsigned) reader.wideSize()
      else throw new Wrong(`unknown opcode ${code} in a module's data`)
    }
  }

  private end(): boolean {
    const { window, engine } = this
    if (this.version >= CHECKSUM_SINCE) {
      const { mem, start } = window.take(CHECKSUM_BYTES)
      const written = mem.dv.getBigUint64(start, true)
      const found = window.checksumBefore(CHECKSUM_BYTES)
      const checks = engine.config.values.rdbchecksum && !engine.debug.skipChecksums
      if (checks && written === 0n) {
        engine.log.warning('RDB file was saved with checksum disabled: no check performed.')
      } else if (checks && written !== found) {
        const sentence = `Wrong RDB checksum expected: (${written.toString(16)}) but got (${found.toString(16)}). Aborting now.`
        throw new Wrong('RDB CRC error', sentence)
      }
    }
    this.report.bytes = window.offset
    return false
  }

  private blame(error: unknown): RdbError {
    const { file } = this
    const { offset } = this.window
    if (error instanceof Wrong) return new RdbError(file, offset, error.message, error.sentence)
    if (error !== BAD_DATA) throw error
    return new RdbError(file, offset, 'bad data or an unknown type of value', 'Internal error in RDB reading')
  }
}

/** Keys that a hint makes room for. More get their room as they come. */
const RESERVED_MAX = 1 << 24

function narrow(ms: bigint): number | bigint {
  const number = Number(ms)
  return Number.isSafeInteger(number) ? number : ms
}
