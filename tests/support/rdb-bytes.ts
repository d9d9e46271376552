/**
 * The bytes of RDB files, put together by hand: in the forms of all releases, most of which we never write. What
 * stands here follows the formats as they are described in server/data/serial, and not our writers.
 */

import { crc64 } from '../../server/lib/crc64.js'

export type Part = number | string | Uint8Array

const END = 0xff

export function bytes(...parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map(part =>
      typeof part === 'number'
        ? Buffer.of(part)
        : typeof part === 'string'
          ? Buffer.from(part, 'latin1')
          : part,
    ),
  )
}

/** A file with its end and a good checksum. */
export function rdbFile(magic: string, ...parts: readonly Part[]): Buffer {
  const body = bytes(magic, ...parts, END)
  return bytes(body, le(8, crc64(body)))
}

/** What DUMP would answer. */
export function payload(version: number, type: number, ...parts: readonly Part[]): Buffer {
  const body = bytes(type, ...parts, le(2, version))
  return bytes(body, le(8, crc64(body)))
}

/** Little endian. */
export function le(size: 2 | 4 | 8, value: number | bigint): Buffer {
  const made = Buffer.alloc(8)
  made.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)))
  return made.subarray(0, size)
}

function be64(value: number | bigint): Buffer {
  return Buffer.from(le(8, value)).reverse()
}

export function double(value: number): Buffer {
  const made = Buffer.alloc(8)
  made.writeDoubleLE(value)
  return made
}

/** A length. */
export function size(value: number | bigint): Buffer {
  if (value < 64) return Buffer.of(Number(value))
  if (value < 16384) return Buffer.of(0x40 | (Number(value) >> 8), Number(value) & 255)
  return bytes(0x81, be64(value))
}

/** A string as it is. */
export function text(value: Part): Buffer {
  const content = bytes(value)
  return bytes(size(content.length), content)
}

/** A ziplist: integers of up to 12 in four bits, others as int32, text of up to 63 bytes. */
export function ziplist(...elements: readonly (number | string)[]): Buffer {
  const entries: Buffer[] = []
  let before = 0
  for (const element of elements) {
    const entry = bytes(before, ziplistEntry(element))
    before = entry.length
    entries.push(entry)
  }
  const content = Buffer.concat(entries)
  const tail = 10 + content.length - before
  return bytes(le(4, 11 + content.length), le(4, tail), le(2, elements.length), content, END)
}

function ziplistEntry(element: number | string): Buffer {
  if (typeof element === 'string') return bytes(element.length, element)
  return element >= 0 && element <= 12 ? Buffer.of(0xf1 + element) : bytes(0xd0, le(4, element))
}

/** A listpack: integers of up to 127 in seven bits, others as int64, text of up to 63 bytes. */
export function listpack(...elements: readonly (number | bigint | string)[]): Buffer {
  const content = Buffer.concat(elements.map(listpackEntry))
  return bytes(le(4, 7 + content.length), le(2, elements.length), content, END)
}

function listpackEntry(element: number | bigint | string): Buffer {
  if (typeof element === 'string') return bytes(0x80 | element.length, element, 1 + element.length)
  return element >= 0 && element <= 127 ? bytes(Number(element), 1) : bytes(0xf4, le(8, element), 9)
}

export function zipmap(...pairs: readonly (readonly [field: string, value: string])[]): Buffer {
  const entries = pairs.map(([field, value]) => bytes(field.length, field, value.length, 1, value, 0))
  return bytes(pairs.length, ...entries, END)
}

export function intset(width: 2 | 4 | 8, ...members: readonly (number | bigint)[]): Buffer {
  return bytes(le(4, width), le(4, members.length), ...members.map(member => le(width, member)))
}

export interface StreamForm {
  /** From form 19 on: first id, greatest deleted id, entries ever added; per group entries read. */
  readonly counts?: boolean
  /** From form 21 on. */
  readonly activeTimes?: boolean
  /** From form 27 on: the last pending entry is nobody's. */
  readonly nacked?: boolean
}

/** A stream of the entries 1-1 (f v) and 2-0 (f w); a group `g` with a consumer `c` has both pending. */
export function stream({ counts = false, activeTimes = false, nacked = false }: StreamForm): Buffer {
  const node = listpack(2, 0, 1, 'f', 0, 2, 0, 0, 'v', 4, 2, 1, -1, 'w', 4)
  const first = bytes(be64(1), be64(1))
  const second = bytes(be64(2), be64(0))
  const pending = (id: Buffer): Buffer => bytes(id, le(8, 5000), size(1))
  return bytes(
    ...[size(1), text(first), text(node), size(2), size(2), size(0)],
    ...(counts ? [size(1), size(1), size(0), size(0), size(2)] : []),
    ...[size(1), text('g'), size(2), size(0)],
    ...(counts ? [size(2)] : []),
    ...[size(2), pending(first), pending(second), size(1), text('c'), le(8, 6000)],
    ...(activeTimes ? [le(8, 7000)] : []),
    ...(nacked ? [size(1), first, size(1), second] : [size(2), first, second]),
  )
}
