/**
 * A value becomes the commands that make it.
 *
 * The forms in memory are private to their types, and a big value is written while commands go on changing it. Both are
 * solved already for RDB files. So a value is first written as there, into memory, and a *retelling* reads that and
 * writes commands, step by step:
 *
 *      value --- serialize, or pieces (data/serial/pieces.ts) ---> bytes --- retelling ---> commands
 *
 * What it costs is that elements are copied once more. A retelling is a generator: it yields before every part that it
 * reads, and is resumed only when the bytes of that part are there. Between two slices the elements told so far become a
 * command, for others may have their turn.
 */

import { CUT_SHORT } from '../../server/data/serial/bad-data.js'
import { type ValuePieces, WrappedPieces } from '../../server/data/serial/pieces.js'
import { type ByteSource, ValueReader } from '../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Span } from '../../server/lib/bytes.js'
import type { KeyWriter } from './command-writer.js'

export type Retelling = Generator<undefined, void, undefined>
export type Retell = (value: ValueReader, to: KeyWriter) => Retelling

/** Parts of a big value that are told at a time: some hundred microseconds. */
const PARTS_PER_SLICE = 128

/** Where a value is written to, and read from again. */
export class ValueRelay implements ByteSource {
  /** As encoders write it: see WriterSeat. */
  readonly writer = new ValueWriter(false)
  private at = 0

  /** Bytes that were written and not read yet. */
  get left(): number {
    return this.writer.length - this.at
  }

  take(count: number): Span {
    if (count > this.left) throw CUT_SHORT
    const { mem } = this.writer.written
    this.at += count
    return new Span(mem, this.at - count, count)
  }

  /** What was read is forgotten, if that is all there is. */
  rest(): void {
    if (this.left > 0) return
    this.writer.reset()
    this.at = 0
  }
}

/** Tells a value that stands in the relay as a whole. */
export function retellAll(relay: ValueRelay, retell: Retell, to: KeyWriter): void {
  const retelling = retell(new ValueReader(relay), to)
  while (retelling.next().done !== true) continue
  to.flush()
  relay.rest()
}

/** Tells a big value in pieces, and what comes behind it. */
export class RetoldPieces extends WrappedPieces {
  private readonly retelling: Retelling
  private more = true

  constructor(
    pieces: ValuePieces,
    private readonly relay: ValueRelay,
    retell: Retell,
    private readonly to: KeyWriter,
    private readonly finish: () => void,
  ) {
    super(pieces)
    this.retelling = retell(new ValueReader(relay), to)
    this.retelling.next()
  }

  override get keptBytes(): number {
    return super.keptBytes + this.relay.left
  }

  override next(): boolean {
    const { relay, retelling } = this
    if (relay.left === 0) this.fetch()
    let done = false
    for (let parts = 0; parts < PARTS_PER_SLICE && relay.left > 0; parts++) {
      done = retelling.next().done === true
    }
    this.to.flush()
    relay.rest()
    if (done) this.finish()
    return !done
  }

  private fetch(): void {
    if (!this.more) throw new Error('a value has ended before it was told')
    this.more = this.pieces.next()
  }
}
