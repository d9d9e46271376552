import { countable } from './stable-name.js'
import { byUnitAndName, keyOf, missing, type TestId } from './test-id.js'

/**
 * The ratchet: `ratchet.tsv` lists the tests that have passed once, and a listed test that no longer passes is a
 * regression. The list only grows, except by a deliberate `--update`.
 */

/** The listed tests of the units that were run which did not pass, leaving out those allowed to fail. */
export function regressions(
  ratchet: readonly TestId[],
  units: ReadonlySet<string>,
  passed: readonly TestId[],
  exceptions: readonly TestId[],
): TestId[] {
  const allowed = new Set(exceptions.map(keyOf))
  const listed = ratchet.filter(test => units.has(test.unit) && !allowed.has(keyOf(test)))
  return missing(listed, passed)
}

/** The new list: what passed now for the units that were run, what was listed before for all others. */
export function updatedRatchet(
  ratchet: readonly TestId[],
  units: ReadonlySet<string>,
  passed: readonly TestId[],
  exceptions: readonly TestId[],
): TestId[] {
  const allowed = new Set(exceptions.map(keyOf))
  const others = ratchet.filter(test => !units.has(test.unit))
  const listed = countable(passed).filter(test => !allowed.has(keyOf(test)))
  return [...others, ...listed].sort(byUnitAndName)
}
