/**
 * A base in plain form (`aof-use-rdb-preamble no`): the commands that make each key, as Redis writes them.
 *
 *     string           SET key value
 *     list, set        RPUSH or SADD key element ...              up to 64 elements at a time
 *     sorted set       ZADD key score member ...
 *     hash             HMSET key field value ...                  HPEXPIREAT for each field that has a time to live
 *     stream           XADD, XSETID, XGROUP, XCLAIM               see plain-stream.ts
 *     time to live     PEXPIREAT key ms
 *     functions        FUNCTION LOAD source
 *
 * Commands say themselves what they are about, so those of a big value that is written in pieces may have others among
 * them.
 */

import { Type } from '../../server/data/entry.js'
import { RdbType } from '../../server/data/serial/encoding.js'
import type { ValuePieces } from '../../server/data/serial/pieces.js'
import type { Engine } from '../../server/engine/engine.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import type { RawPiece } from '../rdb/press.js'
import type { SnapshotEncoder } from '../rdb/snapshot-run.js'
import { CommandWriter, KeyWriter } from './command-writer.js'
import {
  retellHash,
  retellIntset,
  retellList,
  retellPackedHash,
  retellPackedSortedSet,
  retellSet,
  retellSortedSet,
  retellTimedHash,
} from './plain-collections.js'
import { lostEntries, streamRetelling } from './plain-stream.js'
import { type Retell, RetoldPieces, retellAll, ValueRelay } from './plain-value.js'

/** By the forms in which types write their values; streams have more to them. */
const RETELL: ReadonlyMap<number, Retell> = new Map<number, Retell>([
  [RdbType.listQuicklist2, retellList],
  [RdbType.set, retellSet],
  [RdbType.setIntset, retellIntset],
  [RdbType.zset2, retellSortedSet],
  [RdbType.zsetListpack, retellPackedSortedSet],
  [RdbType.hash, retellHash],
  [RdbType.hashListpack, retellPackedHash],
  [RdbType.hashMetadata, retellTimedHash],
])

export class PlainEncoder implements SnapshotEncoder {
  /** What waits for a value to be done is its pieces' own affair. */
  readonly heldBytes = 0
  readonly checksum = 'none'
  private readonly out: CommandWriter
  private readonly relay = new ValueRelay()
  private readonly key = new Span(new Mem(new ArrayBuffer(0)), 0, 0)
  private readonly value = new Span(new Mem(new ArrayBuffer(0)), 0, 0)

  constructor(private readonly engine: Engine) {
    this.out = new CommandWriter(() => engine.config.values.aofChecksumEnabled)
  }

  get length(): number {
    return this.out.length
  }

  begin(): void {
    const { clock, config, functions } = this.engine
    this.out.begin()
    if (config.values.aofTimestampEnabled) this.out.annotate(`TS:${Math.floor(clock.wallMs() / 1000)}`)
    for (const code of functions.all()) this.out.send('FUNCTION', 'LOAD', Span.of(code))
  }

  /** A log of commands needs no announcement. */
  announce(): void {}

  /** A key. Of a big value only the beginning: what is answered goes on with it. */
  entry(database: number, ref: number): ValuePieces | null {
    const { entries, strings } = this.engine.keyspace
    const key = entries.key(ref, this.key)
    const isString = entries.type(ref) === Type.string
    if (!isString && this.isBig(ref)) return this.begun(new KeyWriter(this.out, database, key.clone()), ref)
    const to = new KeyWriter(this.out, database, key)
    if (isString) to.write('SET', strings.view(ref, this.value))
    else this.tell(ref, to)
    if (entries.expires(ref)) expire(to, entries.expireAtExactly(ref))
    return null
  }

  take(): RawPiece {
    return this.out.take()
  }

  end(): RawPiece {
    return this.out.take(true)
  }

  private isBig(ref: number): boolean {
    const { entries, kinds } = this.engine.keyspace
    return kinds[entries.type(ref)].isBig?.(ref) === true
  }

  private tell(ref: number, to: KeyWriter): void {
    const { entries, kinds } = this.engine.keyspace
    kinds[entries.type(ref)].serialize(ref, this.relay.writer)
    retellAll(this.relay, this.retellOf(ref), to)
  }

  private begun(to: KeyWriter, ref: number): ValuePieces {
    const { entries, kinds } = this.engine.keyspace
    const dueMs = entries.expires(ref) ? entries.expireAtExactly(ref) : null
    const retell = this.retellOf(ref)
    const relay = new ValueRelay()
    const pieces = kinds[entries.type(ref)].pieces?.(ref, relay)
    if (pieces === undefined) throw new Error('a big value has no pieces')
    return new RetoldPieces(pieces, relay, retell, to, () => {
      if (dueMs !== null) expire(to, dueMs)
    })
  }

  private retellOf(ref: number): Retell {
    const { entries, kinds, streams, arena } = this.engine.keyspace
    const type = entries.type(ref)
    const form = kinds[type].rdbType(ref)
    if (type === Type.stream) return streamRetelling(form, lostEntries(streams.open(ref)), arena)
    const retell = RETELL.get(form)
    if (retell === undefined) throw new Error(`nobody can retell a value of form ${form}`)
    return retell
  }
}

function expire(to: KeyWriter, dueMs: number | bigint): void {
  to.write('PEXPIREAT', dueMs)
}
