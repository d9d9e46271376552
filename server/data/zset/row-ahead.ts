/**
 * Members that are neighbours in the order of a big sorted set lie anywhere in memory, and so do their places in the
 * table. Who takes one after the other out would wait for both each time; asked for together, a row of members comes in
 * the time of a few (as with keyspace/read-ahead.ts, and as harmless).
 */

import { type Arena, SEGMENT_SHIFT, UNIT_MASK } from '../../memory/arena.js'
import type { Dict } from '../../memory/dict.js'

export class RowAhead {
  /** What was read: V8 leaves out reads of which nothing follows. */
  private read = 0

  constructor(private readonly arena: Arena) {}

  /** Brings a row of members near, with their buckets in the table. `hashes` gets their hashes. */
  bringNear(dict: Dict, row: Int32Array, count: number, hashes: Int32Array): void {
    const { mems } = this.arena
    let read = 0
    for (let i = 0; i < count; i++) read ^= mems[row[i] >>> SEGMENT_SHIFT].i32[(row[i] & UNIT_MASK) << 2]
    this.read ^= read
    for (let i = 0; i < count; i++) hashes[i] = dict.hashOf(row[i])
    dict.prefetch(hashes, count)
  }
}
