import { parseArgs } from 'node:util'
import { startOracle } from '../../support/oracle.js'
import { FOLLOWED } from './follower.js'
import { describeFinding, run } from './campaign.js'
import type { Tally } from './judge.js'

/**
 *     npm run fuzz:diff -- --seed 1 --ops 100000 [--only lists] [--crowd | --effects] [--findings 10]
 *
 * Asks redis-server 7.0 and ours the same random requests and shows where they part. Exit status 1: somewhere. With
 * `--crowd` several clients ask, wait, listen and cache, and all that any of them hears is compared; with
 * `--effects` what redis-server tells its replicas is compared with our journal.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    ops: { type: 'string', default: '100000' },
    only: { type: 'string' },
    findings: { type: 'string', default: '10' },
    crowd: { type: 'boolean', default: false },
    effects: { type: 'boolean', default: false },
  },
})

// What ends us must end the oracle too.
process.once('SIGTERM', () => process.exit(143))

const oracle = await startOracle(['--enable-debug-command', 'yes', ...FOLLOWED])
const tally: Tally = new Map()
const campaign = {
  ...{ seed: Number(values.seed), operations: Number(values.ops), only: values.only ?? null },
  crowd: values.crowd,
  effects: values.effects,
}
const startedMs = performance.now()
let findings = 0
for await (const finding of run(oracle, campaign, tally)) {
  if (finding === null) continue
  console.log(`\n${describeFinding(finding)}`)
  if (++findings >= Number(values.findings)) break
}
await oracle.stop()

const seconds = (performance.now() - startedMs) / 1000
console.log(
  `\n${campaign.operations} operations, ${findings} findings, ${seconds.toFixed(1)} s. Known differences met:`,
)
for (const [why, times] of tally) console.log(`${String(times).padStart(8)}  ${why}`)
process.exitCode = findings > 0 ? 1 : 0
