/**
 * A base in plain form (`aof-use-rdb-preamble no`): the commands that make each key.
 *
 *     string           SET key value
 *     list, set        RPUSH or SADD key element ..., some at a time
 *     anything else    RESTORE key 0 payload, what DUMP answers: exact for every type, with all that belongs to it
 *     time to live     PEXPIREAT key ms
 *     functions        FUNCTION LOAD source
 */

import { seal } from '../../server/data/serial/dump-payload.js'
import { Type } from '../../server/data/entry.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import type { ValueKind } from '../../server/data/kind.js'
import type { Engine } from '../../server/engine/engine.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import type { RawPiece } from '../rdb/press.js'
import type { SnapshotEncoder } from '../rdb/snapshot-run.js'
import { WriteBuffer } from './buffer.js'

const ELEMENTS_PER_COMMAND = 64

/** How types whose elements come in order are made. */
const ADDERS: Readonly<Partial<Record<Type, string>>> = { [Type.list]: 'RPUSH', [Type.set]: 'SADD' }

type Word = Span | string

export class PlainEncoder implements SnapshotEncoder {
  /** Nothing waits for a value to be done. */
  readonly heldBytes = 0
  readonly checksum = 'none'
  private readonly out = new WriteBuffer()
  private readonly payload = new ValueWriter(true)
  private readonly key = new Span(new Mem(new ArrayBuffer(0)), 0, 0)
  private readonly value = new Span(new Mem(new ArrayBuffer(0)), 0, 0)
  private selected = -1

  constructor(private readonly engine: Engine) {}

  get length(): number {
    return this.out.length
  }

  begin(): void {
    const { clock, config, functions } = this.engine
    if (config.values.aofTimestampEnabled) this.out.addText(`#TS:${Math.floor(clock.wallMs() / 1000)}\r\n`)
    for (const code of functions.all()) this.command(['FUNCTION', 'LOAD', Span.of(code)])
  }

  /** A log of commands needs no announcement. */
  announce(): void {}

  /** Big values too are written in one piece. */
  entry(database: number, ref: number): null {
    const { entries, kinds, strings } = this.engine.keyspace
    const key = entries.key(ref, this.key)
    const type = entries.type(ref)
    this.select(database)
    if (type === Type.string) this.command(['SET', key, strings.view(ref, this.value)])
    else if (!this.addElements(key, type, kinds[type], ref)) this.restore(key, kinds[type], ref)
    if (entries.expires(ref)) this.command(['PEXPIREAT', key, `${entries.expireAtExactly(ref)}`])
    return null
  }

  take(): RawPiece {
    const batch = this.out.take()
    const bytes = Uint8Array.from(batch.bytes).buffer
    this.out.give(batch)
    return { bytes, length: bytes.byteLength, marks: new Uint32Array(0), last: false }
  }

  end(): RawPiece {
    return { ...this.take(), last: true }
  }

  private select(database: number): void {
    if (database === this.selected) return
    this.selected = database
    this.command(['SELECT', `${database}`])
  }

  /** False when the type is not of that sort. */
  private addElements(key: Span, type: Type, kind: ValueKind, ref: number): boolean {
    const adder = ADDERS[type]
    if (adder === undefined || kind.elements === undefined) return false
    let elements: Word[] = []
    const flush = (): void => {
      if (elements.length > 0) this.command([adder, key, ...elements])
      elements = []
    }
    kind.elements(ref, element => {
      elements.push(element.clone())
      if (elements.length === ELEMENTS_PER_COMMAND) flush()
    })
    flush()
    return true
  }

  private restore(key: Span, kind: ValueKind, ref: number): void {
    const { payload } = this
    payload.reset()
    payload.byte(kind.rdbType(ref))
    kind.serialize(ref, payload)
    seal(payload)
    this.command(['RESTORE', key, '0', payload.written])
  }

  private command(words: readonly Word[]): void {
    this.out.addText(`*${words.length}\r\n`)
    for (const word of words) {
      this.out.addText(`$${word.length}\r\n`)
      if (typeof word === 'string') this.out.addText(word)
      else this.out.add(word.mem, word.start, word.length)
      this.out.addText('\r\n')
    }
  }
}
