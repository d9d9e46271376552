/** What the serial form of a stream is made of: ids and counters. See serial.ts. */

import { STREAM_TIME_INVALID } from '../serial/bad-data.js'
import type { ValueReader } from '../serial/value-reader.js'
import type { ValueWriter } from '../serial/value-writer.js'
import { UNKNOWN } from './groups.js'
import { ID_BYTES, StreamId } from './stream-id.js'

const INT64_MAX = 2n ** 63n - 1n

export function writeId(writer: ValueWriter, id: StreamId): void {
  writer.size(id.ms)
  writer.size(id.seq)
}

export function readId(reader: ValueReader): StreamId {
  const ms = reader.wideSize()
  return new StreamId().setParts(ms, reader.wideSize())
}

export function readIdBytes(reader: ValueReader): StreamId {
  const { mem, start } = reader.bytes(ID_BYTES)
  return new StreamId().read(mem, start)
}

/** Unix ms; -1 stands for never. */
export function readTime(reader: ValueReader): number {
  const ms = Number(reader.int64())
  if (ms < -1 || ms > Number.MAX_SAFE_INTEGER) throw STREAM_TIME_INVALID
  return ms
}

export function unsigned(value: number | bigint): number | bigint {
  return value < 0 ? BigInt.asUintN(64, BigInt(value)) : value
}

/** Counters are signed; -1 stands for what is unknown. */
export function signed(value: bigint): number | bigint {
  if (value > INT64_MAX) return UNKNOWN
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
}
