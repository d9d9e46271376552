import { regressions } from './ratchet.js'
import { percent, scoreOf, type Score } from './score.js'
import { countable } from './stable-name.js'
import type { Tables } from './tables.js'
import { keyOf, missing, union, type Status, type TestId } from './test-id.js'
import type { UnitResult } from './unit-run.js'

/** What the results mean beside the baseline, the ratchet and the exceptions. Pure: facts in, facts out. */

export interface Failure extends TestId {
  readonly reason: string
}

export interface UnitVerdict {
  readonly unit: string
  readonly ok: number
  readonly err: number
  readonly skipped: number
  readonly outside: readonly string[]
  readonly baselineOk: number
  readonly seconds: number
  readonly notes: string
}

export interface Verdict {
  readonly units: readonly UnitVerdict[]
  readonly score: Score
  /** Tests the real server passes and ours does not; those left failing on purpose are in `excepted`. */
  readonly failures: readonly Failure[]
  readonly excepted: readonly Failure[]
  readonly regressions: readonly Failure[]
  /** Lines of exceptions.tsv that are out of date, because the test passes. */
  readonly needless: readonly TestId[]
}

export const unitsOf = (results: readonly UnitResult[]): Set<string> =>
  new Set(results.map(({ unit }) => unit))

export function passedIn(results: readonly UnitResult[]): TestId[] {
  return withStatus(results, 'ok')
}

/** `again` are second runs of some units: a test has passed if it passed in either. */
export function passedInEither(results: readonly UnitResult[], again: readonly UnitResult[]): TestId[] {
  return union(passedIn(results), passedIn(again))
}

export function judgeUnit(result: UnitResult, tables: Tables): UnitVerdict {
  const { unit, tests, skipped, outside, seconds } = result
  const baselineOk = tables.baseline.find(row => row.unit === unit)?.ok ?? 0
  const ok = tests.filter(test => test.status === 'ok').length
  return { unit, ok, err: tests.length - ok, skipped, outside, baselineOk, seconds, notes: notesOn(result) }
}

export function judge(
  results: readonly UnitResult[],
  passedTests: readonly TestId[],
  tables: Tables,
): Verdict {
  const ran = unitsOf(results)
  const units = results.map(result => judgeUnit(result, tables))
  const expected = countable(tables.baselineTests).filter(test => ran.has(test.unit) && test.status === 'ok')
  const explain = reasonsIn(results)
  const failing = missing(expected, passedTests).map(explain)
  const excused = new Set(tables.exceptions.map(keyOf))
  const passing = new Set(passedTests.map(keyOf))
  const failed = new Set(withStatus(results, 'err').map(keyOf))
  return {
    units,
    score: scoreOf(units.map(({ unit, baselineOk }) => ({ ok: countIn(unit, passedTests), baselineOk }))),
    failures: failing.filter(test => !excused.has(keyOf(test))),
    excepted: failing.filter(test => excused.has(keyOf(test))),
    regressions: regressions(tables.ratchet, ran, passedTests, tables.exceptions).map(explain),
    needless: tables.exceptions.filter(test => passing.has(keyOf(test)) && !failed.has(keyOf(test))),
  }
}

export function describeUnit(unit: UnitVerdict): string {
  const { ok, err, skipped, outside, baselineOk, seconds, notes } = unit
  const share = percent({ reached: Math.min(ok, baselineOk), possible: baselineOk })
  const counts = [ok, err, skipped, outside.length, baselineOk].map(n => String(n).padStart(5)).join('')
  return `${unit.unit.padEnd(36)}${counts}${share.padStart(8)}${String(seconds).padStart(6)}  ${notes}`.trimEnd()
}

export const unitHeading = `${'unit'.padEnd(36)}   ok  err skip  exc base   share  secs`

function notesOn({ finished, hung }: UnitResult): string {
  const hanging = hung.length === 0 ? [] : [`${hung.length} hung, first: ${hung[0]}`]
  return [...(finished ? [] : ['ABORTED']), ...hanging].join('; ')
}

const countIn = (unit: string, tests: readonly TestId[]): number =>
  tests.filter(test => test.unit === unit).length

function withStatus(results: readonly UnitResult[], status: Status): TestId[] {
  return results.flatMap(({ unit, tests }) =>
    tests.filter(test => test.status === status).map(({ name }) => ({ unit, name })),
  )
}

/** A test that failed says why; one that never ran was behind something that broke. */
function reasonsIn(results: readonly UnitResult[]): (test: TestId) => Failure {
  const reasons = new Map<string, string>()
  for (const { unit, tests } of results) {
    for (const { name, status, reason } of tests)
      if (status === 'err') reasons.set(keyOf({ unit, name }), reason)
  }
  const breaks = new Map(results.map(result => [result.unit, breakOf(result)]))
  return ({ unit, name }) => ({
    unit,
    name,
    reason: reasons.get(keyOf({ unit, name })) ?? `did not run${breaks.get(unit) ?? ''}`,
  })
}

function breakOf({ outside, finished }: UnitResult): string {
  if (outside.length > 0) return ` (${outside[0]})`
  return finished ? '' : ' (the unit was not run to its end)'
}
