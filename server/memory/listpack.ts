/**
 * The listpack: a small sequence of elements in one run of bytes.
 *
 * A short list, hash, set or sorted set is not worth a structure with references: one block, read from front to
 * back, is smaller and, up to some hundred elements, faster. The layout is Redis' own, byte for byte, because
 * RDB files, DUMP and a full sync carry listpacks as they are: saving one is a copy.
 *
 *      listpack  =  total bytes (u32)  count (u16)  entry*  0xFF           all numbers little-endian
 *      entry     =  encoding and data  length of these backwards (1-5 bytes)
 *
 *      0xxxxxxx                      0..127                               1 byte in all
 *      10llllll  bytes               text of up to 63 bytes
 *      110xxxxx  x                   -4096..4095, upper bits first        2
 *      1110llll  l  bytes            text of up to 4095 bytes, upper bits of the length first
 *      11110000  llll  bytes         text
 *      11110001  xx                  int16                                3
 *      11110010  xxx                 int24                                4
 *      11110011  xxxx                int32                                5
 *      11110100  xxxxxxxx            int64                                9
 *
 *      `count` is exact up to 65534; 65535 means: count them.
 *
 * Behind each entry stands its length once more, for whoever comes from the right: seven bits to a byte, the
 * lowest in the last byte, a set upper bit saying that there is another byte to the left.
 *
 * An integer is stored as one exactly when it can be (see element.ts), in the smallest form that holds it. So an
 * element has one encoding, and equal listpacks are equal bytes.
 *
 * Places. A listpack is (mem, start); an entry is its distance `at` from that start, which survives the block
 * being moved to grow. The end, where 0xFF stands, is a place too: to insert there is to append. NO_ENTRY is the
 * answer where there is none.
 *
 * Room is the caller's business, as blocks are: an element occupies `entryBytesFor(element)`, and the caller sees
 * to it that the block has that much more before inserting. Functions move what is behind in place.
 *
 * What it does not promise: anything on bytes that are no listpack. What comes from outside has to pass
 * `isValidListpack` (listpack-check.ts) first. A valid foreign listpack may hold `12` as text; it is found,
 * and read as text.
 */

import { copyBytes, type Mem } from '../lib/bytes.js'
import type { Element } from './element.js'
import {
  END,
  entryBefore,
  entryBytes,
  entryBytesFor,
  entryEquals,
  readEntry,
  writeEntry,
} from './listpack-entry.js'

export { entryBytesFor } from './listpack-entry.js'

/** Total bytes and count. */
export const LISTPACK_HEADER = 6
export const EMPTY_LISTPACK_BYTES = LISTPACK_HEADER + 1
export const COUNT_AT = 4
export const COUNT_UNKNOWN = 65535

export const NO_ENTRY = -1

/** Makes an empty listpack of EMPTY_LISTPACK_BYTES. */
export function initListpack(mem: Mem, start: number): void {
  setBytes(mem, start, EMPTY_LISTPACK_BYTES)
  mem.dv.setUint16(start + COUNT_AT, 0, true)
  mem.u8[start + LISTPACK_HEADER] = END
}

/** All of it, header and end included. */
export function listpackBytes(mem: Mem, start: number): number {
  return mem.dv.getUint32(start, true)
}

/** How many elements. When that had to be counted and fits the header, it is noted there. */
export function listpackLength(mem: Mem, start: number): number {
  const noted = mem.dv.getUint16(start + COUNT_AT, true)
  if (noted !== COUNT_UNKNOWN) return noted
  let count = 0
  for (let at = firstEntry(mem, start); at !== NO_ENTRY; at = nextEntry(mem, start, at)) count++
  if (count < COUNT_UNKNOWN) mem.dv.setUint16(start + COUNT_AT, count, true)
  return count
}

/** The place behind the last entry. */
export function endOfListpack(mem: Mem, start: number): number {
  return listpackBytes(mem, start) - 1
}

export function firstEntry(mem: Mem, start: number): number {
  return entryOrNone(mem, start, LISTPACK_HEADER)
}

export function lastEntry(mem: Mem, start: number): number {
  return previousEntry(mem, start, endOfListpack(mem, start))
}

export function nextEntry(mem: Mem, start: number, at: number): number {
  return entryOrNone(mem, start, at + entryBytes(mem, start + at))
}

/** The entry before this place, which may be the end. */
export function previousEntry(mem: Mem, start: number, at: number): number {
  return at === LISTPACK_HEADER ? NO_ENTRY : entryBefore(mem, start + at) - start
}

/** The entry of this index; negative ones count from the end. Walks from the nearer side. */
export function entryAtIndex(mem: Mem, start: number, index: number): number {
  const length = listpackLength(mem, start)
  if (index < 0) index += length
  if (index < 0 || index >= length) return NO_ENTRY
  return index < length >>> 1 ? forwardTo(mem, start, index) : backwardTo(mem, start, length - index)
}

