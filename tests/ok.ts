/**
 * `npm run ok`: every quick check in the order in which a fault is cheapest to find. It stops at the first that
 * fails and prints what each one took. Tests that start whole servers (`live` in vitest.config.ts) are left to
 * `npm test`, what needs minutes (conformance, crashes) to `.ci/run`.
 */
import { spawnSync } from 'node:child_process'

/** Quick checks are run before every commit, or they are not run. */
const BUDGET_S = 180

const steps: readonly [name: string, command: readonly string[]][] = [
  ['format', ['prettier', '--check', '.']],
  ['types', ['tsc', '--noEmit']],
  ['lint', ['eslint', '.']],
  ['tidy', ['vitest', 'run', '--project=tidy']],
  ['unit', ['vitest', 'run', '--project=unit']],
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
  console.log(`That is over the budget of ${BUDGET_S} s: find what has become slow.`)

function secondsSince(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
