/**
 * Meeting the entries of a dict: all in a row while it changes, some one by chance, some quickly.
 *
 * The obvious ways fail where there are two tables. An index is no cursor: while a table doubles, what it has passed
 * splits and stands before it and behind it. And a bucket drawn by chance is not an entry drawn by chance: one of a
 * sparse bucket would come up more often than one of a full.
 *
 * Scan. The cursor counts with its bits reversed (Pieter Noordhuis' algorithm, as in Redis): a bucket splits into
 * buckets that the cursor meets together, so an element that stays for a whole iteration is seen, whatever
 * the tables do meanwhile. Overflow chains belong to their bucket and never move an element to another one.
 *
 * Drawing. A bucket that was drawn counts as often as it has entries: one with few of them is mostly refused.
 *
 * In all of this `old` is the table that empties into `table`: it has no buckets unless the dict is being rehashed.
 * What it does not promise: that a scan meets an element only once, nor that a sample is a fair one.
 */

import type { Random } from '../lib/random.js'
import type { Table } from './dict-table.js'
import { nextCursor } from './scan-cursor.js'

/** One step of an iteration: visits the entries of a bucket; answers the next cursor, 0 at the end. */
export function scanTables(table: Table, old: Table, cursor: number, visit: (ref: number) => void): number {
  if (old.buckets !== 0) return scanBoth(table, old, cursor, visit)
  table.visit(cursor & table.mask, visit)
  return nextCursor(cursor, table.mask)
}

/** Visits a bucket of the smaller table and all those of the larger one that it splits into. */
function scanBoth(table: Table, old: Table, cursor: number, visit: (ref: number) => void): number {
  const growing = old.buckets < table.buckets
  const small = growing ? old : table
  const large = growing ? table : old
  small.visit(cursor & small.mask, visit)
  let at = cursor
  do {
    large.visit(at & large.mask, visit)
    at = nextCursor(at, large.mask)
  } while ((at & (small.mask ^ large.mask)) !== 0)
  return at
}

/** Some entry of `count`, each equally likely. The old table's buckets before `moved` are empty. */
export function drawEntry(table: Table, old: Table, moved: number, count: number, random: Random): number {
  const all = table.buckets + old.buckets
  const buckets = old.buckets === 0 ? table.buckets : Math.min(old.buckets, table.buckets)
  // Hardly any bucket holds more.
  const most = Math.ceil((2 * count) / buckets) + 4
  for (;;) {
    // Of all buckets that may hold something: the old table's come first.
    const drawn = moved + random.below(all - moved)
    const home = drawn < old.buckets ? old : table
    const index = home === old ? drawn : drawn - old.buckets
    const size = home.sizeAt(index)
    const nth = random.below(most)
    if (nth < size) return home.entryAt(index, size <= most ? nth : random.below(size))
  }
}

/** Collects up to `wanted` entries (or a few more) from neighbouring buckets. */
export function sampleEntries(
  table: Table,
  old: Table,
  wanted: number,
  random: Random,
  into: number[],
): void {
  const collect = (ref: number): void => {
    into.push(ref)
  }
  const enough = into.length + wanted
  let at = random.uint32()
  for (let steps = wanted * 10; steps > 0 && into.length < enough; steps--, at++) {
    if (old.buckets !== 0) old.visit(at & old.mask, collect)
    table.visit(at & table.mask, collect)
  }
}
