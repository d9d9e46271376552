/**
 * Writes the elements of a hash table in pieces, each as it was when that began, while the table changes.
 *
 * Elements have no room for a mark that says "written". But their order is free, so they are written by *region*: all
 * whose hash code ends in the same bits. A byte for each region says whether it is done. The walk writes one region
 * after the other; a change of an element in a region that is not done writes that region first, once. New elements
 * then fall into regions that are done, so nobody takes them for old ones. A table may grow or shrink meanwhile: the
 * hash code of an element stays what it was.
 *
 * A region has some fifty elements. So a write to a table that is half written waits for that many at most, and the
 * marks take a byte for fifty elements.
 */

import type { ValuePieces } from './pieces.js'

/** A table with fewer elements is written in one piece. */
export const BIG_TABLE_MIN = 512
/** No more elements than these share a region, on average. */
const REGION_ELEMENTS = 64

/** The tables of one form that are half written, by their roots. */
export class RegionSaves {
  private readonly saves = new Map<number, RegionSave>()

  /** `write` writes the elements of a region, of so many there are; `isOf`: see ValuePieces. */
  begin(
    root: number,
    elements: number,
    write: (region: number, regions: number) => void,
    isOf: (ref: number) => boolean,
  ): ValuePieces {
    const save = new RegionSave(regionsFor(elements), write, isOf, () => this.saves.delete(root))
    this.saves.set(root, save)
    return save
  }

  /** An element with this hash code is about to come, to change or to go. */
  before(root: number, hash: number): void {
    if (this.saves.size > 0) this.saves.get(root)?.before(hash)
  }
}

class RegionSave implements ValuePieces {
  private readonly done: Uint8Array
  private walked = 0

  constructor(
    regions: number,
    private readonly write: (region: number, regions: number) => void,
    readonly isOf: (ref: number) => boolean,
    readonly end: () => void,
  ) {
    this.done = new Uint8Array(regions)
  }

  next(): boolean {
    const { done } = this
    while (this.walked < done.length && done[this.walked] !== 0) this.walked++
    if (this.walked === done.length) return false
    this.save(this.walked)
    return true
  }

  before(hash: number): void {
    const region = hash & (this.done.length - 1)
    if (this.done[region] === 0) this.save(region)
  }

  private save(region: number): void {
    this.done[region] = 1
    this.write(region, this.done.length)
  }
}

function regionsFor(elements: number): number {
  let regions = 1
  while (regions * REGION_ELEMENTS < elements) regions *= 2
  return regions
}
