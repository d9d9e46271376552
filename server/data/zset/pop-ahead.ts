/**
 * Reading ahead for who pops: the members at an end of a big sorted set are asked for in rows (row-ahead.ts). Measured: a
 * tenth of the time of a pipelined ZPOPMIN from 100,000 members.
 *
 * Who pops a second time from the same sorted set is taken to go on.
 */

import type { Dict } from '../../memory/dict.js'
import type { OrderedTree, TreeCursor } from '../../memory/ordered-tree.js'
import type { RowAhead } from './row-ahead.js'

/** As many reads as a core has under way at once, about. */
const ROW = 8
/** A sorted set of fewer members is near anyway. */
const MEMBERS_MIN = 4096

export class PopAhead {
  /** The sorted set that was popped from last, and how many of its members to come are near. */
  private root = 0
  private near = 0
  private readonly cursor: TreeCursor
  private readonly row = new Int32Array(ROW)
  /** How many of the row are still what they were when their hashes were computed. */
  private known = 0
  private readonly hashes = new Int32Array(ROW)

  constructor(
    private readonly tree: OrderedTree,
    private readonly rows: RowAhead,
  ) {
    this.cursor = tree.cursor()
  }

  /** A member is about to be popped from `root`, which the tree is open on. True when it is time for `bringNear`. */
  isDue(root: number): boolean {
    if (root !== this.root) {
      this.forget()
      this.root = root
      this.near = 0
      return false
    }
    if (this.near === 0) return this.tree.count >= MEMBERS_MIN
    this.near--
    return false
  }

  /** Asks for the next members at an end, and for their buckets in the table. */
  bringNear(dict: Dict, last: boolean): void {
    const { tree, cursor, row } = this
    tree.seek(last ? tree.count - 1 : 0, cursor)
    const count = cursor.takeRow(row, ROW, last)
    this.rows.bringNear(dict, row, count, this.hashes)
    this.near = count - 1
    this.known = count
  }

  /** Members come or go otherwise than by being popped: a block of the row may become another member's. */
  forget(): void {
    this.known = 0
  }

  /** The hash of the member that is about to be popped. */
  hashOf(dict: Dict, ref: number): number {
    const at = this.known - 1 - this.near
    return at >= 0 && this.row[at] === ref ? this.hashes[at] : dict.hashOf(ref)
  }
}
