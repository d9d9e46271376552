import type { Random } from '../../lib/random.js'
import type { FieldVisitor } from './form.js'

/**
 * Visits `count` of `size` fields of a walk, each selection equally likely (Knuth's algorithm S): a field is taken with
 * the probability that wanted ones bear to those still to come.
 */
export function select(
  size: number,
  count: number,
  chance: Random,
  walk: (visit: FieldVisitor) => void,
  visit: FieldVisitor,
): void {
  let coming = size
  let wanted = count
  walk((field, value) => {
    if (chance.below(coming--) >= wanted) return undefined
    if (visit(field, value) === false) return false
    return --wanted > 0 ? undefined : false
  })
}
