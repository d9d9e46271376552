/**
 * A node: up to stream-node-max-entries entries in one listpack, which is Redis' own, byte for byte.
 *
 *      node    =  master entry*
 *      master  =  count  deleted  fields  field*  0
 *      entry   =  flags  ms  seq  value*             count of elements     the fields are those of the master
 *              |  flags  ms  seq  fields (field value)*  count of elements
 *
 * `ms` and `seq` are differences to the id under which the node is known, which is that of its first entry. What is
 * deleted gets a flag and stays, until nothing else is in its node. The count of elements, which leaves itself out,
 * is for those who come from the right.
 *
 * A full node never changes again unless one of its entries is deleted.
 */

import type { Mem, Span } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import {
  END,
  entryBytes,
  entryBytesFor,
  entryEquals,
  integerEntryBytes,
  lowWord,
  writeEntry,
  writeIntegerEntry,
} from '../../memory/listpack-entry.js'
import { COUNT_AT, COUNT_UNKNOWN, LISTPACK_HEADER } from '../../memory/listpack.js'
import type { StreamId } from './stream-id.js'

export const DELETED = 1
export const SAME_FIELDS = 2

/** Fields and values in turn, from somewhere in a request. */
export interface FieldSource {
  /** Pairs. */
  readonly fields: number
  /** Their lengths added up. */
  readonly bytes: number
  word(index: number): Span
}

/** Measures master entries and entries, and writes them where they will stand. */
export class NodeWriter {
  /** Elements of what was measured or written last. */
  elements = 0
  private readonly element = new Element()
  /** Null: only measures. */
  private mem: Mem | null = null
  private at = 0

  /** Begins to measure. */
  measure(): this {
    return this.begin(null, 0)
  }

  /** Begins to write at `at`. */
  write(mem: Mem, at: number): this {
    return this.begin(mem, at)
  }

  /** Where writing has come to; measuring: how many bytes there are. */
  get end(): number {
    return this.at
  }

  /** The master entry for a first entry that this will be. */
  master(source: FieldSource): this {
    this.number(1)
    this.number(0)
    this.number(source.fields)
    for (let i = 0; i < source.fields; i++) this.text(source.word(2 * i))
    this.number(0)
    return this
  }

  /** An entry whose id is `id`, in the node known as `master`. */
  entry(source: FieldSource, id: StreamId, master: StreamId, sameFields: boolean): this {
    const before = this.elements
    this.number(sameFields ? SAME_FIELDS : 0)
    this.difference(id.msHigh, id.msLow, master.msHigh, master.msLow)
    this.difference(id.seqHigh, id.seqLow, master.seqHigh, master.seqLow)
    if (!sameFields) this.number(source.fields)
    for (let i = 0; i < source.fields; i++) {
      if (!sameFields) this.text(source.word(2 * i))
      this.text(source.word(2 * i + 1))
    }
    this.number(this.elements - before)
    return this
  }

  private begin(mem: Mem | null, at: number): this {
    this.mem = mem
    this.at = at
    this.elements = 0
    return this
  }

  private difference(high: number, low: number, fromHigh: number, fromLow: number): void {
    const borrow = low >>> 0 < fromLow >>> 0 ? 1 : 0
    this.integer((high - fromHigh - borrow) | 0, (low - fromLow) | 0)
  }

  private number(value: number): void {
    this.integer(0, value)
  }

  private integer(high: number, low: number): void {
    const { mem, at } = this
    this.at = mem === null ? at + integerEntryBytes(high, low) : writeIntegerEntry(mem, at, high, low)
    this.elements++
  }

  private text(text: Span): void {
    const { mem, at } = this
    const element = this.element.set(text)
    this.at = mem === null ? at + entryBytesFor(element) : writeEntry(mem, at, element)
    this.elements++
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

/** Reads the head of a node. */
export class NodeHead {
  /** Entries that live, and that are deleted. */
  count = 0
  deleted = 0
  fields = 0
  mem!: Mem
  start = 0
  /** Where the first field of the master entry begins, and the first entry. */
  fieldsAt = 0
  entriesAt = 0
  private readonly element = new Element()

  /** `start`: where the listpack begins in `mem`. */
  read(mem: Mem, start: number): this {
    this.mem = mem
    this.start = start
    let at = start + LISTPACK_HEADER
    this.count = lowWord(mem, at)
    at += entryBytes(mem, at)
    this.deleted = lowWord(mem, at)
    at += entryBytes(mem, at)
    this.fields = lowWord(mem, at)
    this.fieldsAt = at + entryBytes(mem, at)
    at = this.fieldsAt
    for (let i = 0; i <= this.fields; i++) at += entryBytes(mem, at)
    this.entriesAt = at
    return this
  }

  /** Whether an entry has the fields of the master entry, in their order. */
  hasFieldsOf(source: FieldSource): boolean {
    if (source.fields !== this.fields) return false
    let at = this.fieldsAt
    for (let i = 0; i < this.fields; i++) {
      if (!entryEquals(this.mem, at, this.element.set(source.word(2 * i)))) return false
      at += entryBytes(this.mem, at)
    }
    return true
  }

  /** How much longer the node will be with these counts. */
  growth(count: number, deleted: number): number {
    const first = this.start + LISTPACK_HEADER
    const second = first + entryBytes(this.mem, first)
    const now = entryBytes(this.mem, first) + entryBytes(this.mem, second)
    return integerEntryBytes(0, count) + integerEntryBytes(0, deleted) - now
  }
}
