/**
 * Tests and how to compare two lists of them.
 *
 * A test is known by its unit and its name, but the suite reuses names (a loop over encodings, a fixture that
 * several blocks repeat), so lists of tests are multisets: a name that passes twice is listed twice, and losing
 * one of the two is a loss.
 */

export interface TestId {
  readonly unit: string
  readonly name: string
}

export type Status = 'ok' | 'err'

/** What became of a test; `reason` is empty when it passed. */
export interface TestResult {
  readonly name: string
  readonly status: Status
  readonly reason: string
}

/** One string per test, usable as a key; neither half ever holds a tab. */
export const keyOf = (test: TestId): string => `${test.unit}\t${test.name}`

/** The tests of `expected` that `actual` lacks, each as often as it is lacking. */
export function missing(expected: readonly TestId[], actual: readonly TestId[]): TestId[] {
  const left = countByKey(actual)
  return expected.filter(test => {
    const count = left.get(keyOf(test)) ?? 0
    if (count > 0) left.set(keyOf(test), count - 1)
    return count === 0
  })
}

/** Every test of either list, as often as the list that has it more often. */
export function union(a: readonly TestId[], b: readonly TestId[]): TestId[] {
  return [...a, ...missing(b, a)]
}

export function byUnitAndName(a: TestId, b: TestId): number {
  return compare(a.unit, b.unit) || compare(a.name, b.name)
}

// By code unit, so that the committed lists sort alike on every machine.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function countByKey(tests: readonly TestId[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const test of tests) counts.set(keyOf(test), (counts.get(keyOf(test)) ?? 0) + 1)
  return counts
}
