/**
 * What the keyspace does for itself between the commands, in pieces of about half a millisecond: a table that is being
 * rehashed goes on although nobody changes it, a table that has become sparse shrinks, and the dead are freed.
 */

import type { Clock } from '../lib/clock.js'
import type { Dict } from '../memory/dict.js'
import type { Keyspace } from './keyspace.js'

/** How long a piece may take. */
const PIECE_US = 500
/** Databases looked at in a tick. */
const DATABASES_PER_TICK = 16
/** Buckets moved, and pieces freed, between two looks at the clock: a tenth of a piece or less. */
const BUCKETS_PER_LOOK = 32
const FREES_PER_LOOK = 128

export class Upkeep {
  private nextDatabase = 0

  constructor(private readonly keyspace: Keyspace) {}

  /** Resizes tables, and moves a piece of those between two sizes (`activerehashing`). */
  tables(clock: Clock, activeRehashing: boolean): void {
    const { databases } = this.keyspace
    const deadlineUs = clock.monotonicUs() + PIECE_US
    const visits = Math.min(databases.length, DATABASES_PER_TICK)
    for (let i = 0; i < visits; i++) {
      const { keys, volatile } = databases[this.nextDatabase % databases.length].tables
      for (const dict of [keys, volatile]) {
        // While data is loaded, a table is sparse because room was made in it.
        if (this.keyspace.expiryMode !== 'ignore') shrinkSparse(dict)
        if (activeRehashing && !rehash(dict, clock, deadlineUs)) return
      }
      this.nextDatabase++
    }
  }

  /** Frees a piece of what is dead; true while more is waiting. */
  free(clock: Clock): boolean {
    const { graveyard } = this.keyspace
    const deadlineUs = clock.monotonicUs() + PIECE_US
    while (graveyard.slice(FREES_PER_LOOK)) {
      if (clock.monotonicUs() >= deadlineUs) return true
    }
    return false
  }
}

/** A table that could not shrink while its keys went, as it was being rehashed, does it now. */
function shrinkSparse(dict: Dict): void {
  if (!dict.rehashing && dict.isSparse) dict.shrink()
}

/** False when the time is up. */
function rehash(dict: Dict, clock: Clock, deadlineUs: number): boolean {
  while (dict.rehash(BUCKETS_PER_LOOK)) {
    if (clock.monotonicUs() >= deadlineUs) return false
  }
  return true
}
