/**
 * Looking for the entries that equal an element, in many listpacks one after the other:
 *
 *     search.seek(element)
 *     search.enter(mem, start, true, 0)
 *     while (search.next(most)) use(search.at, search.number)
 *
 * Most entries of a list are short texts, and most of those differ from what is sought in the first byte, which is their
 * length, or in the last two: neighbours tend to begin alike (`user:1000`, `user:1001`) and to end differently. So three
 * bytes settle it, without a call: a loop that runs once in a server's life is interpreted, where calls are dear.
 */

import { Mem, copyBytes } from '../lib/bytes.js'
import { Element } from './element.js'
import { END, entryBefore, entryBytes, entryEquals } from './listpack-entry.js'
import { LISTPACK_HEADER, NO_ENTRY, cutEntries, findElement, listpackBytes } from './listpack.js'

/** The first bytes of short texts: `SHORT_TEXT | length`. */
const SHORT_TEXT = 0x80
const SHORT_TEXT_MAX = 63
const SHORT_TEXT_TOP = SHORT_TEXT | SHORT_TEXT_MAX
/** A backward length of one byte is below. */
const BACK_MORE = 128

const NOWHERE = new Mem(new ArrayBuffer(0))

export class EqualSearch {
  /** The place of the match, and its number. */
  at = NO_ENTRY
  number = 0
  private sought = new Element()
  /** The sought as a short text: its first byte (-1: it is none), its last, and the one before that. */
  private head = -1
  private last = 0
  private lastButOne = 0
  private mem = NOWHERE
  private start = 0
  /** Where the next entry begins, or, backwards, ends; and its number. */
  private position = 0
  private following = 0
  private forwards = true

  /** The element has to stay as it is during the search. */
  seek(element: Element): void {
    const { length } = element.span()
    this.sought = element
    this.head = length <= SHORT_TEXT_MAX ? SHORT_TEXT | length : -1
    this.last = this.dataByte(length)
    this.lastButOne = this.dataByte(length - 1)
  }

  /** Goes to an end of a listpack, whose entry there is number `first`. */
  enter(mem: Mem, start: number, forwards: boolean, first: number): void {
    this.mem = mem
    this.start = start
    this.forwards = forwards
    this.following = first
    this.position = start + (forwards ? LISTPACK_HEADER : listpackBytes(mem, start) - 1)
  }

  /** Goes to the next match that is numbered below `most`; false when there is none. */
  next(most: number): boolean {
    return this.forwards ? this.nextForwards(most) : this.nextBackwards(most)
  }

  private nextForwards(most: number): boolean {
    const { mem, sought, head, last, lastButOne } = this
    const { u8 } = mem
    const length = head & SHORT_TEXT_MAX
    const butOne = length === 0 ? 0 : length - 1
    let position = this.position
    for (let number = this.following; number < most; number++) {
      const from = position
      const byte = u8[from]
      if (byte >= SHORT_TEXT && byte <= SHORT_TEXT_TOP) {
        position += (byte & SHORT_TEXT_MAX) + 2
        if (byte !== head || u8[from + length] !== last || u8[from + butOne] !== lastButOne) continue
      } else {
        if (byte === END) return false
        position += entryBytes(mem, from)
      }
      if (entryEquals(mem, from, sought)) return this.found(from, number, position)
    }
    return false
  }

  private nextBackwards(most: number): boolean {
    const { mem, sought, head, last, lastButOne } = this
    const { u8 } = mem
    const length = head & SHORT_TEXT_MAX
    const butOne = length === 0 ? 0 : length - 1
    const begin = this.start + LISTPACK_HEADER
    let position = this.position
    for (let number = this.following; number < most && position !== begin; number++) {
      const back = u8[position - 1]
      position = back < BACK_MORE ? position - 1 - back : entryBefore(mem, position)
      const byte = u8[position]
      if (byte >= SHORT_TEXT && byte <= SHORT_TEXT_TOP)
        if (byte !== head || u8[position + length] !== last || u8[position + butOne] !== lastButOne) continue
      if (entryEquals(mem, position, sought)) return this.found(position, number, position)
    }
    return false
  }

  private found(position: number, number: number, next: number): boolean {
    this.at = position - this.start
    this.number = number
    this.following = number + 1
    this.position = next
    return true
  }

  /** A byte of the sought's data as a short text, whose first is `head`. */
  private dataByte(index: number): number {
    const { mem, start } = this.sought.span()
    return index <= 0 ? this.head : mem.u8[start + index - 1]
  }
}

/**
 * Removes the first `limit` entries that equal `element`, or all there are; answers how many those were. What stays
 * moves down run by run, each byte once, however many entries go.
 */
export function removeEqualEntries(mem: Mem, start: number, element: Element, limit: number): number {
  let removed = 0
  let kept = LISTPACK_HEADER
  let from = LISTPACK_HEADER
  while (removed < limit) {
    const at = findElement(mem, start, from, element)
    if (at === NO_ENTRY) break
    kept = moveDown(mem, start, from, at, kept)
    from = at + entryBytes(mem, start + at)
    removed++
  }
  if (removed > 0) cutEntries(mem, start, kept, from, removed)
  return removed
}

/** Answers where the run ends now. Nothing at or behind its old end is touched. */
function moveDown(mem: Mem, start: number, from: number, to: number, at: number): number {
  if (from !== at) copyBytes(mem, start + at, mem, start + from, to - from)
  return at + to - from
}
