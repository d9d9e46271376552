/** Writes the parts of an RDB file into memory, from where they are taken in pieces. See format.ts. */

import { ValueWriter } from '../../server/data/serial/value-writer.js'
import type { Engine } from '../../server/engine/engine.js'
import { REDIS_VERSION } from '../../server/engine/version.js'
import type { Keyspace } from '../../server/keyspace/keyspace.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import { Crc64 } from '../../server/lib/crc64.js'
import { CHECKSUM_BYTES, Opcode, VERSION_WRITTEN } from './format.js'

/** Facts that stand at the head of a file, besides the usual ones. */
export type AuxFields = readonly (readonly [name: string, value: string | number])[]

/** Which age of a key is written. */
type Age = 'idle' | 'frequency' | 'none'

export class RdbEncoder {
  private readonly out: ValueWriter
  private readonly crc: Crc64 | null
  private readonly age: Age
  private readonly key = new Span(new Mem(new ArrayBuffer(0)), 0, 0)
  private selected = -1

  constructor(private readonly engine: Engine) {
    const { rdbcompression, rdbchecksum, maxmemoryPolicy } = engine.config.values
    this.out = new ValueWriter(rdbcompression)
    this.crc = rdbchecksum ? new Crc64() : null
    this.age = maxmemoryPolicy.endsWith('lfu')
      ? 'frequency'
      : maxmemoryPolicy.endsWith('lru')
        ? 'idle'
        : 'none'
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.out.length
  }

  /** What comes before the keys. */
  begin(aux: AuxFields): void {
    const { out, engine } = this
    out.bytes(Span.of(`REDIS${String(VERSION_WRITTEN).padStart(4, '0')}`))
    const usual: AuxFields = [
      ['redis-ver', REDIS_VERSION],
      ['redis-bits', 64],
      ['ctime', Math.floor(engine.clock.wallMs() / 1000)],
      ['used-mem', engine.memory.used],
    ]
    for (const [name, value] of [...usual, ...aux]) {
      out.byte(Opcode.aux)
      out.string(Span.of(name))
      out.string(Span.of(String(value)))
    }
    for (const code of engine.functions.all()) {
      out.byte(Opcode.functionLibrary)
      out.string(Span.of(code))
    }
  }

  /** Announces a database, that a reader can make room for it. */
  announce(database: number, keys: number, volatile: number): void {
    this.select(database)
    this.out.byte(Opcode.resizeDb)
    this.out.size(keys)
    this.out.size(volatile)
  }

  /** A key. */
  entry(database: number, ref: number): void {
    const { out } = this
    const { entries, kinds } = this.engine.keyspace
    const kind = kinds[entries.type(ref)]
    this.select(database)
    this.writeAge(this.engine.keyspace, ref)
    if (entries.expires(ref)) {
      out.byte(Opcode.expiresMs)
      out.int64(entries.expireAtExactly(ref))
    }
    out.byte(kind.rdbType(ref))
    out.string(entries.key(ref, this.key))
    kind.serialize(ref, out)
  }

  /** Takes what was written since the last time. */
  take(): Buffer {
    const { mem, start, length } = this.out.written
    this.crc?.update(mem.u8, start, length)
    const bytes = Buffer.from(mem.u8.subarray(start, start + length))
    this.out.reset()
    return bytes
  }

  /** Ends the file; answers its last bytes. */
  end(): Buffer {
    this.out.byte(Opcode.end)
    const checksum = Buffer.alloc(CHECKSUM_BYTES)
    const rest = this.take()
    this.crc?.writeTo(checksum, 0)
    return Buffer.concat([rest, checksum])
  }

  private select(database: number): void {
    if (database === this.selected) return
    this.selected = database
    this.out.byte(Opcode.selectDb)
    this.out.size(database)
  }

  private writeAge({ access, entries }: Keyspace, ref: number): void {
    if (this.age === 'none') return
    const word = entries.access(ref)
    if (this.age === 'idle') {
      this.out.byte(Opcode.idle)
      this.out.size(access.idleSeconds(word))
    } else {
      this.out.byte(Opcode.frequency)
      this.out.byte(access.counter(word))
    }
  }
}

/** The whole file at once, without a snapshot: for those who have stopped the world. */
export function encodeNow(engine: Engine, aux: AuxFields = []): Buffer {
  const encoder = new RdbEncoder(engine)
  encoder.begin(aux)
  for (const { index, size, volatile, tables } of engine.keyspace.databases) {
    if (size === 0) continue
    encoder.announce(index, size, volatile)
    tables.keys.forEach(ref => encoder.entry(index, ref))
  }
  return encoder.end()
}
