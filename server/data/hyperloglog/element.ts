/**
 * What an element says: which register, and how long a run of zeros.
 *
 * The low 14 bits of its hash are the register's index. The rank is the place, counted from 1, of the lowest
 * one among the 50 bits above them; if all are zero it is 51.
 */
import type { Span } from '../../lib/bytes.js'
import { murmur64, type Hash64 } from '../../lib/murmur64.js'
import { INDEX_BITS, RANK_MAX, REGISTERS } from './format.js'

export class ElementHash {
  index = 0
  rank = 0
  private readonly hash: Hash64 = { hi: 0, lo: 0 }

  of(element: Span): void {
    const { hash } = this
    murmur64(element.mem.u8, element.start, element.length, hash)
    this.index = hash.lo & (REGISTERS - 1)
    this.rank = rankOf(hash.lo >>> INDEX_BITS, hash.hi)
  }
}

/** The place of the lowest one in the 18 bits of `low` and the 32 of `high` above them. */
function rankOf(low: number, high: number): number {
  if (low !== 0) return trailingZeros(low) + 1
  if (high !== 0) return 32 - INDEX_BITS + trailingZeros(high) + 1
  return RANK_MAX
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word)
}
