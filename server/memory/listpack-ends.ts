/**
 * The two ends of a listpack, for a block that has free bytes on both sides of it.
 *
 * A listpack begins with its header, so what is put in front would push everything else to the right, as Redis
 * does it: a copy of the whole for each LPUSH and LPOP. But nobody says that a block must begin with its listpack.
 * Where there is a gap before it, only the header moves: six bytes, however long the listpack is.
 *
 *      |   gap   | header | a | b | c | END |          x comes in front:
 *      | gap | header | x | a | b | c | END |
 *
 * `bytes` is `entryBytesFor(element)`, which the caller has to know in order to see to the room.
 */

import type { Mem } from '../lib/bytes.js'
import type { Element } from './element.js'
import { COUNT_AT, COUNT_UNKNOWN, LISTPACK_HEADER, listpackBytes } from './listpack.js'
import { END, entryBefore, entryBytes, writeEntry } from './listpack-entry.js'

/** Needs `bytes` free bytes before `start`. Answers where the listpack begins now. */
export function prependElement(mem: Mem, start: number, element: Element, bytes: number): number {
  writeHeader(mem, start, start - bytes, listpackBytes(mem, start) + bytes, 1)
  writeEntry(mem, start - bytes + LISTPACK_HEADER, element)
  return start - bytes
}

/** Needs `bytes` free bytes behind the listpack. */
export function appendElement(mem: Mem, start: number, element: Element, bytes: number): void {
  const total = listpackBytes(mem, start) + bytes
  writeEntry(mem, start + total - bytes - 1, element)
  mem.u8[start + total - 1] = END
  writeHeader(mem, start, start, total, 1)
}

/** Drops the first entries, as many as there are up to `count`. Answers where the listpack begins now. */
export function dropFirst(mem: Mem, start: number, count: number): number {
  let position = start + LISTPACK_HEADER
  let dropped = 0
  for (; dropped < count && mem.u8[position] !== END; dropped++) position += entryBytes(mem, position)
  const moved = position - LISTPACK_HEADER
  writeHeader(mem, start, moved, listpackBytes(mem, start) + start - moved, -dropped)
  return moved
}

/** Drops the last entries, as many as there are up to `count`. */
export function dropLast(mem: Mem, start: number, count: number): void {
  const first = start + LISTPACK_HEADER
  let position = start + listpackBytes(mem, start) - 1
  let dropped = 0
  for (; dropped < count && position !== first; dropped++) position = entryBefore(mem, position)
  mem.u8[position] = END
  writeHeader(mem, start, start, position + 1 - start, -dropped)
}

/** A count that leaves the header's range is unknown, until somebody counts. */
function writeHeader(mem: Mem, from: number, to: number, bytes: number, entries: number): void {
  const noted = mem.dv.getUint16(from + COUNT_AT, true)
  const count = noted === COUNT_UNKNOWN ? COUNT_UNKNOWN : Math.min(noted + entries, COUNT_UNKNOWN)
  mem.dv.setUint32(to, bytes, true)
  mem.dv.setUint16(to + COUNT_AT, count, true)
}
