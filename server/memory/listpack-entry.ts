/**
 * One entry of a listpack; the grammar is at the head of listpack.ts. Positions here are those of the memory,
 * not distances from the start of the listpack.
 */

import { copyBytes, sameBytes, type Mem, type Span } from '../lib/bytes.js'
import type { Element } from './element.js'

/** Stands behind the last entry, and is no first byte of any. */
export const END = 0xff

/** The smallest first byte of each form; numbers of 7 bits come before. */
const TEXT_6 = 0x80
const NUMBER_13 = 0xc0
const TEXT_12 = 0xe0
const TEXT_32 = 0xf0
const INT_16 = 0xf1
const INT_24 = 0xf2
const INT_64 = 0xf4

/** A number of 7 bits is one byte, and one for the way back. */
export const TINY_ENTRY_BYTES = 2

const TEXT_6_MAX = 63
const TEXT_12_MAX = 4095

/** Up to here a backward length is one byte. */
const BACK_7_MAX = 127

/** Encoding and data of the entry at `position`. At least the bytes that tell it have to be there. */
export function dataBytes(mem: Mem, position: number): number {
  const first = mem.u8[position]
  if (first < TEXT_6) return 1
  if (first < NUMBER_13) return 1 + (first & 63)
  if (first < TEXT_12) return 2
  if (first < TEXT_32) return 2 + (((first & 15) << 8) | mem.u8[position + 1])
  if (first === TEXT_32) return 5 + mem.dv.getUint32(position + 1, true)
  return first === INT_64 ? 9 : first - INT_16 + 3
}

/** As `dataBytes`, of an entry that begins with this byte; 0 when it takes more to tell, or there is no such entry. */
export function shortDataBytes(first: number): number {
  if (first < NUMBER_13) return first < TEXT_6 ? 1 : 1 + (first & 63)
  if (first < TEXT_12) return 2
  if (first <= TEXT_32 || first > INT_64) return 0
  return first === INT_64 ? 9 : first - INT_16 + 3
}

/** How many bytes `dataBytes` has to see: 0 when there is no entry that begins with this byte. */
export function lengthBytes(first: number): number {
  if (first > INT_64) return 0
  if (first === TEXT_32) return 5
  return first >= TEXT_12 && first < TEXT_32 ? 2 : 1
}

/** The number whose entry begins with this byte, if it is one of those that take TINY_ENTRY_BYTES; else -1. */
export function tinyNumber(first: number): number {
  return first < TEXT_6 ? first : -1
}

/** The bytes of a text whose entry begins with this byte and ends with one byte for its length backwards; else -1. */
export function shortTextLength(first: number): number {
  return first >= TEXT_6 && first < NUMBER_13 ? first & 63 : -1
}

/** The bytes of the text that the entry at `position` holds; -1: it holds a number. */
export function textLength(mem: Mem, position: number): number {
  const first = mem.u8[position]
  if (first < TEXT_6) return -1
  if (first < NUMBER_13) return first & 63
  if (first < TEXT_12 || first > TEXT_32) return -1
  if (first === TEXT_32) return mem.dv.getUint32(position + 1, true)
  return ((first & 15) << 8) | mem.u8[position + 1]
}

/** The whole of the entry at `position`. */
export function entryBytes(mem: Mem, position: number): number {
  const data = dataBytes(mem, position)
  return data + backBytes(data)
}

/** The whole of the entry that `element` will be. */
export function entryBytesFor(element: Element): number {
  const data = element.isInteger ? integerBytes(element.high, element.low) : textBytes(element.span().length)
  return data + backBytes(data)
}

/** The whole of the entry that this integer will be. */
export function integerEntryBytes(high: number, low: number): number {
  return integerBytes(high, low) + 1
}

/** Where the entry begins that ends at `position`. */
export function entryBefore(mem: Mem, position: number): number {
  let data = 0
  let shift = 0
  for (;;) {
    const byte = mem.u8[--position]
    data |= (byte & 127) << shift
    if (byte < 128) return position - data
    shift += 7
  }
}

/** Aims `into` at the entry: text stays where it is. */
export function readEntry(mem: Mem, position: number, into: Element): void {
  const first = mem.u8[position]
  if (isText(first)) {
    const data = dataBytes(mem, position)
    const head = lengthBytes(first)
    into.setText(mem, position + head, data - head)
  } else {
    into.setInteger(highWord(mem, position), lowWord(mem, position))
  }
}

/** True when the entry holds the bytes of `element`. */
export function entryEquals(mem: Mem, position: number, element: Element): boolean {
  const first = mem.u8[position]
  if (isText(first)) return textEquals(mem, position, element.span())
  return (
    element.isInteger && lowWord(mem, position) === element.low && highWord(mem, position) === element.high
  )
}

