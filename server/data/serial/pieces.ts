/**
 * Big values, written in pieces between the turns of the loop, as they were when that began.
 *
 * A hash of a million fields takes a third of a second to write: the loop cannot stand still for it. So a type whose
 * values may be big brings `isBig` and `pieces`, and while one is half written, commands go on changing it. What they are
 * about to change is written before they do; how that is found out is the type's own affair:
 *
 *      tables     regions of the hash code: see region-save.ts. A change costs one region at most: some fifty elements
 *      lists      the nodes of the beginning: see list/pieces.ts. A change costs the copy of a node
 *      streams    whoever is first to change one has all the rest written: see stream/pieces.ts
 *
 * Whoever frees the value asks `isOf` first, and waits with that until all is written.
 */

import type { ValueWriter } from './value-writer.js'

/** Whose bytes come next: it may change hands while a value is half written. */
export interface WriterSeat {
  writer: ValueWriter
}

export interface ValuePieces {
  /** Writes the next piece, of some ten or hundred microseconds; false when it was the last. */
  next(): boolean
  /** True when the value belongs to this entry, and must not be freed. */
  isOf(ref: number): boolean
  /** The value is about to change in some way. Types that see their changes themselves do without. */
  beforeChange?(): void
  /** Memory that holds old forms until their turn comes. */
  readonly keptBytes?: number
  /** It will not be asked again, whether it is done or not. */
  end(): void
}

/** The pieces of a type, with something around them that an encoder has to do. */
export class WrappedPieces implements ValuePieces {
  constructor(protected readonly pieces: ValuePieces) {}

  get keptBytes(): number {
    return this.pieces.keptBytes ?? 0
  }

  next(): boolean {
    return this.pieces.next()
  }

  isOf(ref: number): boolean {
    return this.pieces.isOf(ref)
  }

  beforeChange(): void {
    this.pieces.beforeChange?.()
  }

  end(): void {
    this.pieces.end()
  }
}
