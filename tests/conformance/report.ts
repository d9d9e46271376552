import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { percent } from './score.js'
import { formatTable } from './tables.js'
import type { UnitResult } from './unit-run.js'
import type { Failure, Verdict } from './verdict.js'

/** `report.json` and `report.tsv` for tools, lists on the terminal for people. */
export function writeReport(folder: string, results: readonly UnitResult[], verdict: Verdict): void {
  writeFileSync(join(folder, 'report.json'), JSON.stringify({ ...verdict, results }, null, 2) + '\n')
  const ran = results.flatMap(({ unit, tests }) =>
    tests.map(test => [unit, test.status, test.name, test.reason]),
  )
  const absent = verdict.failures
    .filter(({ reason }) => reason.startsWith('did not run'))
    .map(({ unit, name, reason }) => [unit, 'absent', name, reason])
  const rows = [...ran, ...absent]
  writeFileSync(join(folder, 'report.tsv'), formatTable(['unit', 'status', 'name', 'reason'], rows))
}

export function printFailures(failures: readonly Failure[], results: readonly UnitResult[]): void {
  for (const { unit, outside } of results) {
    const failing = failures.filter(failure => failure.unit === unit)
    if (failing.length + outside.length === 0) continue
    console.log(`\n${unit}`)
    for (const error of outside) console.log(`  outside any test: ${error}`)
    for (const { name, reason } of failing) console.log(`  ${name}\n      ${reason}`)
  }
}

export function printVerdict(verdict: Verdict): void {
  const { score, failures, excepted, needless } = verdict
  console.log(`\nscore ${score.reached} of ${score.possible} = ${percent(score)}`)
  console.log(`${failures.length} tests of the baseline fail, ${excepted.length} more on purpose`)
  for (const { unit, name } of needless)
    console.log(`passes, so exceptions.tsv need not list it: ${unit}  ${name}`)
  if (verdict.regressions.length === 0) return
  console.log('\nREGRESSIONS: tests listed in ratchet.tsv that no longer pass')
  for (const { unit, name, reason } of verdict.regressions) console.log(`  ${unit}  ${name}\n      ${reason}`)
}

/** For `--only`: there is nothing to compare with. Returns the exit status. */
export function printSelected(results: readonly UnitResult[]): number {
  const tests = results.flatMap(result => result.tests)
  const failed = tests.filter(test => test.status === 'err')
  for (const error of results.flatMap(result => result.outside)) console.log(`outside any test: ${error}`)
  for (const { name, reason } of failed) console.log(`${name}\n    ${reason}`)
  console.log(`${tests.length - failed.length} passed, ${failed.length} failed`)
  return failed.length > 0 ? 1 : 0
}
