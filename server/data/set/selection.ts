import type { Random } from '../../lib/random.js'
import type { MemberVisitor } from './form.js'

/**
 * Visits `count` of `size` members of a walk, each selection equally likely (Knuth's algorithm S): a member is taken
 * with the probability that wanted ones bear to those still to come.
 */
export function select(
  size: number,
  count: number,
  chance: Random,
  walk: (visit: MemberVisitor) => void,
  visit: MemberVisitor,
): void {
  let coming = size
  let wanted = count
  walk(member => {
    if (chance.below(coming--) >= wanted) return undefined
    if (visit(member) === false) return false
    return --wanted > 0 ? undefined : false
  })
}
