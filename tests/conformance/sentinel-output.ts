import type { SuiteOutput } from './suite-output.js'
import type { TestResult } from './test-id.js'

/**
 * What one run of one sentinel unit printed. It has a driver and a format of its own:
 *
 *     Testing unit: 05-manual.tcl
 *     07:11:56> NAME: OK
 *     07:11:57> NAME: FAILED: reason             the rest of the unit is left out
 *     07:11:58> NAME: something else             a verdict that something else got in front of
 *     OK                                         stands on a line of its own
 *     FAILED: caught an error in the test ...    an error between tests
 *     Cleaning up...
 */
const verdict = /^(?:\d\d:\d\d:\d\d> (.*): )?(OK|FAILED: .*)$/
const begun = /^\d\d:\d\d:\d\d> (.*?):/
const broken = 'caught an error in the test'

export function readSentinelOutput(text: string): SuiteOutput {
  const tests: TestResult[] = []
  const outside: string[] = []
  let running: string | null = null

  for (const line of text.split('\n')) {
    const ended = verdict.exec(line)
    if (ended === null) {
      running = begun.exec(line)?.[1] ?? running
      continue
    }
    const name = ended[1] ?? running
    if (name !== null) tests.push(resultOf(name, ended[2]))
    else if (ended[2] !== 'OK') outside.push(reasonOf(ended[2]))
    running = null
  }
  const finished = /^Testing unit/m.test(text) && /^Cleaning up/m.test(text)
  return { tests, skipped: 0, outside, running, finished }
}

function resultOf(name: string, text: string): TestResult {
  if (text === 'OK') return { name, status: 'ok', reason: '' }
  return { name, status: 'err', reason: reasonOf(text) }
}

const reasonOf = (text: string): string => text.slice('FAILED: '.length).replace(broken, '').trim()
