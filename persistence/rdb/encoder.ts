/**
 * Writes the parts of an RDB file into memory, from where they are taken in pieces. See format.ts. Strings are not
 * compressed yet and nothing is summed: that is for a press to do (press.ts).
 *
 * A big value is written in pieces, and the file has no place for others in between. So what comes while one is half
 * written goes *aside*, and follows when it is done; other big values that are begun meanwhile have memory of their own
 * until their turn comes:
 *
 *      out      what can be taken; the first of the half written values goes here
 *      strand   a half written value behind it
 *      aside    whole keys that came meanwhile
 *
 * Each of them says for itself which database it speaks of.
 */

import { type ValuePieces, WrappedPieces, type WriterSeat } from '../../server/data/serial/pieces.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import type { Engine } from '../../server/engine/engine.js'
import { REDIS_VERSION } from '../../server/engine/version.js'
import type { Keyspace } from '../../server/keyspace/keyspace.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import { Opcode, VERSION_WRITTEN } from './format.js'
import { CHECKSUM_BYTES, type ChecksumForm, DirectPress, PIECE_ROOM, type RawPiece } from './press.js'

/** Facts that stand at the head of a file, besides the usual ones. */
export type AuxFields = readonly (readonly [name: string, value: string | number])[]

/** Which age of a key is written. */
type Age = 'idle' | 'frequency' | 'none'

/** A part of the file that is being written. */
class Draft implements WriterSeat {
  /** The database that the last SELECTDB in it names. */
  selected = -1

  constructor(public writer: ValueWriter) {}

  /** Puts another part behind this one. */
  add({ writer, selected }: Draft): void {
    if (writer.length === 0) return
    this.writer.add(writer)
    this.selected = selected
  }
}

export class RdbEncoder {
  readonly checksum: ChecksumForm
  private readonly compress: 'later' | false
  private readonly out: Draft
  private readonly strands: Draft[] = []
  private aside: Draft | null = null
  private readonly age: Age
  private readonly key = new Span(new Mem(new ArrayBuffer(0)), 0, 0)

  constructor(private readonly engine: Engine) {
    const { rdbcompression, rdbchecksum, maxmemoryPolicy } = engine.config.values
    this.compress = rdbcompression ? 'later' : false
    this.out = this.draft()
    this.checksum = rdbchecksum ? 'sum' : 'zero'
    this.age = maxmemoryPolicy.endsWith('lfu')
      ? 'frequency'
      : maxmemoryPolicy.endsWith('lru')
        ? 'idle'
        : 'none'
  }

  /** Bytes that wait to be taken. */
  get length(): number {
    return this.out.writer.length
  }

  /** Bytes that wait for a big value to be done. */
  get heldBytes(): number {
    const held = this.strands.reduce((sum, { writer }) => sum + writer.length, this.aside?.writer.length ?? 0)
    return this.strands.length > 0 ? held - this.length : held
  }

  /** What comes before the keys. */
  begin(aux: AuxFields): void {
    const { engine } = this
    const out = this.out.writer
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
    const out = this.out.writer
    select(this.out, database)
    out.byte(Opcode.resizeDb)
    out.size(keys)
    out.size(volatile)
  }

  /** A key. Of a big value only the beginning: what is answered goes on with it. */
  entry(database: number, ref: number): ValuePieces | null {
    const { entries, kinds } = this.engine.keyspace
    const kind = kinds[entries.type(ref)]
    const isBig = kind.isBig?.(ref) === true && kind.pieces !== undefined
    const draft = this.draftFor(isBig)
    this.head(draft, database, ref, kind.rdbType(ref))
    if (isBig && kind.pieces !== undefined) return this.strand(draft, kind.pieces(ref, draft))
    kind.serialize(ref, draft.writer)
    return null
  }

  /** Takes what was written since the last time, for a press to make a piece of the file of. */
  take(spare = Mem.ofSize(PIECE_ROOM)): RawPiece {
    return { ...this.out.writer.detach(spare), last: false }
  }

  /** Ends the file; answers what is left of it. */
  end(): RawPiece {
    this.out.writer.byte(Opcode.end)
    this.out.writer.reserve(CHECKSUM_BYTES)
    return { ...this.take(Mem.ofSize(0)), last: true }
  }

  private draft(): Draft {
    return new Draft(new ValueWriter(this.compress, 'shared'))
  }

  private draftFor(isBig: boolean): Draft {
    if (this.strands.length === 0) return this.out
    if (isBig) return this.draft()
    return (this.aside ??= this.draft())
  }

  private strand(draft: Draft, pieces: ValuePieces): ValuePieces {
    this.strands.push(draft)
    return new Strand(pieces, () => this.finish())
  }

  /** The first of the half written values is done: what waited for it follows, and the next one goes on in `out`. */
  private finish(): void {
    const { out, strands, aside } = this
    strands.shift()
    if (aside !== null) out.add(aside)
    this.aside = null
    if (strands.length === 0) return
    out.add(strands[0])
    strands[0].writer = out.writer
  }

  private head(draft: Draft, database: number, ref: number, rdbType: number): void {
    const { entries } = this.engine.keyspace
    const { writer } = draft
    select(draft, database)
    this.writeAge(writer, this.engine.keyspace, ref)
    if (entries.expires(ref)) {
      writer.byte(Opcode.expiresMs)
      writer.int64(entries.expireAtExactly(ref))
    }
    writer.byte(rdbType)
    writer.string(entries.key(ref, this.key))
  }

  private writeAge(out: ValueWriter, { access, entries }: Keyspace, ref: number): void {
    if (this.age === 'none') return
    const word = entries.access(ref)
    if (this.age === 'idle') {
      out.byte(Opcode.idle)
      out.size(access.idleSeconds(word))
    } else {
      out.byte(Opcode.frequency)
      out.byte(access.counter(word))
    }
  }
}

/** A big value whose end lets others follow. */
class Strand extends WrappedPieces {
  constructor(
    pieces: ValuePieces,
    private readonly ended: () => void,
  ) {
    super(pieces)
  }

  override end(): void {
    super.end()
    this.ended()
  }
}

function select(draft: Draft, database: number): void {
  if (database === draft.selected) return
  draft.selected = database
  draft.writer.byte(Opcode.selectDb)
  draft.writer.size(database)
}

/** The whole file at once, without a snapshot: for those who have stopped the world. */
export function encodeNow(engine: Engine, aux: AuxFields = []): Buffer {
  const encoder = new RdbEncoder(engine)
  encoder.begin(aux)
  for (const { index, size, volatile, tables } of engine.keyspace.databases) {
    if (size === 0) continue
    encoder.announce(index, size, volatile)
    tables.keys.forEach(ref => {
      const pieces = encoder.entry(index, ref)
      while (pieces?.next() === true) continue
      pieces?.end()
    })
  }
  const whole = encoder.end()
  return whole.mem.u8.subarray(0, new DirectPress(encoder.checksum).press(whole))
}
