/** What the keyspace must know of a type, and all it knows: how to free, weigh, name, copy and serialize its values. */

import type { Span } from '../lib/bytes.js'
import type { Dict } from '../memory/dict.js'
import type { ValueDigest } from './value-digest.js'
import type { ValuePieces, WriterSeat } from './serial/pieces.js'
import type { ValueReader } from './serial/value-reader.js'
import type { ValueWriter } from './serial/value-writer.js'

/** Makes the entry of a value that wants so much room inside it; answers its reference. */
export type Place = (inlineBytes: number) => number

export interface ValueKind {
  /** As TYPE answers it. */
  readonly name: string
  /** The forms of its values in RDB files and DUMP that it reads. */
  readonly rdbTypes: readonly number[]
  /** The room that the value takes inside its entry. */
  inlineBytes(ref: number): number
  /** Frees what the value holds outside its entry. */
  free(ref: number): void
  /**
   * Frees about `budget` blocks of it; true when nothing but the entry is left. A type with values of many blocks
   * brings this. From the first call on, only `inlineBytes` and `blocks` (those that are left) are asked.
   */
  freeSlice?(ref: number, budget: number): boolean
  /** As OBJECT ENCODING answers it. */
  encodingName(ref: number): string
  /** Bytes that the value holds outside its entry. */
  bytes(ref: number): number
  /** How many blocks freeing takes: from 64 on, UNLINK and lazy frees do it in slices. */
  freeEffort(ref: number): number
  /** The hash table of its elements, where it has one. */
  dict?(ref: number): Dict | null
  /** The blocks outside the entry, for the arena's audit. */
  blocks(ref: number): Iterable<readonly [ref: number, bytes: number]>
  /** Puts a copy of the value into the entry that `place` makes. Answers the entry. */
  copy(ref: number, place: Place): number
  /** The form in which `serialize` writes the value. */
  rdbType(ref: number): number
  /** Writes the value, without its type. */
  serialize(ref: number, writer: ValueWriter): void
  /** True when it should be written in pieces. A type with big values brings this and `pieces`. */
  isBig?(ref: number): boolean
  /** Begins to write a value as `serialize` does, but in pieces: see serial/pieces.ts. */
  pieces?(ref: number, seat: WriterSeat): ValuePieces
  /**
   * Reads a value of one of its forms into the entry that `place` makes. `place` comes last: who throws BadData
   * before it has given back what it took.
   */
  deserialize(rdbType: number, reader: ValueReader, place: Place): number
  /** Tells the value's elements, for DEBUG DIGEST: equal values tell the same, whatever their encoding. */
  digest?(ref: number, digest: ValueDigest): void
  /** Shows the elements that SORT sorts, in the value's own order: of a list, a set, a sorted set by rank. */
  elements?(ref: number, visit: (element: Span) => void): void
  /** The value of a field, where there are such: what `key->field` means in SORT. Null when it is not there. */
  field?(ref: number, name: Span, into: Span): Span | null
}
