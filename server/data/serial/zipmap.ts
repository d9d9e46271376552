/**
 * Reading zipmaps, the small hashes of Redis before 2.6, as they stand in very old RDB files:
 *
 *      zipmap   =  count (1 byte; 0xFE and above: too many to tell)  entry entry*  0xFF
 *      entry    =  length  field  length  slack (1 byte)  value  slack bytes of no meaning
 *      length   =  1 byte below 0xFE, or 0xFE and u32 of at least 0xFE
 *
 * Nothing is believed: every length is checked against the end. We never write one.
 */

import { Span } from '../../lib/bytes.js'
import { HASH_ZIPMAP_DAMAGED } from './bad-data.js'

const END = 0xff
const WIDE_LENGTH = 0xfe

/** Shows every field and its value in order; both are good as long as the zipmap is. Throws BadData. */
export function readZipmap(zipmap: Span, visit: (field: Span, value: Span) => void): void {
  const reader = new ZipmapReader(zipmap)
  let count = 0
  for (; !reader.atEnd; count++) {
    const field = reader.bytes(reader.length())
    const length = reader.length()
    const slack = reader.byte()
    visit(field, reader.bytes(length))
    reader.bytes(slack)
  }
  const noted = zipmap.mem.u8[zipmap.start]
  if (count === 0 || (noted < WIDE_LENGTH && noted !== count)) throw HASH_ZIPMAP_DAMAGED
}

class ZipmapReader {
  private at: number
  private readonly end: number

  constructor(private readonly zipmap: Span) {
    this.at = zipmap.start + 1
    this.end = zipmap.start + zipmap.length
  }

  /** The mark must be the last byte. */
  get atEnd(): boolean {
    if (this.at >= this.end) throw HASH_ZIPMAP_DAMAGED
    return this.zipmap.mem.u8[this.at] === END && this.at === this.end - 1
  }

  byte(): number {
    const { mem, start } = this.bytes(1)
    return mem.u8[start]
  }

  length(): number {
    const first = this.byte()
    if (first === END) throw HASH_ZIPMAP_DAMAGED
    if (first !== WIDE_LENGTH) return first
    const { mem, start } = this.bytes(4)
    const wide = mem.dv.getUint32(start, true)
    if (wide < WIDE_LENGTH) throw HASH_ZIPMAP_DAMAGED
    return wide
  }

  bytes(count: number): Span {
    if (count > this.end - this.at) throw HASH_ZIPMAP_DAMAGED
    const taken = new Span(this.zipmap.mem, this.at, count)
    this.at += count
    return taken
  }
}
