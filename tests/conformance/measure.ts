import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ProcessGroups } from './process-groups.js'
import type { Options } from './options.js'
import { updatedRatchet } from './ratchet.js'
import { printFailures, printSelected, printVerdict, writeReport } from './report.js'
import { writeRatchet, type Tables } from './tables.js'
import { missing, type TestId } from './test-id.js'
import { runUnit, type RunSettings, type UnitResult } from './unit-run.js'
import { describeUnit, judge, judgeUnit, passedIn, passedInEither, unitHeading, unitsOf } from './verdict.js'
import type { Bench, Workspace } from './workspace.js'

export interface Measurement {
  readonly units: readonly string[]
  readonly workspace: Workspace
  readonly groups: ProcessGroups
  readonly tables: Tables
  readonly tablesFolder: string
  readonly options: Options
}

/** Runs the units, reports, and returns the exit status. */
export async function measure(measurement: Measurement): Promise<number> {
  const { units, workspace, tables, options } = measurement
  const settings = settingsOf(measurement)
  mkdirSync(settings.logs, { recursive: true })
  const benches = await addBenches(workspace, Math.min(options.jobs, units.length))
  const run = (units: readonly string[], benches: readonly Bench[]) =>
    runUnits(units, benches, settings, result => console.log(describeUnit(judgeUnit(result, tables))))

  console.log(unitHeading)
  const results = await run(longestFirst(units, tables), benches)
  if (options.only.length > 0) return printSelected(results)
  const doubtful = unitsToRunAgain(results, tables)
  const again = await run(doubtful, benches.slice(0, 1))
  return conclude(results, passedInEither(results, again), measurement)
}

function conclude(
  results: readonly UnitResult[],
  passed: readonly TestId[],
  measurement: Measurement,
): number {
  const { tables, options } = measurement
  const verdict = judge(results, passed, tables)
  writeReport(resolve(options.out), results, verdict)
  if (options.failures) printFailures(verdict.failures, results)
  printVerdict(verdict)
  if (options.update) updateRatchet(results, passed, measurement)
  const regressed = options.update ? 0 : verdict.regressions.length
  console.log(`${passed.length} passed, ${regressed} failed`)
  return regressed > 0 ? 1 : 0
}

/** How the reason of an exception begins that must not even be run. */
const SKIPPED = 'skipped: '

function settingsOf({ groups, options, tables }: Measurement): RunSettings {
  const { timeoutS, stallS, only, keep, out } = options
  const skipped = tables.exceptions.filter(({ reason }) => reason.startsWith(SKIPPED))
  return { groups, limits: { timeoutS, stallS }, logs: join(resolve(out), 'logs'), only, keep, skipped }
}

/** Units that lost a listed test run once more, one at a time, when nothing else competes for the processor. */
function unitsToRunAgain(results: readonly UnitResult[], tables: Tables): string[] {
  const lost = judge(results, passedIn(results), tables).regressions
  const units = [...new Set(lost.map(({ unit }) => unit))]
  if (units.length > 0)
    console.log(`\n${lost.length} listed tests did not pass: once more, ${units.join(' ')}`)
  return units
}

/** Each bench takes the next unit of the queue; the results come back in the order of the units. */
async function runUnits(
  units: readonly string[],
  benches: readonly Bench[],
  settings: RunSettings,
  show: (result: UnitResult) => void,
): Promise<UnitResult[]> {
  const queue = [...units]
  const results: UnitResult[] = []
  const work = async (bench: Bench) => {
    for (let unit = queue.shift(); unit !== undefined; unit = queue.shift()) {
      const result = await runUnit(unit, bench, settings)
      results.push(result)
      show(result)
    }
  }
  await Promise.all(benches.map(work))
  return results.sort((a, b) => units.indexOf(a.unit) - units.indexOf(b.unit))
}

/** So that no long unit is left to run alone at the end. */
function longestFirst(units: readonly string[], tables: Tables): string[] {
  const seconds = new Map(tables.baseline.map(row => [row.unit, row.seconds]))
  return [...units].sort((a, b) => (seconds.get(b) ?? 0) - (seconds.get(a) ?? 0))
}

async function addBenches(workspace: Workspace, count: number): Promise<Bench[]> {
  const benches: Bench[] = []
  while (benches.length < count) benches.push(await workspace.addBench())
  return benches
}

function updateRatchet(
  results: readonly UnitResult[],
  passed: readonly TestId[],
  measurement: Measurement,
): void {
  const { tables, tablesFolder } = measurement
  const next = updatedRatchet(tables.ratchet, unitsOf(results), passed, tables.exceptions)
  const dropped = missing(tables.ratchet, next)
  writeRatchet(tablesFolder, next)
  console.log(`ratchet.tsv: ${missing(next, tables.ratchet).length} tests gained, ${dropped.length} dropped`)
  for (const { unit, name } of dropped) console.log(`  dropped: ${unit}  ${name}`)
}
