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

import { type Mem, sameBytes } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import {
  entryBytes,
  entryEquals,
  integerEntryBytes,
  lowWord,
  shortTextLength,
} from '../../memory/listpack-entry.js'
import { LISTPACK_HEADER } from '../../memory/listpack.js'
import type { FieldSource } from './node-writer.js'

export const DELETED = 1
export const SAME_FIELDS = 2

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
    this.readCounts(mem, start)
    let at = this.fieldsAt
    for (let i = 0; i <= this.fields; i++) at += entryBytes(mem, at)
    this.entriesAt = at
    return this
  }

  /** As `read`, as far as `fieldsAt`. */
  readCounts(mem: Mem, start: number): this {
    this.mem = mem
    this.start = start
    let at = start + LISTPACK_HEADER
    this.count = lowWord(mem, at)
    at += entryBytes(mem, at)
    this.deleted = lowWord(mem, at)
    at += entryBytes(mem, at)
    this.fields = lowWord(mem, at)
    this.fieldsAt = at + entryBytes(mem, at)
    return this
  }

  /** Whether an entry has the fields of the master entry, in their order. */
  hasFieldsOf(source: FieldSource): boolean {
    const { mem, fields } = this
    if (source.fields !== fields) return false
    let at = this.fieldsAt
    for (let i = 0; i < fields; i++) {
      const { mem: from, start, length } = source.word(2 * i)
      const short = shortTextLength(mem.u8[at])
      if (short >= 0) {
        if (short !== length || !sameBytes(mem, at + 1, from, start, length)) return false
        at += 1 + length + 1
      } else {
        if (!entryEquals(mem, at, this.element.setBytes(from, start, length))) return false
        at += entryBytes(mem, at)
      }
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
