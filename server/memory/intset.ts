/**
 * The intset: a small set of integers, sorted, in one run of bytes. It is the smallest form of a set and, found by
 * halving, a fast one. The layout is Redis' own, byte for byte:
 *
 *      intset  =  bytes per integer (u32: 2, 4 or 8)  count (u32)  integer*       all numbers little-endian
 *
 * All integers are as wide as the widest has ever needed. One that needs more widens the others first, in place
 * and from the right, so that none is overwritten before it has moved. It then belongs at one of the two ends,
 * because it lies outside of the range that all others fit. A removal never narrows: the next insertion might
 * widen again.
 *
 * Members come as an `Element` (two words; see element.ts), because int64 fits no JS number. Whoever asks with
 * an element that is no integer gets the answer that it is not there.
 *
 * Room is the caller's business: see `intsetBytesWith`.
 *
 * What it does not promise: anything on bytes that are no intset; see `isValidIntset`.
 */

import type { Mem, Span } from '../lib/bytes.js'
import type { Element } from './element.js'

export const EMPTY_INTSET_BYTES = 8
const HEADER = 8
const COUNT_AT = 4

/** Makes an empty intset of EMPTY_INTSET_BYTES. */
export function initIntset(mem: Mem, start: number): void {
  mem.dv.setUint32(start, 2, true)
  mem.dv.setUint32(start + COUNT_AT, 0, true)
}

/** How many members. */
export function intsetLength(mem: Mem, start: number): number {
  return mem.dv.getUint32(start + COUNT_AT, true)
}

/** All of it, header included. */
export function intsetBytes(mem: Mem, start: number): number {
  return HEADER + intsetLength(mem, start) * widthOf(mem, start)
}

/** All of it once `element` is a member too: what the block must hold before `addToIntset`. */
export function intsetBytesWith(mem: Mem, start: number, element: Element): number {
  const width = Math.max(widthOf(mem, start), widthFor(element))
  return HEADER + (intsetLength(mem, start) + 1) * width
}

export function intsetHas(mem: Mem, start: number, element: Element): boolean {
  return element.isInteger && search(mem, start, element) >= 0
}

/** Aims `into` at the member of this index, in ascending order. The index has to exist. */
export function readMember(mem: Mem, start: number, index: number, into: Element): Element {
  const width = widthOf(mem, start)
  const position = start + HEADER + index * width
  return into.setInteger(highWord(mem, position, width), lowWord(mem, position, width))
}

/** False when the integer was there. Needs `intsetBytesWith` bytes of room. */
export function addToIntset(mem: Mem, start: number, element: Element): boolean {
  const wide = widthFor(element)
  if (wide > widthOf(mem, start)) return widenAndAdd(mem, start, wide, element)
  const found = search(mem, start, element)
  if (found >= 0) return false
  const index = ~found
  moveTail(mem, start, index, index + 1)
  setCount(mem, start, intsetLength(mem, start) + 1)
  writeMember(mem, start, index, element.high, element.low)
  return true
}

/** False when it was not there. */
export function removeFromIntset(mem: Mem, start: number, element: Element): boolean {
  const index = element.isInteger ? search(mem, start, element) : -1
  if (index < 0) return false
  moveTail(mem, start, index + 1, index)
  setCount(mem, start, intsetLength(mem, start) - 1)
  return true
}

/** True when a run of bytes, from whoever, is one intset: width and count fit its length, members ascend. */
export function isValidIntset({ mem, start, length }: Span): boolean {
  if (length < EMPTY_INTSET_BYTES) return false
  const width = widthOf(mem, start)
  if (width !== 2 && width !== 4 && width !== 8) return false
  return intsetBytes(mem, start) === length && ascends(mem, start, width)
}

function ascends(mem: Mem, start: number, width: number): boolean {
  let left = start + HEADER
  for (let more = intsetLength(mem, start) - 1; more > 0; more--, left += width) {
    const right = left + width
    const high = highWord(mem, right, width)
    if (compareAt(mem, left, width, high, lowWord(mem, right, width)) >= 0) return false
  }
  return true
}

/** Bytes per integer. */
function widthOf(mem: Mem, start: number): number {
  return mem.dv.getUint32(start, true)
}

function widthFor({ high, low }: Element): number {
  if (high !== low >> 31) return 8
  return (low << 16) >> 16 === low ? 2 : 4
}

/** The index of the member, or the complement of the index at which it belongs. */
function search(mem: Mem, start: number, { high, low }: Element): number {
  const width = widthOf(mem, start)
  const first = start + HEADER
  let from = 0
  let to = intsetLength(mem, start)
  while (from < to) {
    const middle = (from + to) >>> 1
    const order = compareAt(mem, first + middle * width, width, high, low)
    if (order === 0) return middle
    if (order < 0) from = middle + 1
    else to = middle
  }
  return ~from
}

/** The sign of the stored integer less the one given. */
function compareAt(mem: Mem, position: number, width: number, high: number, low: number): number {
  const storedHigh = highWord(mem, position, width)
  if (storedHigh !== high) return storedHigh < high ? -1 : 1
  const storedLow = lowWord(mem, position, width) >>> 0
  return storedLow - (low >>> 0)
}

function lowWord(mem: Mem, position: number, width: number): number {
  return width === 2 ? mem.dv.getInt16(position, true) : mem.dv.getInt32(position, true)
}

function highWord(mem: Mem, position: number, width: number): number {
  return width === 8 ? mem.dv.getInt32(position + 4, true) : lowWord(mem, position, width) >> 31
}

function writeMember(mem: Mem, start: number, index: number, high: number, low: number): void {
  const width = widthOf(mem, start)
  const position = start + HEADER + index * width
  if (width === 2) return mem.dv.setInt16(position, low, true)
  mem.dv.setInt32(position, low, true)
  if (width === 8) mem.dv.setInt32(position + 4, high, true)
}

function widenAndAdd(mem: Mem, start: number, wide: number, element: Element): boolean {
  const narrow = widthOf(mem, start)
  const count = intsetLength(mem, start)
  const shift = element.high < 0 ? 1 : 0
  mem.dv.setUint32(start, wide, true)
  setCount(mem, start, count + 1)
  for (let index = count - 1; index >= 0; index--) {
    const low = lowWord(mem, start + HEADER + index * narrow, narrow)
    writeMember(mem, start, index + shift, low >> 31, low)
  }
  writeMember(mem, start, shift === 1 ? 0 : count, element.high, element.low)
  return true
}

/** Moves the members from one index on to another. */
function moveTail(mem: Mem, start: number, from: number, to: number): void {
  const width = widthOf(mem, start)
  const first = start + HEADER
  mem.u8.copyWithin(first + to * width, first + from * width, start + intsetBytes(mem, start))
}

function setCount(mem: Mem, start: number, count: number): void {
  mem.dv.setUint32(start + COUNT_AT, count, true)
}
