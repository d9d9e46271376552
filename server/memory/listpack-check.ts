import type { Mem, Span } from '../lib/bytes.js'
import { COUNT_AT, COUNT_UNKNOWN, EMPTY_LISTPACK_BYTES, LISTPACK_HEADER } from './listpack.js'
import { backBytes, dataBytes, END, lengthBytes, shortDataBytes } from './listpack-entry.js'

/**
 * True when a run of bytes, from whoever, is one listpack from its first byte to its last, so that every function
 * of listpack.ts is safe on it: each entry lies within, its length backwards agrees with its length forwards,
 * and the header tells the truth. Reads every entry, and no byte outside of the span.
 *
 * It does not ask whether integers are stored in their smallest form, nor whether the elements make sense as a
 * hash or a sorted set: an even number of them, no field twice.
 */
export function isValidListpack(span: Span): boolean {
  if (!isListpackFrame(span)) return false
  const { mem, start, length } = span
  const count = countEntries(mem, start + LISTPACK_HEADER, start + length - 1)
  return count !== INVALID && isCountNoted(span, count)
}

/** True when a run of bytes has the length that it says, and ends as a listpack does. */
export function isListpackFrame({ mem, start, length }: Span): boolean {
  if (length < EMPTY_LISTPACK_BYTES || mem.dv.getUint32(start, true) !== length) return false
  return mem.u8[start + length - 1] === END
}

/** True when the header says that there are so many entries, or says nothing. */
export function isCountNoted({ mem, start }: Span, count: number): boolean {
  const noted = mem.dv.getUint16(start + COUNT_AT, true)
  return noted === COUNT_UNKNOWN || noted === count
}

export const INVALID = -1

/** How many entries there are from `position` to `end`, or INVALID. */
function countEntries(mem: Mem, position: number, end: number): number {
  let count = 0
  for (; position < end; count++) {
    position = behindEntry(mem, position, end)
    if (position === INVALID) return INVALID
  }
  return count
}

/** The position behind a valid entry that begins before `end` and ends there at the latest, or INVALID. */
export function behindEntry(mem: Mem, position: number, end: number): number {
  const { u8 } = mem
  const data = SHORT_DATA_BYTES[u8[position]]
  if (data > 0 && position + data < end && u8[position + data] === data) return position + data + 1
  return behindLongEntry(mem, position, end)
}

/** By the first byte of an entry, nearly all of which are short; 0 where that does not tell. */
const SHORT_DATA_BYTES = Uint8Array.from({ length: 256 }, (_, first) => shortDataBytes(first))

/** As `behindEntry`, where the first byte does not tell. */
function behindLongEntry(mem: Mem, position: number, end: number): number {
  const head = lengthBytes(mem.u8[position])
  if (head === 0 || position + head > end) return INVALID
  const data = dataBytes(mem, position)
  const behind = position + data + backBytes(data)
  return behind <= end && endsWithLength(mem, behind, data) ? behind : INVALID
}

/** True when what stands before `position` is the backward length of `data` bytes, as we would write it. */
function endsWithLength(mem: Mem, position: number, data: number): boolean {
  for (let left = backBytes(data); left > 1; left--, data >>>= 7) {
    if (mem.u8[--position] !== ((data & 127) | 128)) return false
  }
  return mem.u8[position - 1] === data
}