function forwardTo(mem: Mem, start: number, steps: number): number {
  let position = start + LISTPACK_HEADER
  for (; steps > 0; steps--) position += entryBytes(mem, position)
  return position - start
}

function backwardTo(mem: Mem, start: number, steps: number): number {
  let position = start + endOfListpack(mem, start)
  for (; steps > 0; steps--) position = entryBefore(mem, position)
  return position - start
}

/** Aims `into` at the element of an entry; its text is the listpack's own bytes. */
export function readElement(mem: Mem, start: number, at: number, into: Element): Element {
  readEntry(mem, start + at, into)
  return into
}

/** True when the entry at this place holds these bytes. */
export function holdsElement(mem: Mem, start: number, at: number, element: Element): boolean {
  return entryEquals(mem, start + at, element)
}

/**
 * The first entry from `at` on that holds these bytes, looking at every `stride`-th only: a hash looks for a field
 * with stride 2 from its first entry. `at` may be the end or NO_ENTRY.
 */
export function findElement(mem: Mem, start: number, at: number, element: Element, stride = 1): number {
  if (at === NO_ENTRY) return NO_ENTRY
  let position = start + at
  for (;;) {
    if (mem.u8[position] === END) return NO_ENTRY
    if (entryEquals(mem, position, element)) return position - start
    for (let i = 0; i < stride; i++) {
      if (mem.u8[position] === END) return NO_ENTRY
      position += entryBytes(mem, position)
    }
  }
}

/**
 * Inserts at a place, which may be the end. Needs `entryBytesFor(element)` more room. The element must not have its
 * text in this listpack: it is about to move.
 */
export function insertElement(mem: Mem, start: number, at: number, element: Element): void {
  moveTail(mem, start, at, entryBytesFor(element))
  writeEntry(mem, start + at, element)
  addToCount(mem, start, 1)
}

/** Needs `entryBytesFor(element)` more room. */
export function appendElement(mem: Mem, start: number, element: Element): void {
  insertElement(mem, start, endOfListpack(mem, start), element)
}

/** How many bytes longer (or, negative, shorter) the listpack will be after `replaceElement`. */
export function replacementGrowth(mem: Mem, start: number, at: number, element: Element): number {
  return entryBytesFor(element) - entryBytes(mem, start + at)
}

/** Needs `replacementGrowth` more room. The element must not have its text in this listpack. */
export function replaceElement(mem: Mem, start: number, at: number, element: Element): void {
  const tail = at + entryBytes(mem, start + at)
  moveTail(mem, start, tail, replacementGrowth(mem, start, at, element))
  writeEntry(mem, start + at, element)
}

/** Removes entries, the first at `at`, as many as there are up to `count`, and returns how many those were. */
export function removeElements(mem: Mem, start: number, at: number, count = 1): number {
  let removed = 0
  let position = start + at
  for (; removed < count && mem.u8[position] !== END; removed++) position += entryBytes(mem, position)
  cutEntries(mem, start, at, position - start, removed)
  return removed
}

/** Removes what stands from one place up to another: `count` entries less than were noted. */
export function cutEntries(mem: Mem, start: number, at: number, end: number, count: number): void {
  moveTail(mem, start, end, at - end)
  addToCount(mem, start, -count)
}

/**
 * Copies the `count` entries of another listpack that stand from `fromAt` up to `fromEnd` to a place in this one, as
 * they are: how lists are split and joined. Needs `fromEnd - fromAt` more room.
 */
export function insertEntries(
  mem: Mem,
  start: number,
  at: number,
  from: Mem,
  fromStart: number,
  fromAt: number,
  fromEnd: number,
  count: number,
): void {
  moveTail(mem, start, at, fromEnd - fromAt)
  copyBytes(mem, start + at, from, fromStart + fromAt, fromEnd - fromAt)
  addToCount(mem, start, count)
}

function entryOrNone(mem: Mem, start: number, at: number): number {
  return mem.u8[start + at] === END ? NO_ENTRY : at
}

function setBytes(mem: Mem, start: number, bytes: number): void {
  mem.dv.setUint32(start, bytes, true)
}

/** A count that leaves the header's range is unknown, until somebody counts. */
function addToCount(mem: Mem, start: number, entries: number): void {
  const noted = mem.dv.getUint16(start + COUNT_AT, true)
  if (noted === COUNT_UNKNOWN) return
  mem.dv.setUint16(start + COUNT_AT, Math.min(noted + entries, COUNT_UNKNOWN), true)
}

/** Moves what stands at `at` and behind by so many bytes. An append moves the end alone, without a native call. */
function moveTail(mem: Mem, start: number, at: number, by: number): void {
  const bytes = listpackBytes(mem, start)
  if (at === bytes - 1) mem.u8[start + at + by] = END
  else if (by !== 0) copyBytes(mem, start + at + by, mem, start + at, bytes - at)
  setBytes(mem, start, bytes + by)
}
