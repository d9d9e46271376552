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
 * Nothing is believed: every length is checked against the end and against its neighbours. We never write one.
 */

import type { Mem, Span } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import type { BadData } from './bad-data.js'

const HEADER = 10
const TAIL_AT = 4
const COUNT_AT = 8
/** As the count: there are more than fit. */
const COUNT_UNKNOWN = 65535
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

/** Shows every element in order; it is good for the time of the call. Throws `damaged`. */
export function readZiplist(ziplist: Span, damaged: BadData, visit: (element: Element) => void): void {
  const { mem, start, length } = ziplist
  const end = start + length - 1
  if (length <= HEADER || mem.dv.getUint32(start, true) !== length || mem.u8[end] !== END) throw damaged
  const element = new Element()
  let at = start + HEADER
  let last = at
  let count = 0
  for (; at < end; count++) {
    const encoding = behindPrevious(mem, at, end, at - last)
    last = at
    at = encoding < 0 ? -1 : readEntry(mem, encoding, end, element)
    if (at < 0) throw damaged
    visit(element)
  }
  if (!headerAgrees(ziplist, last, count)) throw damaged
}

/** Whether the header tells how many entries there are, and where the last one is. */
function headerAgrees({ mem, start }: Span, last: number, count: number): boolean {
  const noted = mem.dv.getUint16(start + COUNT_AT, true)
  if (noted !== COUNT_UNKNOWN && noted !== count) return false
  return count === 0 || start + mem.dv.getUint32(start + TAIL_AT, true) === last
}

/** Where the encoding of the entry at `at` stands; -1 when the entry does not know the length of the one before. */
function behindPrevious(mem: Mem, at: number, end: number, previous: number): number {
  const first = mem.u8[at]
  if (first < WIDE_PREVIOUS) return first === previous ? at + 1 : -1
  if (first === END || at + 5 >= end) return -1
  return mem.dv.getUint32(at + 1, true) === previous ? at + 5 : -1
}

/** Aims `element` at the entry whose encoding stands at `at`; answers the position behind it, -1 when it is none. */
function readEntry(mem: Mem, at: number, end: number, element: Element): number {
  if (at >= end) return -1
  const first = mem.u8[at]
  const head = first >> 6 === TEXT_32 ? 5 : first >> 6 === TEXT_14 ? 2 : 1
  if (at + head > end) return -1
  const data = at + head
  const bytes = dataBytes(mem, at, first)
  if (bytes < 0 || data + bytes > end) return -1
  if (first < INT_16) element.setBytes(mem, data, bytes)
  else readInteger(mem, first, data, element)
  return data + bytes
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
  return first > INT_24 && first < INT_8 ? 0 : -1
}

function readInteger(mem: Mem, first: number, at: number, element: Element): void {
  if (first === INT_16) element.setNumber(mem.dv.getInt16(at, true))
  else if (first === INT_32) element.setNumber(mem.dv.getInt32(at, true))
  else if (first === INT_64) element.setInteger(mem.dv.getInt32(at + 4, true), mem.dv.getInt32(at, true))
  else if (first === INT_24) element.setNumber(mem.dv.getUint16(at, true) | (mem.dv.getInt8(at + 2) << 16))
  else if (first === INT_8) element.setNumber(mem.dv.getInt8(at))
  else element.setNumber((first & 15) - 1)
}
