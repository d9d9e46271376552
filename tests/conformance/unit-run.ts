import { join } from 'node:path'
import type { ProcessGroups } from './process-groups.js'
import { readSentinelOutput } from './sentinel-output.js'
import { stableName } from './stable-name.js'
import { culpritOf, readSuiteOutput, type SuiteOutput } from './suite-output.js'
import type { TestId, TestResult } from './test-id.js'
import { patienceFor } from './units.js'
import type { Bench } from './workspace.js'

/**
 * One unit, run until its file was read to the end.
 *
 * A test that hangs (or takes the whole unit down) would hide all tests behind it. So it is counted as failed, and
 * the unit is run again without it, a few times at most. The attempt with the most passed tests counts.
 */
const ATTEMPTS = 6
const SHORTEST_ATTEMPT_MS = 5_000

export interface UnitResult {
  readonly unit: string
  readonly tests: readonly TestResult[]
  readonly skipped: number
  readonly outside: readonly string[]
  readonly finished: boolean
  readonly hung: readonly string[]
  readonly seconds: number
}

export interface Limits {
  readonly timeoutS: number
  readonly stallS: number
}

export interface RunSettings {
  readonly groups: ProcessGroups
  readonly limits: Limits
  readonly logs: string
  readonly only: readonly string[]
  /** Tests that spoil those behind them when they fail, as they must: they are not begun. */
  readonly skipped: readonly TestId[]
  readonly keep: boolean
}

export async function runUnit(unit: string, bench: Bench, settings: RunSettings): Promise<UnitResult> {
  const began = Date.now()
  const deadline = began + settings.limits.timeoutS * patienceFor(unit) * 1000
  const hung: string[] = []
  let best: SuiteOutput | null = null

  for (let attempt = 1; attempt <= ATTEMPTS && deadline - Date.now() > SHORTEST_ATTEMPT_MS; attempt++) {
    const log = join(settings.logs, `${unit.replaceAll('/', '_')}.${attempt}.log`)
    const command = commandFor(unit, bench, settings, hung)
    const text = await settings.groups.run(command, bench.folder, log, deadline - Date.now())
    const output = readerFor(unit)(text)
    if (best === null || passedIn(output) >= passedIn(best)) best = output
    if (output.finished) break
    const culprit = culpritOf(output)
    if (culprit === null || hung.includes(culprit)) break
    hung.push(culprit)
  }
  return resultOf(unit, best, hung, Date.now() - began)
}

function resultOf(unit: string, output: SuiteOutput | null, hung: readonly string[], ms: number): UnitResult {
  const seconds = Math.round(ms / 1000)
  if (output === null) return { unit, tests: [], skipped: 0, outside: [], finished: false, hung, seconds }
  const reported = output.tests.filter(test => !hung.includes(test.name))
  const blamed = hung.map(name => ({ name, status: 'err' as const, reason: blame(name, output) }))
  const tests = [...reported, ...blamed].map(test => ({ ...test, name: stableName(test.name) }))
  const skipped = Math.max(0, output.skipped - hung.length)
  const { outside, finished } = output
  return { unit, tests, skipped, outside, finished, hung, seconds }
}

/** What the suite itself had to say of a test that stopped it, if anything. */
function blame(name: string, output: SuiteOutput): string {
  const reason = output.tests.find(test => test.name === name && test.status === 'err')?.reason
  return reason ?? 'hung, or took the unit down with it'
}

const passedIn = (output: SuiteOutput): number => output.tests.filter(test => test.status === 'ok').length

const isSentinel = (unit: string): boolean => unit.startsWith('sentinel/')

const readerFor = (unit: string): ((text: string) => SuiteOutput) =>
  isSentinel(unit) ? readSentinelOutput : readSuiteOutput

const skippedIn = (unit: string, { skipped }: RunSettings): string[] =>
  skipped.filter(test => test.unit === unit).map(({ name }) => name)

function commandFor(unit: string, bench: Bench, settings: RunSettings, hung: readonly string[]): string[] {
  const clean = settings.keep ? ['--dont-clean'] : []
  if (isSentinel(unit)) {
    return ['tclsh', 'tests/sentinel/run.tcl', '--single', unit.slice('sentinel/'.length), ...clean]
  }
  const { base, count } = bench.ports
  const stall = settings.limits.stallS * patienceFor(unit)
  return [
    ...['tclsh', 'tests/test_helper.tcl', '--single', unit, '--durable', '--clients', '1'],
    ...['--baseport', String(base), '--portcount', String(count), '--timeout', String(stall)],
    ...settings.only.flatMap(name => ['--only', name]),
    ...[...skippedIn(unit, settings), ...hung].flatMap(name => ['--skiptest', name]),
    ...clean,
  ]
}
