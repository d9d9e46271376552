/**
 * Writes a big stream in pieces: see serial/pieces.ts.
 *
 * Its nodes come some at a time, found again by their ids, and the groups with the last of them. Whoever is first to
 * change the stream meanwhile has all the rest written at once, which is a copy of its nodes: entries of a stream are
 * appended, seldom changed, but groups change with every delivery, and what belongs to them lies in many small tables.
 */

import type { ValuePieces, WriterSeat } from '../serial/pieces.js'
import { writeNode, writeRest } from './serial.js'
import type { Stream } from './stream.js'
import { StreamId } from './stream-id.js'

/** A stream with fewer nodes is written in one piece. */
export const BIG_STREAM_MIN = 64
const NODES_PER_PIECE = 8

export class StreamPieces implements ValuePieces {
  private readonly nextId = StreamId.least()
  private done = false

  constructor(
    /** Opens the stream. */
    private readonly open: () => Stream,
    private readonly seat: WriterSeat,
    private readonly belongs: (ref: number) => boolean,
  ) {
    seat.writer.size(open().nodes.count)
  }

  next(): boolean {
    if (!this.done) this.write(NODES_PER_PIECE)
    return !this.done
  }

  isOf(ref: number): boolean {
    return !this.done && this.belongs(ref)
  }

  beforeChange(): void {
    if (!this.done) this.write(Infinity)
  }

  end(): void {
    this.done = true
  }

  private write(nodes: number): void {
    const stream = this.open()
    const { table } = stream.nodes
    let more = table.seek(this.nextId)
    for (let left = nodes; more && left > 0; left--) {
      writeNode(stream, this.seat.writer)
      more = table.next()
    }
    if (more) {
      table.id(this.nextId)
      return
    }
    writeRest(stream, this.seat.writer)
    this.done = true
  }
}
