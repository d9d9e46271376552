/**
 * What DUMP answers and RESTORE takes:
 *
 *      payload   RDB type, value, RDB version: u16, CRC-64 of all before it: u64
 *
 * Both numbers are little endian. We write version 10, which every server since 7.0 takes, and read all there are.
 * A checksum of zero says that there is none, as in RDB files.
 */

import { Span } from '../../lib/bytes.js'
import { crc64 } from '../../lib/crc64.js'
import { BAD_DUMP } from '../../resp/errors.js'
import type { ValueWriter } from './value-writer.js'

/** Readable by Redis 7.0. */
const VERSION_WRITTEN = 10
/** Redis 8 writes 12 to 15; Valkey 9 writes 80. */
const VERSION_READ_MAX = 81
const FOOTER = 10

/** Ends the payload that stands in the writer. */
export function seal(writer: ValueWriter): void {
  writer.uint16(VERSION_WRITTEN)
  const { mem, start, length } = writer.written
  writer.uint64(crc64(mem.u8, start, length))
}

/** What a payload holds. */
export interface Unsealed {
  /** The type, and then the value. */
  readonly content: Span
  readonly version: number
}

/** Opens a payload. Throws BAD_DUMP. `trusted`: the checksum is not looked at. */
export function unseal(payload: Span, trusted: boolean): Unsealed {
  const { mem, start, length } = payload
  if (length < FOOTER) throw BAD_DUMP
  const footer = start + length - FOOTER
  const version = mem.dv.getUint16(footer, true)
  if (version > VERSION_READ_MAX) throw BAD_DUMP
  const sum = mem.dv.getBigUint64(footer + 2, true)
  if (!trusted && sum !== 0n && sum !== crc64(mem.u8, start, length - 8)) throw BAD_DUMP
  return { content: new Span(mem, start, length - FOOTER), version }
}
