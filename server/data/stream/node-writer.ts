/**
 * Writes the elements of nodes where they will stand; see node.ts.
 *
 * XADD spends most of its time here, so writing keeps its place in a local variable, and what an element takes is not
 * measured first: where there is room for the most it can take, that is enough. Measuring is for the seldom case.
 */

import type { Mem, Span } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import {
  END,
  entryBytesFor,
  integerEntryBytes,
  writeEntry,
  writeIntegerEntry,
  writeTextEntry,
} from '../../memory/listpack-entry.js'
import { COUNT_AT, COUNT_UNKNOWN } from '../../memory/listpack.js'
import { SAME_FIELDS } from './node.js'
import type { StreamId } from './stream-id.js'

/** Bytes that begin with a greater one spell no integer. */
const NINE = 57
/** Up to here a number is a byte, with another for the way back. */
const NUMBER_7_MAX = 127

/** No element takes more beside its text. */
const ELEMENT_OVERHEAD_MAX = 10

/** Fields and values in turn, from somewhere in a request. */
export interface FieldSource {
  /** Pairs. */
  readonly fields: number
  /** Their lengths added up. */
  readonly bytes: number
  word(index: number): Span
}

/** The elements of a master entry. */
export function masterElements({ fields }: FieldSource): number {
  return fields + 4
}

/** The elements of an entry, with the one that counts the others. */
export function entryElements({ fields }: FieldSource, sameFields: boolean): number {
  return sameFields ? fields + 4 : 2 * fields + 5
}

/** No entry takes more. */
export function entryBytesMax(source: FieldSource): number {
  return source.bytes + ELEMENT_OVERHEAD_MAX * (2 * source.fields + 6)
}

export class NodeWriter {
  private readonly element = new Element()

  masterBytes(source: FieldSource): number {
    let bytes = 3 * integerEntryBytes(0, 0) + integerEntryBytes(0, source.fields)
    for (let i = 0; i < source.fields; i++) bytes += entryBytesFor(this.element.set(source.word(2 * i)))
    return bytes
  }

  /** The master entry for a first entry that this will be; answers where it ends. */
  master(mem: Mem, at: number, source: FieldSource): number {
    at = writeNumber(mem, at, 1)
    at = writeNumber(mem, at, 0)
    at = writeNumber(mem, at, source.fields)
    for (let i = 0; i < source.fields; i++) at = this.word(mem, at, source.word(2 * i))
    return writeNumber(mem, at, 0)
  }

  /** An entry whose id is `id`, in the node known as `master`. */
  entryBytes(source: FieldSource, id: StreamId, master: StreamId, sameFields: boolean): number {
    const { fields } = source
    let bytes = integerEntryBytes(0, 0) + integerEntryBytes(0, entryElements(source, sameFields) - 1)
    bytes += differenceBytes(id.msHigh, id.msLow, master.msHigh, master.msLow)
    bytes += differenceBytes(id.seqHigh, id.seqLow, master.seqHigh, master.seqLow)
    if (!sameFields) bytes += integerEntryBytes(0, fields)
    for (let i = sameFields ? 1 : 0; i < 2 * fields; i += sameFields ? 2 : 1)
      bytes += entryBytesFor(this.element.set(source.word(i)))
    return bytes
  }

  /** Answers where the entry ends. */
  entry(
    mem: Mem,
    at: number,
    source: FieldSource,
    id: StreamId,
    master: StreamId,
    sameFields: boolean,
  ): number {
    const { fields } = source
    at = writeNumber(mem, at, sameFields ? SAME_FIELDS : 0)
    at = writeDifference(mem, at, id.msHigh, id.msLow, master.msHigh, master.msLow)
    at = writeDifference(mem, at, id.seqHigh, id.seqLow, master.seqHigh, master.seqLow)
    if (!sameFields) at = writeNumber(mem, at, fields)
    for (let i = 0; i < fields; i++) {
      if (!sameFields) at = this.word(mem, at, source.word(2 * i))
      at = this.word(mem, at, source.word(2 * i + 1))
    }
    return writeNumber(mem, at, entryElements(source, sameFields) - 1)
  }

  private word(mem: Mem, at: number, { mem: from, start, length }: Span): number {
    if (length > 0 && from.u8[start] > NINE) return writeTextEntry(mem, at, from, start, length)
    return writeEntry(mem, at, this.element.setBytes(from, start, length))
  }
}

/** Ends a listpack at `end`, after `added` elements were written there. */
export function endListpack(mem: Mem, start: number, end: number, added: number): void {
  const noted = mem.dv.getUint16(start + COUNT_AT, true)
  const count = noted === COUNT_UNKNOWN ? COUNT_UNKNOWN : Math.min(noted + added, COUNT_UNKNOWN)
  mem.u8[end] = END
  mem.dv.setUint32(start, end + 1 - start, true)
  mem.dv.setUint16(start + COUNT_AT, count, true)
}

function writeNumber(mem: Mem, at: number, value: number): number {
  if (value > NUMBER_7_MAX) return writeIntegerEntry(mem, at, 0, value)
  mem.u8[at] = value
  mem.u8[at + 1] = 1
  return at + 2
}

function writeDifference(
  mem: Mem,
  at: number,
  high: number,
  low: number,
  fromHigh: number,
  fromLow: number,
): number {
  const difference = (low - fromLow) | 0
  if (high === fromHigh && difference >= 0 && difference <= NUMBER_7_MAX && low >>> 0 >= fromLow >>> 0)
    return writeNumber(mem, at, difference)
  return writeIntegerEntry(mem, at, upperDifference(high, low, fromHigh, fromLow), difference)
}

function differenceBytes(high: number, low: number, fromHigh: number, fromLow: number): number {
  return integerEntryBytes(upperDifference(high, low, fromHigh, fromLow), (low - fromLow) | 0)
}

function upperDifference(high: number, low: number, fromHigh: number, fromLow: number): number {
  return (high - fromHigh - (low >>> 0 < fromLow >>> 0 ? 1 : 0)) | 0
}
