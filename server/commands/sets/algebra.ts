/**
 * What several sets have in common, together, or one of them alone.
 *
 * A source is the entry of a set, or 0 for a key that is not there, which is an empty set. Results go into a *draft*,
 * the entry of a set that no key names yet, or are told one by one.
 */

import type { MemberVisitor } from '../../data/set/form.js'
import type { Sets } from '../../data/set/sets.js'

/** Tells the members that all sources have: those of the smallest, asked for in the others, the small ones first. */
export function intersect(sets: Sets, sources: readonly number[], visit: MemberVisitor): void {
  if (sources.includes(0)) return
  const [smallest, ...others] = [...sources].sort((a, b) => sets.size(a) - sets.size(b))
  sets.walk(smallest, member => {
    return others.every(other => other === smallest || sets.hasElement(other, member))
      ? visit(member)
      : undefined
  })
}

/** Adds the members of all sources to the draft, until it has `limit`. */
export function unite(sets: Sets, sources: readonly number[], draft: number, limit = Infinity): void {
  for (const source of sources) {
    if (source === 0) continue
    sets.walk(source, member => {
      sets.addElement(draft, member)
      return sets.size(draft) < limit
    })
    if (limit !== Infinity && sets.size(draft) >= limit) return
  }
}

/**
 * Adds the members of the first source that no other has to the draft, until it has `limit`.
 *
 * Two ways: ask all others for each member of the first, or copy the first and remove the members of all others. The
 * one costs lookups by the number of sources, the other by their sizes; the first may stop at the first that has the
 * member, and so is taken to cost half.
 */
export function subtract(sets: Sets, sources: readonly number[], draft: number, limit = Infinity): void {
  const [first, ...rest] = sources
  if (first === 0 || rest.includes(first)) return
  const others = rest.filter(source => source !== 0).sort((a, b) => sets.size(b) - sets.size(a))
  const removals = others.reduce((sum, other) => sum + sets.size(other), sets.size(first))
  const lookups = (sets.size(first) * sources.length) / 2
  if (lookups <= removals) subtractByAsking(sets, first, others, draft, limit)
  else subtractByRemoving(sets, first, others, draft)
}

function subtractByAsking(
  sets: Sets,
  first: number,
  others: readonly number[],
  draft: number,
  limit: number,
): void {
  sets.walk(first, member => {
    if (others.some(other => sets.hasElement(other, member))) return undefined
    sets.addElement(draft, member)
    return limit === Infinity || sets.size(draft) < limit
  })
}

function subtractByRemoving(sets: Sets, first: number, others: readonly number[], draft: number): void {
  unite(sets, [first], draft)
  for (const other of others) {
    sets.walk(other, member => {
      sets.removeElement(draft, member)
      return undefined
    })
  }
}
