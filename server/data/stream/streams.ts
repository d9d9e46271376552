/** Streams as a kind of value, and the way to them: `open` aims the one view there is at the value of an entry. */

import { type Arena, blockBytes } from '../../memory/arena.js'
import { type Entries, Type } from '../entry.js'
import type { Place, ValueKind } from '../kind.js'
import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import type { ValueDigest } from '../value-digest.js'
import { copyStream } from './copy.js'
import { EntryWriter } from './entry-writer.js'
import { RequestFields } from './fields.js'
import { BIG_STREAM_MIN, StreamPieces } from './pieces.js'
import { STREAM_RDB_TYPES, formOf, readStream, writeStream } from './serial.js'
import { Stream } from './stream.js'
import { StreamId } from './stream-id.js'

export class Streams implements ValueKind {
  readonly name = 'stream'
  readonly rdbTypes = STREAM_RDB_TYPES
  /** The directives stream-node-max-bytes and stream-node-max-entries. */
  readonly limits = { bytes: 4096, entries: 100 }
  readonly writer = new EntryWriter()
  /** For XADD: the fields of its request. */
  readonly fields = new RequestFields()
  /** For commands that need an id while they run. */
  readonly scratchId = new StreamId()
  private readonly stream: Stream
  private readonly made: Stream

  constructor(
    arena: Arena,
    private readonly entries: Entries,
  ) {
    this.stream = new Stream(arena, this.limits)
    this.made = new Stream(arena, this.limits)
  }

  /** The stream of an entry; good until the next one is opened. */
  open(ref: number): Stream {
    return this.stream.open(this.entries.payload(ref))
  }

  /** Puts an empty stream into an entry without a value. */
  create(ref: number): Stream {
    const stream = this.stream.create()
    this.entries.setPayload(ref, stream.root)
    return stream
  }

  inlineBytes(): number {
    return 0
  }

  encodingName(): string {
    return 'stream'
  }

  free(ref: number): void {
    this.open(ref).free(Infinity)
  }

  freeSlice(ref: number, budget: number): boolean {
    return this.open(ref).free(budget)
  }

  freeEffort(ref: number): number {
    const stream = this.open(ref)
    let effort = stream.nodes.count
    for (let i = 0; i < stream.groupCount; i++) effort += stream.groupAt(i).blockCount
    return effort
  }

  bytes(ref: number): number {
    let sum = 0
    for (const [, bytes] of this.blocks(ref)) sum += blockBytes(bytes)
    return sum
  }

  blocks(ref: number): Iterable<readonly [ref: number, bytes: number]> {
    return this.open(ref).blocks()
  }

  copy(ref: number, place: Place): number {
    const copied = copyStream(this.open(ref), this.made.create())
    return this.placed(copied, place)
  }

  rdbType(ref: number): number {
    return formOf(this.open(ref))
  }

  serialize(ref: number, writer: ValueWriter): void {
    writeStream(this.open(ref), writer)
  }

  isBig(ref: number): boolean {
    return this.open(ref).nodes.count >= BIG_STREAM_MIN
  }

  pieces(ref: number, seat: WriterSeat): ValuePieces {
    const { entries } = this
    const root = entries.payload(ref)
    const belongs = (other: number): boolean =>
      entries.type(other) === Type.stream && entries.payload(other) === root
    return new StreamPieces(() => this.stream.open(root), seat, belongs)
  }

  deserialize(rdbType: number, reader: ValueReader, place: Place): number {
    const stream = this.made.create()
    try {
      readStream(rdbType, reader, stream)
    } catch (error) {
      stream.free(Infinity)
      throw error
    }
    return this.placed(stream, place)
  }

  digest(ref: number, digest: ValueDigest): void {
    const cursor = this.open(ref).range(StreamId.least(), StreamId.greatest())
    while (cursor.next()) {
      digest.ordered(Buffer.from(cursor.id.toString().replace('-', '.')))
      while (cursor.nextField()) digest.ordered(cursor.field.span().bytes(), cursor.value.span().bytes())
    }
  }

  private placed(stream: Stream, place: Place): number {
    const { root } = stream
    const made = place(0)
    this.entries.setEncoding(made, Type.stream, 0)
    this.entries.setPayload(made, root)
    return made
  }
}