/** Writes the entry and returns the position behind it. */
export function writeEntry(mem: Mem, position: number, element: Element): number {
  if (element.isInteger) return writeIntegerEntry(mem, position, element.high, element.low)
  const text = element.span()
  return writeTextEntry(mem, position, text.mem, text.start, text.length)
}

/** As `writeEntry`, for bytes that spell no integer. */
export function writeTextEntry(mem: Mem, position: number, from: Mem, start: number, length: number): number {
  const data = writeText(mem, position, from, start, length)
  return writeBack(mem, position + data, data)
}

/** As `writeEntry`, for an integer. */
export function writeIntegerEntry(mem: Mem, position: number, high: number, low: number): number {
  const data = writeInteger(mem, position, high, low)
  mem.u8[position + data] = data
  return position + data + 1
}

function isText(first: number): boolean {
  return (first >= TEXT_6 && first < NUMBER_13) || (first >= TEXT_12 && first <= TEXT_32)
}

function textEquals(mem: Mem, position: number, text: Span): boolean {
  const head = lengthBytes(mem.u8[position])
  const length = dataBytes(mem, position) - head
  return length === text.length && sameBytes(mem, position + head, text.mem, text.start, length)
}

/** The lower word of the integer that the entry holds. */
export function lowWord(mem: Mem, position: number): number {
  const first = mem.u8[position]
  if (first < TEXT_6) return first
  if (first < TEXT_12) return (((first << 8) | mem.u8[position + 1]) << 19) >> 19
  if (first === INT_16) return mem.dv.getInt16(position + 1, true)
  if (first === INT_24) return mem.dv.getInt32(position, true) >> 8
  return mem.dv.getInt32(position + 1, true)
}

/** And the upper. */
export function highWord(mem: Mem, position: number): number {
  if (mem.u8[position] === INT_64) return mem.dv.getInt32(position + 5, true)
  return lowWord(mem, position) >> 31
}

function textBytes(length: number): number {
  if (length <= TEXT_6_MAX) return 1 + length
  return (length <= TEXT_12_MAX ? 2 : 5) + length
}

function writeText(mem: Mem, position: number, from: Mem, start: number, length: number): number {
  const data = textBytes(length)
  const head = data - length
  if (head === 1) mem.u8[position] = TEXT_6 | length
  else if (head === 2) mem.dv.setUint16(position, (TEXT_12 << 8) | length)
  else writeWideHead(mem, position, length)
  copyBytes(mem, position + head, from, start, length)
  return data
}

function writeWideHead(mem: Mem, position: number, length: number): void {
  mem.u8[position] = TEXT_32
  mem.dv.setUint32(position + 1, length, true)
}

/** The smallest form whose sign bits are all that it leaves out. */
function integerBytes(high: number, low: number): number {
  if (high !== low >> 31) return 9
  if (low >= 0 && low <= 127) return 1
  if ((low << 19) >> 19 === low) return 2
  if ((low << 16) >> 16 === low) return 3
  return (low << 8) >> 8 === low ? 4 : 5
}

function writeInteger(mem: Mem, position: number, high: number, low: number): number {
  const data = integerBytes(high, low)
  if (data === 1) mem.u8[position] = low
  else if (data === 2) mem.dv.setUint16(position, (NUMBER_13 << 8) | (low & 0x1fff))
  else writeWideInteger(mem, position, data, high, low)
  return data
}

/** Upper words first, so that a short form ends where it should: what is written beyond it is overwritten later. */
function writeWideInteger(mem: Mem, position: number, data: number, high: number, low: number): void {
  if (data === 9) mem.dv.setInt32(position + 5, high, true)
  if (data >= 5) mem.dv.setInt32(position + 1, low, true)
  else mem.dv.setInt32(position, low << 8, true)
  mem.u8[position] = data === 9 ? INT_64 : INT_16 + data - 3
}

/**
 * How many bytes the backward length of so many bytes takes. A limit is one below what its bits could hold:
 * Redis has it so, and the bytes have to be the same.
 */
export function backBytes(data: number): number {
  if (data <= BACK_7_MAX) return 1
  if (data < 16383) return 2
  if (data < 2097151) return 3
  return data < 268435455 ? 4 : 5
}

/** Writes the backward length at `position` and returns the position behind it. */
function writeBack(mem: Mem, position: number, data: number): number {
  if (data <= BACK_7_MAX) {
    mem.u8[position] = data
    return position + 1
  }
  const end = position + backBytes(data)
  for (let i = end - 1; i > position; i--) {
    mem.u8[i] = (data & 127) | 128
    data >>>= 7
  }
  mem.u8[position] = data
  return end
}
