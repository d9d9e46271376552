/**
 * Reads an RDB file part by part: all versions from 1 on, Redis' and Valkey's. See format.ts. What becomes of the
 * parts is the receiver's matter: keyspace-receiver.ts puts them into a server, the check counts them.
 *
 * It trusts nothing. What is wrong, or unknown, ends the reading with an RdbError that says where.
 */

import { NEVER } from '../../server/data/entry.js'
import { BadData } from '../../server/data/serial/bad-data.js'
import { rdbTypeOf } from '../../server/data/serial/encoding.js'
import { ValueReader } from '../../server/data/serial/value-reader.js'
import type { Span } from '../../server/lib/bytes.js'
import {
  CHECKSUM_BYTES,
  CHECKSUM_SINCE,
  FIRST_OPCODE,
  MAGIC_BYTES,
  Opcode,
  REDIS_VERSION_MAX,
  VALKEY_VERSION_MAX,
  VALKEY_VERSION_MIN,
} from './format.js'
import { oldLibrary, skipKeyMeta, skipModule, skipSlotImport } from './oddities.js'
import { RdbError } from './rdb-error.js'
import { STARVED, type Window } from './window.js'

/** What stands before a key, besides its type. */
export interface KeyFacts {
  /** Unix ms, or NEVER. */
  expireAt: number | bigint
  /** -1: not told. */
  idleSeconds: number
  /** Of the LFU policies; -1: not told. */
  frequency: number
}

/** Who takes what is in the file. Every method may be called anew for a part that had to be read twice. */
export interface RdbReceiver {
  fact(name: string, value: string): void
  library(code: Uint8Array): void
  /** The keys that follow are in this database. */
  database(index: number): void
  /** How many keys will come, perhaps. */
  sizes(keys: number, volatile: number): void
  /** A key: its value has to be read, all of it. The key is good for the time of the call. */
  key(key: Span, rdbType: number, reader: ValueReader, facts: KeyFacts): void
  /** Whether checksums matter. */
  readonly checks: boolean
  /** The file has none. */
  checksumMissing(): void
}

/** What a receiver, or the reader, finds wrong with a file: in our words and, where they differ, in Redis'. */
export class Wrong extends Error {
  constructor(
    reason: string,
    readonly sentence: string | null = null,
  ) {
    super(reason)
  }
}

export class RdbDecoder {
  /** As the file says, once its beginning was read; 80 and above are Valkey's. */
  version = 0
  private readonly reader: ValueReader
  /** What a reader answered is good until its next read, and a key must outlast its value. */
  private readonly keyReader: ValueReader
  private readonly facts: KeyFacts = { expireAt: NEVER, idleSeconds: -1, frequency: -1 }

  constructor(
    private readonly window: Window,
    private readonly file: string,
    private readonly receiver: RdbReceiver,
  ) {
    this.reader = new ValueReader(window)
    this.keyReader = new ValueReader(window)
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
    const { reader, facts, receiver } = this
    switch (code) {
      case Opcode.expiresMs:
        facts.expireAt = narrow(reader.int64())
        return
      case Opcode.expires:
        facts.expireAt = reader.int32() * 1000
        return
      case Opcode.idle:
        facts.idleSeconds = Number(reader.wideSize())
        return
      case Opcode.frequency:
        facts.frequency = reader.byte()
        return
      case Opcode.selectDb:
        receiver.database(reader.size())
        return
      case Opcode.resizeDb:
        receiver.sizes(reader.size(), reader.size())
        return
      case Opcode.aux:
        receiver.fact(reader.string().latin1().toLowerCase(), reader.string().latin1())
        return
      default:
        this.oddity(code)
    }
  }

  /** What few files have. */
  private oddity(code: number): void {
    const { reader, receiver } = this
    switch (code) {
      case Opcode.functionLibrary:
        receiver.library(reader.string().bytes())
        return
      case Opcode.functionOld:
        receiver.library(oldLibrary(reader))
        return
      case Opcode.moduleAux:
        skipModule(reader)
        return
      case Opcode.slotInfo:
        for (let i = 0; i < 3; i++) reader.wideSize()
        return
      case Opcode.keyMeta:
        if (this.version >= VALKEY_VERSION_MIN) skipSlotImport(reader)
        else skipKeyMeta(reader)
        return
      default:
        throw new Wrong(`unknown opcode ${code}`)
    }
  }

  private key(type: number): void {
    const { facts } = this
    this.receiver.key(this.keyReader.string(), rdbTypeOf(type, this.version), this.reader, facts)
    facts.expireAt = NEVER
    facts.idleSeconds = facts.frequency = -1
  }

  private end(): boolean {
    const { window, receiver } = this
    if (this.version < CHECKSUM_SINCE) return false
    const { mem, start } = window.take(CHECKSUM_BYTES)
    const written = mem.dv.getBigUint64(start, true)
    const found = window.checksumBefore(CHECKSUM_BYTES)
    if (written === 0n) {
      receiver.checksumMissing()
    } else if (receiver.checks && written !== found) {
      const sentence = `Wrong RDB checksum expected: (${written.toString(16)}) but got (${found.toString(16)}). Aborting now.`
      throw new Wrong('RDB CRC error', sentence)
    }
    return false
  }

  private blame(error: unknown): unknown {
    const { file } = this
    const { offset } = this.window
    if (error instanceof Wrong) {
      return new RdbError(file, offset, error.message, error.sentence ?? sentenceOf(offset, error.message))
    }
    if (error instanceof BadData)
      return new RdbError(file, offset, error.reason, sentenceOf(offset, error.reason))
    return error
  }
}

const sentenceOf = (offset: number, reason: string): string =>
  `Internal error in RDB reading offset ${offset} -> ${reason}`

function narrow(ms: bigint): number | bigint {
  const number = Number(ms)
  return Number.isSafeInteger(number) ? number : ms
}
