/**
 * `npm run ok`: every quick check in the order in which a fault is cheapest to find. It stops at the first that
 * fails and prints what each one took. What needs minutes (differential, clients, conformance) is in `.ci/run`.
 */
import { spawnSync } from 'node:child_process'

/** Quick checks are run before every commit, or they are not run. */
const BUDGET_S = 180

/**
 * What `unit` leaves to `npm test`: tests that start whole servers or programs, which are folders of their own or say so
 * by their names (tests/tidy/live.ts sees to that). And tidy is a step of its own.
 */
const NOT_UNIT = ['{differential,clients,crash,sim}/**', '**/*.live.test.ts', 'tidy/**', 'tidy.test.ts']

const steps: readonly [name: string, command: readonly string[]][] = [
  ['format', ['prettier', '--check', '.']],
  ['types', ['tsc', '--noEmit']],
  ['lint', ['eslint', '.']],
  ['tidy', ['vitest', 'run', 'tests/tidy']],
  ['unit', ['vitest', 'run', ...NOT_UNIT.map(glob => `--exclude=tests/${glob}`)]],
]

const started = performance.now()

for (const [name, [tool, ...args]] of steps) {
  console.log(`\n== ${name}`)
  const since = performance.now()
  const { status } = spawnSync(tool, args, { stdio: 'inherit' })
  console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${secondsSince(since)} s`)
  if (status !== 0) process.exit(1)
}

const total = secondsSince(started)
console.log(`\nok in ${total} s`)
if (Number(total) > BUDGET_S)
  console.log(`That is over the budget of ${BUDGET_S} s: move what is slow out of unit.`)

function secondsSince(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
