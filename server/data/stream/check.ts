/** Whether bytes, from whoever, are a node of a stream: see node.ts. */

import type { Mem, Span } from '../../lib/bytes.js'
import { Element } from '../../memory/element.js'
import { isValidListpack } from '../../memory/listpack-check.js'
import { END, TINY_ENTRY_BYTES, entryBytes, readEntry, tinyNumber } from '../../memory/listpack-entry.js'
import { LISTPACK_HEADER } from '../../memory/listpack.js'
import { DELETED, SAME_FIELDS } from './node.js'

/** True when every function on nodes is safe on the span, and its counts are true. Reads every element once. */
export function isValidNode(span: Span): boolean {
  return isValidListpack(span) && new NodeCheck(span.mem, span.start + LISTPACK_HEADER).passes()
}

/** Walks a listpack element by element. */
class NodeCheck {
  private readonly element = new Element()
  private living = 0
  private deleted = 0

  constructor(
    private readonly mem: Mem,
    private at: number,
  ) {}

  passes(): boolean {
    const count = this.integer()
    const deleted = this.integer()
    const fields = this.integer()
    if (!(fields >= 0) || !this.skip(fields) || this.integer() !== 0) return false
    while (!this.atEnd) {
      if (!this.entryPasses(fields)) return false
    }
    return this.living === count && this.deleted === deleted
  }

  private entryPasses(masterFields: number): boolean {
    // Flags are changed in place: they must be in the form of one byte.
    const flags = this.mem.u8[this.at]
    if (flags > (DELETED | SAME_FIELDS)) return false
    this.integer()
    if (Number.isNaN(this.integer() + this.integer())) return false
    const same = (flags & SAME_FIELDS) !== 0
    const fields = same ? masterFields : this.integer()
    const elements = same ? fields : 2 * fields
    if (!(fields >= 0) || !this.skip(elements)) return false
    if ((flags & DELETED) !== 0) this.deleted++
    else this.living++
    return this.integer() === elements + (same ? 3 : 4)
  }

  /** The integer here, which is passed; NaN: here is none. */
  private integer(): number {
    const tiny = tinyNumber(this.mem.u8[this.at])
    if (tiny >= 0) {
      this.at += TINY_ENTRY_BYTES
      return tiny
    }
    if (this.atEnd) return NaN
    readEntry(this.mem, this.at, this.element)
    this.at += entryBytes(this.mem, this.at)
    return this.element.isInteger ? this.element.number() : NaN
  }

  private skip(elements: number): boolean {
    for (; elements > 0; elements--) {
      if (this.atEnd) return false
      this.at += entryBytes(this.mem, this.at)
    }
    return true
  }

  private get atEnd(): boolean {
    return this.mem.u8[this.at] === END
  }
}
