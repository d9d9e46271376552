/** How an entry holds its key: length (1 byte, or 0xFF and 4 bytes) and bytes. */

import type { Mem, Span } from '../lib/bytes.js'
import { sameBytes } from '../lib/bytes.js'

/** Keys from this length on have a 4-byte length behind a 0xFF byte. */
const LONG_KEY = 0xff

/** The bytes that the key and its length take in an entry. */
export function keyRoom(keyLength: number): number {
  return keyLength < LONG_KEY ? 1 + keyLength : 5 + keyLength
}

/** Writes length and key at `at`; answers where the key ends. */
export function writeKey(mem: Mem, at: number, key: Span): number {
  if (key.length < LONG_KEY) {
    mem.u8[at] = key.length
    key.copyTo(mem, at + 1)
    return at + 1 + key.length
  }
  mem.u8[at] = LONG_KEY
  mem.dv.setUint32(at + 1, key.length, true)
  key.copyTo(mem, at + 5)
  return at + 5 + key.length
}

/** Where the key ends whose length begins at `at`. */
export function keyEnd(mem: Mem, at: number): number {
  const length = mem.u8[at]
  return length < LONG_KEY ? at + 1 + length : at + 5 + mem.dv.getUint32(at + 1, true)
}

/** Points `span` at the key whose length begins at `at`. */
export function readKey(mem: Mem, at: number, span: Span): Span {
  const length = mem.u8[at]
  if (length < LONG_KEY) return span.set(mem, at + 1, length)
  return span.set(mem, at + 5, mem.dv.getUint32(at + 1, true))
}

/** The length of the key whose bytes stand behind `at`; -1: it is a long one, and they stand further on. */
export function shortKeyLength(mem: Mem, at: number): number {
  const length = mem.u8[at]
  return length < LONG_KEY ? length : -1
}

/** True when the key whose length begins at `at` has these bytes. */
export function holdsKey(mem: Mem, at: number, key: Span): boolean {
  const length = mem.u8[at]
  if (length < LONG_KEY) return length === key.length && sameBytes(mem, at + 1, key.mem, key.start, length)
  const long = mem.dv.getUint32(at + 1, true)
  return long === key.length && sameBytes(mem, at + 5, key.mem, key.start, long)
}
