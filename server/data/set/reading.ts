/** Sets as RDB files and DUMP have them. Trusts nothing: see serial/value-reader.ts. */

import { ListpackCursor } from '../../memory/listpack-cursor.js'
import { isValidListpack } from '../../memory/listpack-check.js'
import { Element } from '../../memory/element.js'
import { intsetLength, isValidIntset, readMember } from '../../memory/intset.js'
import type { Span } from '../../lib/bytes.js'
import { EMPTY_VALUE, INTSET_DAMAGED, SET_LISTPACK_DAMAGED, SET_MEMBER_TWICE } from '../serial/bad-data.js'
import { RdbType } from '../serial/encoding.js'
import type { ValueReader } from '../serial/value-reader.js'

export const SET_RDB_TYPES: readonly number[] = [RdbType.set, RdbType.setIntset, RdbType.setListpack]

/** Where members go: false when one is there already. */
export interface MemberSink {
  reserve(size: number): void
  add(member: Span): boolean
}

/** Reads a set into `sink`. Throws BadData when it is none, is empty, or has a member twice. */
export function readMembers(rdbType: number, reader: ValueReader, sink: MemberSink): void {
  switch (rdbType) {
    case RdbType.setIntset:
      return readIntset(reader.string(), sink)
    case RdbType.setListpack:
      return readListpack(reader.string(), sink)
    default:
      return readStrings(reader, sink)
  }
}

function readStrings(reader: ValueReader, sink: MemberSink): void {
  const count = reader.size()
  if (count === 0) throw EMPTY_VALUE
  sink.reserve(reader.reservable(count))
  for (let i = 0; i < count; i++) take(reader.string(), sink)
}

function readIntset(packed: Span, sink: MemberSink): void {
  if (!isValidIntset(packed)) throw INTSET_DAMAGED
  const { mem, start } = packed
  const count = intsetLength(mem, start)
  if (count === 0) throw EMPTY_VALUE
  sink.reserve(count)
  const member = new Element()
  for (let index = 0; index < count; index++) take(readMember(mem, start, index, member).span(), sink)
}

function readListpack(packed: Span, sink: MemberSink): void {
  if (!isValidListpack(packed)) throw SET_LISTPACK_DAMAGED
  const cursor = new ListpackCursor()
  if (!cursor.first(packed.mem, packed.start)) throw EMPTY_VALUE
  do take(cursor.element.span(), sink)
  while (cursor.next())
}

function take(member: Span, sink: MemberSink): void {
  if (!sink.add(member)) throw SET_MEMBER_TWICE
}
