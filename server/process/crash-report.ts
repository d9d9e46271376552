/**
 * What a crash leaves in the log: enough to find the fault, nothing of the user's data.
 *
 * An error that nobody caught is a broken assertion of ours. Going on would risk the data, so the process ends,
 * after it has said where it was. SIGABRT gets the same report. SIGSEGV does not: a handler in JavaScript cannot
 * run after a real one, and would keep the process from dying of it.
 */

import type { Log } from '../lib/log.js'

/** Name and value, as they stand in the report. */
export type CrashFact = readonly [name: string, value: string | number]

const EXIT_CRASHED = 1
/** As a shell reports a process that died of SIGABRT. */
const EXIT_ABORTED = 134

function crashReport(cause: string, stack: string, facts: readonly CrashFact[]): string {
  return [
    '=== REDIS BUG REPORT START (this is Redstart; please send us the lines up to the END) ===',
    cause,
    '------ STACK TRACE ------',
    stack,
    '------ STATE ------',
    ...facts.map(([name, value]) => `${name}:${value}`),
    '=== REDIS BUG REPORT END ===',
  ].join('\n')
}

/** Watches over the process until it ends. `facts` is asked when it crashes, and may fail. */
export function reportCrashes(log: Log, facts: () => readonly CrashFact[]): void {
  const crash = (cause: string, stack: string, exitCode: number): never => {
    for (const line of crashReport(cause, stack, factsOf(facts)).split('\n')) log.warning(line)
    process.exit(exitCode)
  }
  process.on('uncaughtException', (error: unknown, origin) => {
    const known = error instanceof Error
    crash(
      `Redstart crashed by an ${origin}: ${known ? error.message : String(error)}`,
      (known && error.stack) || '(none)',
      EXIT_CRASHED,
    )
  })
  process.on('SIGABRT', () => {
    const { stack = '' } = new Error('where the signal was noticed')
    crash('Redstart crashed by signal: SIGABRT', stack, EXIT_ABORTED)
  })
}

function factsOf(facts: () => readonly CrashFact[]): readonly CrashFact[] {
  try {
    return facts()
  } catch (error) {
    return [['state_unknown', String(error)]]
  }
}
