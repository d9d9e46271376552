/** Hashes as RDB files and DUMP have them, from all releases. Trusts nothing: see serial/value-reader.ts. */

import { Scratch, type Span } from '../../lib/bytes.js'
import { parseInteger } from '../../lib/integer.js'
import { isValidListpack } from '../../memory/listpack-check.js'
import { ListpackCursor } from '../../memory/listpack-cursor.js'
import {
  EMPTY_VALUE,
  HASH_FIELD_TWICE,
  HASH_LISTPACK_DAMAGED,
  HASH_TIME_INVALID,
  HASH_ZIPLIST_DAMAGED,
} from '../serial/bad-data.js'
import { RdbType } from '../serial/encoding.js'
import type { ValueReader } from '../serial/value-reader.js'
import { readZiplist } from '../serial/ziplist.js'
import { readZipmap } from '../serial/zipmap.js'
import { NO_TIME } from './field-entry.js'

export const HASH_RDB_TYPES: readonly number[] = [
  RdbType.hash,
  RdbType.hashZipmap,
  RdbType.hashZiplist,
  RdbType.hashListpack,
  RdbType.hashMetadataOld,
  RdbType.hashListpackExOld,
  RdbType.hashMetadata,
  RdbType.hashListpackEx,
  RdbType.hashTimed,
]

/** A time takes 46 bits: what Redis takes, and more than fits is a lie. */
export const TIME_MAX = 2 ** 46 - 1

/** Where fields go. */
export interface FieldSink {
  /** So many fields are to come. */
  reserve(size: number): void
  /** Takes all fields of a valid listpack as they are, unless they are too many or too long. */
  adopt(packed: Span): boolean
  /** False when the field is there already. `time`: unix ms or NO_TIME. */
  add(field: Span, value: Span, time: number): boolean
}

/** Reads a hash into `sink`. Throws BadData when it is none, is empty, or has a field twice. */
export function readFields(rdbType: number, reader: ValueReader, sink: FieldSink): void {
  let count = 0
  const take = (field: Span, value: Span, time = NO_TIME): void => {
    if (!sink.add(field, value, time)) throw HASH_FIELD_TWICE
    count++
  }
  switch (rdbType) {
    case RdbType.hashListpack:
      if (readListpack(reader.string(), sink, take)) return
      break
    case RdbType.hashMetadata:
      readDistances(reader, Number(reader.int64()), announced(reader, sink), take)
      break
    case RdbType.hashMetadataOld:
      readDistances(reader, 1, announced(reader, sink), take)
      break
    case RdbType.hashTimed:
      readTimed(reader, announced(reader, sink), take)
      break
    case RdbType.hashListpackEx:
      reader.int64()
      readTriplets(reader.string(), take)
      break
    case RdbType.hashListpackExOld:
      readTriplets(reader.string(), take)
      break
    case RdbType.hashZiplist:
      readPairs(reader.string(), take)
      break
    case RdbType.hashZipmap:
      readZipmap(reader.string(), take)
      break
    default:
      readStrings(reader, announced(reader, sink), take)
  }
  if (count === 0) throw EMPTY_VALUE
}

type Take = (field: Span, value: Span, time?: number) => void

/** Reads how many fields there are. */
function announced(reader: ValueReader, sink: FieldSink): number {
  const count = reader.size()
  sink.reserve(reader.reservable(count))
  return count
}

/** The next read may take the bytes of the last: a field is copied before its value is read. */
function readStrings(reader: ValueReader, count: number, take: Take): void {
  const kept = new Scratch()
  for (let left = count; left > 0; left--) {
    take(kept.copyOf(reader.string()), reader.string())
  }
}

/** Each field is followed by its value and its time; -1 is none. */
function readTimed(reader: ValueReader, count: number, take: Take): void {
  const [keptField, keptValue] = [new Scratch(), new Scratch()]
  for (let left = count; left > 0; left--) {
    const field = keptField.copyOf(reader.string())
    const value = keptValue.copyOf(reader.string())
    const time = Number(reader.int64())
    take(field, value, time === -1 ? NO_TIME : valid(time))
  }
}

/** Times are written as distances from the earliest, plus one; 0 is none. */
function readDistances(reader: ValueReader, earliest: number, count: number, take: Take): void {
  const kept = new Scratch()
  for (let left = count; left > 0; left--) {
    const distance = Number(reader.wideSize())
    take(
      kept.copyOf(reader.string()),
      reader.string(),
      distance === 0 ? NO_TIME : valid(earliest + distance - 1),
    )
  }
}

/** True when the sink took the listpack as it is. */
function readListpack(packed: Span, sink: FieldSink, take: Take): boolean {
  if (!isValidListpack(packed)) throw HASH_LISTPACK_DAMAGED
  const fields = new Set<string>()
  const pairs: (readonly [Span, Span])[] = []
  eachGroup(packed, 2, ([field, value]) => {
    fields.add(field.latin1())
    pairs.push([field, value])
  })
  if (fields.size !== pairs.length) throw HASH_FIELD_TWICE
  if (pairs.length > 0 && sink.adopt(packed)) return true
  for (const [field, value] of pairs) take(field, value)
  return false
}

function readTriplets(packed: Span, take: Take): void {
  if (!isValidListpack(packed)) throw HASH_LISTPACK_DAMAGED
  eachGroup(packed, 3, ([field, value, time]) => {
    const ms = parseInteger(time)
    take(field, value, ms === 0 ? NO_TIME : valid(ms))
  })
}

/** Shows the elements of a valid listpack in groups, as copies. */
function eachGroup(packed: Span, size: number, visit: (group: readonly Span[]) => void): void {
  const cursor = new ListpackCursor()
  let group: Span[] = []
  for (let more = cursor.first(packed.mem, packed.start); more; more = cursor.next()) {
    group.push(cursor.element.span().clone())
    if (group.length < size) continue
    visit(group)
    group = []
  }
  if (group.length > 0) throw HASH_LISTPACK_DAMAGED
}

function readPairs(ziplist: Span, take: Take): void {
  let field: Span | null = null
  readZiplist(ziplist, HASH_ZIPLIST_DAMAGED, element => {
    if (field === null) {
      field = element.span().clone()
    } else {
      take(field, element.span())
      field = null
    }
  })
  if (field !== null) throw HASH_ZIPLIST_DAMAGED
}

function valid(time: number): number {
  if (!(time >= 0 && time <= TIME_MAX)) throw HASH_TIME_INVALID
  return time
}
