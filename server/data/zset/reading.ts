/** Sorted sets as RDB files and DUMP have them. Trusts nothing: see serial/value-reader.ts. */

import { compareBytes, Scratch, type Span } from '../../lib/bytes.js'
import { parseDouble } from '../../lib/double.js'
import { firstEntry, listpackLength } from '../../memory/listpack.js'
import { isValidListpack } from '../../memory/listpack-check.js'
import {
  EMPTY_VALUE,
  ZSET_LISTPACK_DAMAGED,
  ZSET_MEMBER_TWICE,
  ZSET_SCORE_INVALID,
  ZSET_ZIPLIST_DAMAGED,
} from '../serial/bad-data.js'
import { RdbType } from '../serial/encoding.js'
import type { ValueReader } from '../serial/value-reader.js'
import { readZiplist } from '../serial/ziplist.js'
import { PairCursor } from './listpack-form.js'
import { readScore } from './score.js'

export const SORTED_SET_RDB_TYPES: readonly number[] = [
  RdbType.zset,
  RdbType.zset2,
  RdbType.zsetZiplist,
  RdbType.zsetListpack,
]

/** Scores as text begin with their length; these lengths are scores themselves. */
const TEXT_NAN = 253
const TEXT_INFINITE = 254
const TEXT_MINUS_INFINITE = 255

/** Shows every member with its score, in whatever order, some perhaps twice. Throws BadData. */
export function readPairs(
  rdbType: number,
  reader: ValueReader,
  reserve: (size: number) => void,
  visit: (member: Span, score: number) => void,
): void {
  switch (rdbType) {
    case RdbType.zsetListpack:
      return readListpack(reader.string(), visit)
    case RdbType.zsetZiplist:
      return readPairsOfZiplist(reader.string(), visit)
    default:
      return readStrings(reader, rdbType === RdbType.zset2, reserve, visit)
  }
}

/** Throws BadData unless a listpack is a sorted set as it stands: pairs, at least one, in order, no member twice. */
export function checkSortedSet(listpack: Span): void {
  if (!isPaired(listpack)) throw ZSET_LISTPACK_DAMAGED
  const members = new Set<string>()
  const cursor = new PairCursor()
  let last: Pair | null = null
  for (let more = enter(cursor, listpack); more; more = cursor.next()) {
    const here: Pair = { score: valid(cursor.score), member: cursor.member().clone() }
    if (last !== null && !isBefore(last, here)) throw ZSET_LISTPACK_DAMAGED
    if (members.has(here.member.latin1())) throw ZSET_MEMBER_TWICE
    members.add(here.member.latin1())
    last = here
  }
  if (last === null) throw EMPTY_VALUE
}

interface Pair {
  readonly score: number
  readonly member: Span
}

function isBefore(a: Pair, b: Pair): boolean {
  if (a.score !== b.score) return a.score < b.score
  const { mem, start, length } = a.member
  return compareBytes(mem, start, length, b.member.mem, b.member.start, b.member.length) < 0
}

function readStrings(
  reader: ValueReader,
  binary: boolean,
  reserve: (size: number) => void,
  visit: (member: Span, score: number) => void,
): void {
  const kept = new Scratch()
  const count = reader.size()
  reserve(reader.reservable(count))
  for (let left = count; left > 0; left--) {
    // The next read may take the bytes of the last.
    const member = kept.copyOf(reader.string())
    visit(member, valid(binary ? reader.double() : readText(reader)))
  }
}

function readText(reader: ValueReader): number {
  const length = reader.byte()
  if (length === TEXT_NAN) throw ZSET_SCORE_INVALID
  if (length === TEXT_INFINITE) return Infinity
  if (length === TEXT_MINUS_INFINITE) return -Infinity
  return parseDouble(reader.bytes(length))
}

function readListpack(listpack: Span, visit: (member: Span, score: number) => void): void {
  if (!isPaired(listpack)) throw ZSET_LISTPACK_DAMAGED
  const cursor = new PairCursor()
  for (let more = enter(cursor, listpack); more; more = cursor.next())
    visit(cursor.member(), valid(cursor.score))
}

function readPairsOfZiplist(ziplist: Span, visit: (member: Span, score: number) => void): void {
  let member: Span | null = null
  readZiplist(ziplist, ZSET_ZIPLIST_DAMAGED, element => {
    if (member === null) {
      member = element.span().clone()
    } else {
      visit(member, valid(readScore(element)))
      member = null
    }
  })
  if (member !== null) throw ZSET_ZIPLIST_DAMAGED
}

function isPaired(listpack: Span): boolean {
  return isValidListpack(listpack) && listpackLength(listpack.mem, listpack.start) % 2 === 0
}

function enter(cursor: PairCursor, { mem, start }: Span): boolean {
  return cursor.enter(mem, start, firstEntry(mem, start))
}

function valid(score: number): number {
  if (Number.isNaN(score)) throw ZSET_SCORE_INVALID
  return score
}
