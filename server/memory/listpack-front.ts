/**
 * The front of a listpack that has free bytes before it.
 *
 * A listpack begins with its header, so what is put in front would push everything else to the right, as Redis
 * does it: a copy of the whole for each LPUSH and LPOP. But nobody says that a block must begin with its listpack.
 * Where there is a gap before it, only the header moves: six bytes, however long the listpack is.
 *
 *      |   gap   | header | a | b | c | END |          x comes in front:
 *      | gap | header | x | a | b | c | END |
 */

import type { Mem } from '../lib/bytes.js'
import type { Element } from './element.js'
import { COUNT_AT, COUNT_UNKNOWN, LISTPACK_HEADER, listpackBytes } from './listpack.js'
import { END, entryBytes, entryBytesFor, writeEntry } from './listpack-entry.js'

/** Needs `entryBytesFor(element)` free bytes before `start`. Answers where the listpack begins now. */
export function prependElement(mem: Mem, start: number, element: Element): number {
  const bytes = entryBytesFor(element)
  moveHeader(mem, start, start - bytes, 1)
  writeEntry(mem, start - bytes + LISTPACK_HEADER, element)
  return start - bytes
}

/** Drops the first entries, as many as there are up to `count`. Answers where the listpack begins now. */
export function dropFirst(mem: Mem, start: number, count: number): number {
  let position = start + LISTPACK_HEADER
  let dropped = 0
  for (; dropped < count && mem.u8[position] !== END; dropped++) position += entryBytes(mem, position)
  const moved = position - LISTPACK_HEADER
  moveHeader(mem, start, moved, -dropped)
  return moved
}

/** A count that leaves the header's range is unknown, until somebody counts. */
function moveHeader(mem: Mem, from: number, to: number, entries: number): void {
  const bytes = listpackBytes(mem, from) + from - to
  const noted = mem.dv.getUint16(from + COUNT_AT, true)
  const count = noted === COUNT_UNKNOWN ? COUNT_UNKNOWN : Math.min(noted + entries, COUNT_UNKNOWN)
  mem.dv.setUint32(to, bytes, true)
  mem.dv.setUint16(to + COUNT_AT, count, true)
}
