import type { TestResult } from './test-id.js'

/**
 * What one run of one unit printed, understood.
 *
 * The suite prints records. A record begins with a line `[status]: text` and goes on until the next one:
 *
 *     [testing]: NAME                      (a line our copy of the driver adds)
 *     [ok]: NAME (12 ms)
 *     [err]: NAME in tests/unit/x.tcl      then the reason, then perhaps Tcl's stack
 *     [err]: anything else                 an error outside any test: the block around it was given up
 *     [exception]: ...                     the whole unit was given up
 *     [ignore]: ...   [skip]: NAME         left out by a tag, or because we asked
 *     [1/1 done]: UNIT (3 seconds)         the file was run to its end
 *
 * and then `The End`, after which it repeats the failures.
 */
export interface SuiteOutput {
  readonly tests: readonly TestResult[]
  readonly skipped: number
  /** Errors outside any test, one line each. */
  readonly outside: readonly string[]
  /** The test that had begun and not ended when the output stopped. */
  readonly running: string | null
  readonly finished: boolean
}

interface Record {
  readonly status: string
  readonly text: string
  readonly details: string[]
}

const statusLine = /^\[(ok|err|testing|exception|ignore|skip|ready|TIMEOUT|\d+\/\d+ done)\]: ?(.*)$/
const failedTest = /^(.*) in tests\/\S+\.tcl$/
const theEnd = /^ +The End$/

export function readSuiteOutput(text: string): SuiteOutput {
  const tests: TestResult[] = []
  const outside: string[] = []
  let skipped = 0
  let running: string | null = null
  let finished = false

  for (const record of recordsOf(text)) {
    switch (record.status) {
      case 'testing':
        running = record.text
        break
      case 'ok':
        tests.push({ name: record.text.replace(/ \(\d+ ms\)$/, ''), status: 'ok', reason: '' })
        running = null
        break
      case 'err': {
        const failed = failedTest.exec(record.text)
        if (failed === null) outside.push(summary(record))
        else tests.push({ name: failed[1], status: 'err', reason: firstLine(record.details) })
        if (failed !== null) running = null
        break
      }
      case 'exception':
        outside.push(summary(record))
        break
      case 'ignore':
      case 'skip':
        skipped++
        break
      case 'ready':
      case 'TIMEOUT':
        break
      default:
        finished = true
    }
  }
  return { tests, skipped, outside, running, finished }
}

/**
 * The test to blame for a run that did not finish: the one that was running, or else the first that lost its
 * server. Null when the run broke off between tests.
 */
export function culpritOf(output: SuiteOutput): string | null {
  if (output.running !== null) return output.running
  const lost = output.tests.find(test => /I\/O error reading reply|connection refused/.test(test.reason))
  return lost?.name ?? null
}

function recordsOf(text: string): Record[] {
  const records: Record[] = []
  for (const line of text.split('\n')) {
    if (theEnd.test(line)) break
    const begin = statusLine.exec(line)
    if (begin !== null) records.push({ status: begin[1], text: begin[2], details: [] })
    else records.at(-1)?.details.push(line)
  }
  return records
}

/** Some assertions quote the megabyte they were given. */
const LONGEST_REASON = 500

function firstLine(lines: readonly string[]): string {
  const line = lines.find(line => line.trim() !== '')?.trim() ?? ''
  return line.length <= LONGEST_REASON ? line : `${line.slice(0, LONGEST_REASON)} ...`
}

/** A server that would not start is reported with its whole configuration first: its last words say why. */
function summary(record: Record): string {
  if (!record.text.startsWith("Can't start")) return record.text
  const lastWords = record.details.findLast(line => line.trim() !== '')
  return lastWords === undefined ? record.text : `${record.text}: ${lastWords.trim()}`
}
