/**
 * A field in the table of a big hash: one block.
 *
 *      field   length and bytes: see key.ts
 *      time    0xFE and 6 bytes: unix ms when the field dies; only fields that die have it
 *      value   length (1 byte below 0xFE, or 0xFF and 4 bytes) and bytes
 *
 * So a field that lives for ever pays nothing for the others, and a hash needs no other form when the first of its
 * fields gets a time.
 */

import type { Mem, Span } from '../../lib/bytes.js'
import { keyEnd, keyRoom, writeKey } from '../../memory/key.js'

/** Stands where a value's length would, before a time. */
export const TIME_MARK = 0xfe
const LONG_VALUE = 0xff
const TIME_BYTES = 7
const TWO_32 = 4294967296

/** Lives for ever. */
export const NO_TIME = -1

/** The bytes of an entry. `time`: unix ms, or NO_TIME. */
export function fieldEntryBytes(fieldLength: number, valueLength: number, time: number): number {
  return keyRoom(fieldLength) + (time === NO_TIME ? 0 : TIME_BYTES) + valueRoom(valueLength)
}

/** The bytes of a value with its length. */
export function valueRoom(length: number): number {
  return length < TIME_MARK ? 1 + length : 5 + length
}

/** Writes all of an entry. */
export function writeFieldEntry(mem: Mem, at: number, field: Span, value: Span, time: number): void {
  writeRest(mem, writeKey(mem, at, field), value, time)
}

/** Writes what follows the field, at `at`. */
export function writeRest(mem: Mem, at: number, value: Span, time: number): void {
  let end = at
  if (time !== NO_TIME) {
    mem.u8[end] = TIME_MARK
    writeTime(mem, end, time)
    end += TIME_BYTES
  }
  if (value.length < TIME_MARK) {
    mem.u8[end] = value.length
    value.copyTo(mem, end + 1)
    return
  }
  mem.u8[end] = LONG_VALUE
  mem.dv.setUint32(end + 1, value.length, true)
  value.copyTo(mem, end + 5)
}

/** Overwrites the time of a field that has one. `at`: behind the field. */
export function writeTime(mem: Mem, at: number, time: number): void {
  const high = Math.floor(time / TWO_32)
  mem.dv.setUint16(at + 5, high, true)
  mem.dv.setInt32(at + 1, time - high * TWO_32, true)
}

/** The time of the entry at `at`, or NO_TIME. */
export function entryTime(mem: Mem, at: number): number {
  return readTime(mem, keyEnd(mem, at))
}

/** Points `span` at the value of the entry at `at`. */
export function entryValue(mem: Mem, at: number, span: Span): Span {
  return readValue(mem, keyEnd(mem, at), span)
}

/** The time, or NO_TIME. `at`: behind the field. */
export function readTime(mem: Mem, at: number): number {
  if (mem.u8[at] !== TIME_MARK) return NO_TIME
  return mem.dv.getUint16(at + 5, true) * TWO_32 + mem.dv.getUint32(at + 1, true)
}

/** Points `span` at the value. `at`: behind the field. */
export function readValue(mem: Mem, at: number, span: Span): Span {
  const from = mem.u8[at] === TIME_MARK ? at + TIME_BYTES : at
  const length = mem.u8[from]
  if (length < TIME_MARK) return span.set(mem, from + 1, length)
  return span.set(mem, from + 5, mem.dv.getUint32(from + 1, true))
}
