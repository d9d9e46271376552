/** Whether bytes, from whoever, are a node of a stream: see node.ts. */

import type { Mem, Span } from '../../lib/bytes.js'
import { INVALID, behindEntry, isCountNoted, isListpackFrame } from '../../memory/listpack-check.js'
import { highWord, lowWord, textLength, tinyNumber } from '../../memory/listpack-entry.js'
import { LISTPACK_HEADER } from '../../memory/listpack.js'
import { DELETED, SAME_FIELDS } from './node.js'

const WORD = 2 ** 32

/**
 * True when every function on nodes is safe on the span, and its counts are true. One walk finds out whether the bytes are
 * a listpack, element by element, and what the elements say.
 */
export function isValidNode(span: Span): boolean {
  return isListpackFrame(span) && new NodeCheck(span).passes()
}

/** Walks what may be a listpack. Positions are passed on and answered: in fields they would cost a third of the time. */
class NodeCheck {
  private readonly mem: Mem
  private readonly end: number
  private elements = 0
  private living = 0
  private deleted = 0

  constructor(private readonly span: Span) {
    this.mem = span.mem
    this.end = span.start + span.length - 1
  }

  passes(): boolean {
    const countAt = this.span.start + LISTPACK_HEADER
    const deletedAt = this.behindInteger(countAt)
    const fieldsAt = this.behindInteger(deletedAt)
    const behind = this.behindInteger(fieldsAt)
    if (behind === INVALID) return false
    const fields = this.integerAt(fieldsAt)
    if (!(fields >= 0)) return false
    const closingAt = this.behind(behind, fields)
    let at = this.behindInteger(closingAt)
    if (at === INVALID || this.integerAt(closingAt) !== 0) return false
    this.elements = fields + 4
    while (at < this.end && at !== INVALID) at = this.behindEntry(at, fields)
    return at !== INVALID && this.isTold(countAt, deletedAt)
  }

  /** Whether what stands in the head of the node was found. */
  private isTold(countAt: number, deletedAt: number): boolean {
    const { span, living, deleted } = this
    if (this.integerAt(countAt) !== living || this.integerAt(deletedAt) !== deleted) return false
    return isCountNoted(span, this.elements)
  }

  /** The position behind the entry of the stream at `at`, or INVALID. */
  private behindEntry(at: number, masterFields: number): number {
    // Flags are changed in place: they must be in the form of one byte.
    const flags = this.mem.u8[at]
    if (flags > (DELETED | SAME_FIELDS)) return INVALID
    const fieldsAt = this.behindInteger(this.behindInteger(this.behindInteger(at)))
    if (fieldsAt === INVALID) return INVALID
    const same = (flags & SAME_FIELDS) !== 0
    const valuesAt = same ? fieldsAt : this.behindInteger(fieldsAt)
    if (valuesAt === INVALID) return INVALID
    const elements = same ? masterFields : 2 * this.integerAt(fieldsAt)
    if (!(elements >= 0)) return INVALID
    const countAt = this.behind(valuesAt, elements)
    const behind = this.behindInteger(countAt)
    const count = elements + (same ? 3 : 4)
    if (behind === INVALID || this.integerAt(countAt) !== count) return INVALID
    this.elements += count + 1
    if ((flags & DELETED) !== 0) this.deleted++
    else this.living++
    return behind
  }

  /** The position behind an element that is an integer, or INVALID. `at` may be INVALID already. */
  private behindInteger(at: number): number {
    const { mem, end } = this
    if (at === INVALID || at >= end) return INVALID
    // First that all of it is within the span: how long a text is may stand behind its end.
    const behind = behindEntry(mem, at, end)
    if (behind === INVALID) return INVALID
    return tinyNumber(mem.u8[at]) < 0 && textLength(mem, at) >= 0 ? INVALID : behind
  }

  /** The position behind so many elements, or INVALID. */
  private behind(at: number, elements: number): number {
    const { mem, end } = this
    for (let left = elements; left > 0 && at !== INVALID; left--)
      at = at < end ? behindEntry(mem, at, end) : INVALID
    return at
  }

  private integerAt(at: number): number {
    const tiny = tinyNumber(this.mem.u8[at])
    return tiny >= 0 ? tiny : highWord(this.mem, at) * WORD + (lowWord(this.mem, at) >>> 0)
  }
}
