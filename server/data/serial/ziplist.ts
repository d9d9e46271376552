/**
 * Reading ziplists, the small collections of Redis before 7.0, as they stand in old RDB files and payloads:
 *
 *      ziplist   =  total bytes (u32)  offset of the last entry (u32)  count (u16)  entry*  0xFF
 *      entry     =  bytes of the entry before (1 byte, or 0xFE and u32)  encoding and data
 *
 *      00LLLLLL bytes            text of up to 63 bytes
 *      01LLLLLL L bytes          text of up to 16383 bytes, upper bits first
 *      10000000 LLLL bytes       text, big endian length
 *      11000000 int16    11010000 int32    11100000 int64    11110000 int24    11111110 int8
 *      1111xxxx                  x - 1, for x from 1 to 13
 *
 * Nothing is believed: every length is checked against the end. We never write one.
 */

import type { Mem, Span } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import { BAD_DATA } from '../../resp/errors.js'

const HEADER = 10
const END = 0xff
const WIDE_PREVIOUS = 0xfe
const TEXT_6 = 0
const TEXT_14 = 1
const TEXT_32 = 2
const INT_16 = 0xc0
const INT_32 = 0xd0
const INT_64 = 0xe0
const INT_24 = 0xf0
const INT_8 = 0xfe

/** Shows every element in order; it is good for the time of the call. Throws BAD_DATA. */
export function readZiplist(ziplist: Span, visit: (element: Element) => void): void {
  const { mem, start, length } = ziplist
  const end = start + length - 1
  if (length <= HEADER || mem.dv.getUint32(start, true) !== length || mem.u8[end] !== END) throw BAD_DATA
  const element = new Element()
  let at = start + HEADER
  while (at < end) {
    at = readEntry(mem, at + (mem.u8[at] === WIDE_PREVIOUS ? 5 : 1), end, element)
    visit(element)
  }
}

/** Aims `element` at the entry whose encoding stands at `at`; answers the position behind it. */
function readEntry(mem: Mem, at: number, end: number, element: Element): number {
  if (at >= end) throw BAD_DATA
  const first = mem.u8[at]
  const head = first >> 6 === TEXT_32 ? 5 : first >> 6 === TEXT_14 ? 2 : 1
  if (at + head > end) throw BAD_DATA
  const data = at + head
  const behind = data + dataBytes(mem, at, first)
  if (behind > end) throw BAD_DATA
  if (first < INT_16) element.setBytes(mem, data, behind - data)
  else readInteger(mem, first, data, element)
  return behind
}

function dataBytes(mem: Mem, at: number, first: number): number {
  switch (first >> 6) {
    case TEXT_6:
      return first & 63
    case TEXT_14:
      return ((first & 63) << 8) | mem.u8[at + 1]
    case TEXT_32:
      return mem.dv.getUint32(at + 1)
    default:
      return integerBytes(first)
  }
}

function integerBytes(first: number): number {
  if (first === INT_16) return 2
  if (first === INT_32) return 4
  if (first === INT_64) return 8
  if (first === INT_24) return 3
  if (first === INT_8) return 1
  if (first > INT_24 && first < INT_8) return 0
  throw BAD_DATA
}

function readInteger(mem: Mem, first: number, at: number, element: Element): void {
  if (first === INT_16) element.setNumber(mem.dv.getInt16(at, true))
  else if (first === INT_32) element.setNumber(mem.dv.getInt32(at, true))
  else if (first === INT_64) element.setInteger(mem.dv.getInt32(at + 4, true), mem.dv.getInt32(at, true))
  else if (first === INT_24) element.setNumber(mem.dv.getUint16(at, true) | (mem.dv.getInt8(at + 2) << 16))
  else if (first === INT_8) element.setNumber(mem.dv.getInt8(at))
  else element.setNumber((first & 15) - 1)
}
