/**
 * What a group's pending entries stand for in the serial form of a stream (data/stream/serial.ts): first come all entries
 * with their times and counts, in the order of ids, then each consumer's ids alone. To put both together, where the
 * records stand is noted, four bytes for each, and a record is found by halving.
 */

import { SpanSource, ValueReader } from '../../server/data/serial/value-reader.js'
import { ID_BYTES, type StreamId } from '../../server/data/stream/stream-id.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import type { Retelling } from './plain-value.js'

export interface PendingRecord {
  readonly deliveredMs: bigint
  readonly deliveries: bigint
}

export class PendingRecords {
  private readonly places: Uint32Array
  private mem = new Mem(new ArrayBuffer(0))

  constructor(private readonly count: number) {
    this.places = new Uint32Array(count)
  }

  /** They stay where they are, and are read again when they are asked for. */
  *read(value: ValueReader): Retelling {
    for (let i = 0; i < this.count; i++) {
      yield
      const { mem, start } = value.bytes(ID_BYTES)
      value.int64()
      value.wideSize()
      this.places[i] = start
      this.mem = mem
    }
  }

  find(id: StreamId): PendingRecord {
    const { mem } = this
    const at = this.placeOf(id) + ID_BYTES
    const reader = new ValueReader(new SpanSource(new Span(mem, at, mem.length - at)))
    return { deliveredMs: reader.int64(), deliveries: reader.wideSize() }
  }

  private placeOf(id: StreamId): number {
    const { places, mem } = this
    let low = 0
    let high = this.count - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (id.compareAt(mem, places[middle]) > 0) low = middle + 1
      else high = middle
    }
    return places[low]
  }
}
