/**
 * npm run crash -- [--cuts 5000] [--kill 0] [--chaos 0] [--seed n]
 *
 * Cuts the power of a server on a simulated disk after every change in turn, over and over with new seeds; then kills a
 * real one so many times with each policy; then lets chaos rage among servers that follow each other, with so many seeds
 * from the given one on, for half a minute each. Ends with 1 at the first promise broken, and says the seed that shows it.
 */

import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { seededRandom } from '../../server/lib/random.js'
import { faultInChaos } from './chaos.js'
import { faultAfterKill, type Policy } from './kill.js'
import { SETUPS, faultAfterCut, possibleCuts } from './power-cut.js'

const CHAOS_MS = 30_000
const POLICIES: readonly Policy[] = ['always', 'everysec', 'no']

/** An arena's memory is beyond V8's accounts, so it sees no reason to collect the worlds of the cuts behind us. */
const WORLDS_KEPT = 16
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '5000' },
    kill: { type: 'string', default: '0' },
    chaos: { type: 'string', default: '0' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
  },
})

async function cutPower(cuts: number, seed: number): Promise<string | null> {
  const random = seededRandom(seed)
  const possible = await Promise.all(SETUPS.map(possibleCuts))
  for (let done = 0; done < cuts; done++) {
    const which = done % SETUPS.length
    const setup = SETUPS[which]
    const cut = 1 + (Math.floor(done / SETUPS.length) % possible[which])
    const own = 1 + random.below(1_000_000)
    const fault = await faultAfterCut(setup, cut, own)
    if (fault !== null) return `${JSON.stringify(setup)}, cut ${cut}, seed ${own}: ${fault}`
    if (done % WORLDS_KEPT === 0) collect()
  }
  console.log(`${cuts} power cuts (seed ${seed}): every promise kept`)
  return null
}

async function kill(times: number, seed: number): Promise<string | null> {
  for (const policy of POLICIES) {
    const random = seededRandom(seed)
    for (let done = 1; done <= times; done++) {
      const fault = await faultAfterKill(policy, random)
      if (fault !== null) return `kill ${done} with appendfsync ${policy}, seed ${seed}: ${fault}`
    }
    if (times > 0) console.log(`${times} kills with appendfsync ${policy} (seed ${seed}): every promise kept`)
  }
  return null
}

async function rage(times: number, seed: number): Promise<string | null> {
  for (let own = seed; own < seed + times; own++) {
    const fault = await faultInChaos(own, CHAOS_MS)
    if (fault !== null) return `chaos, seed ${own}: ${fault}`
  }
  if (times > 0) console.log(`${times} times chaos (from seed ${seed} on): all held the same at last`)
  return null
}

const seed = Number(values.seed)
const fault =
  (await cutPower(Number(values.cuts), seed)) ??
  (await kill(Number(values.kill), seed)) ??
  (await rage(Number(values.chaos), seed))
if (fault !== null) {
  console.error(fault)
  process.exitCode = 1
}
