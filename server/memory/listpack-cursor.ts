import type { Mem } from '../lib/bytes.js'
import { Element } from './element.js'
import {
  entryAtIndex,
  firstEntry,
  lastEntry,
  nextEntry,
  NO_ENTRY,
  previousEntry,
  readElement,
} from './listpack.js'

/**
 * Reads a listpack element by element, in either direction, without making anything:
 *
 *     for (let more = cursor.first(mem, start); more; more = cursor.next()) use(cursor.element)
 *
 * The element is the cursor's own and is valid until the next move. A listpack that changes has to be entered
 * again, by one of the methods that take (mem, start).
 */
export class ListpackCursor {
  readonly element = new Element()
  /** The place of the entry: NO_ENTRY when the cursor stands at none. */
  at = NO_ENTRY
  private mem!: Mem
  private start = 0

  first(mem: Mem, start: number): boolean {
    return this.enter(mem, start, firstEntry(mem, start))
  }

  last(mem: Mem, start: number): boolean {
    return this.enter(mem, start, lastEntry(mem, start))
  }

  /** Negative indexes count from the end. */
  index(mem: Mem, start: number, index: number): boolean {
    return this.enter(mem, start, entryAtIndex(mem, start, index))
  }

  /** Enters at the place of an entry, or at NO_ENTRY. */
  enter(mem: Mem, start: number, at: number): boolean {
    this.mem = mem
    this.start = start
    return this.moveTo(at)
  }

  next(): boolean {
    return this.moveTo(nextEntry(this.mem, this.start, this.at))
  }

  previous(): boolean {
    return this.moveTo(previousEntry(this.mem, this.start, this.at))
  }

  private moveTo(at: number): boolean {
    this.at = at
    if (at === NO_ENTRY) return false
    readElement(this.mem, this.start, at, this.element)
    return true
  }
}
