/** Choosing some members of a set or a hash, each selection equally likely. */

import type { Random } from '../lib/random.js'
import type { Dict } from '../memory/dict.js'

/** What is done with each member of a walk; `false` ends the walk. */
type Visitor<Shown extends unknown[]> = (...shown: Shown) => boolean | undefined

/**
 * Visits `count` of `size` members of a walk (Knuth's algorithm S): a member is taken with the probability that wanted
 * ones bear to those still to come.
 */
export function select<Shown extends unknown[]>(
  size: number,
  count: number,
  chance: Random,
  walk: (visit: Visitor<Shown>) => void,
  visit: Visitor<Shown>,
): void {
  let coming = size
  let wanted = count
  walk((...shown) => {
    if (chance.below(coming--) >= wanted) return undefined
    if (visit(...shown) === false) return false
    return --wanted > 0 ? undefined : false
  })
}

/** As `select`; the members that are not taken are shown to `pass`. */
export function divide<Shown extends unknown[]>(
  size: number,
  count: number,
  chance: Random,
  walk: (visit: Visitor<Shown>) => void,
  take: Visitor<Shown>,
  pass: Visitor<Shown>,
): void {
  let coming = size
  let wanted = count
  walk((...shown) => {
    if (chance.below(coming--) >= wanted) return pass(...shown)
    wanted--
    return take(...shown)
  })
}

/** Up to a third of the members, drawing them one by one costs less than a walk. */
const DRAWS_SHARE = 3

export function isDrawingCheaper(count: number, size: number): boolean {
  return count * DRAWS_SHARE <= size
}

/** Draws entries of a table until `count` different ones have come up. */
export function drawDifferent(dict: Dict, count: number, chance: Random): ReadonlySet<number> {
  const drawn = new Set<number>()
  while (drawn.size < count) drawn.add(dict.random(chance))
  return drawn
}
