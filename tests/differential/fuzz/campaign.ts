import type { CommandTable } from '../../../server/engine/table.js'
import { testEngine } from '../../support/engine.js'
import type { Oracle } from '../../support/oracle.js'
import { lineOf } from '../../support/request.js'
import { type Operation, operations } from './generator.js'
import { settingsOf } from './settings.js'
import { shrink } from './shrink.js'
import { compare, type Mismatch, type Tally } from './trial.js'

/** Many trials, one seed each, by turns in RESP2 and RESP3. What fails is shrunk and told as lines for redis-cli. */

export interface Campaign {
  readonly seed: number
  /** In all. */
  readonly operations: number
  /** One family alone, by its name. */
  readonly only: string | null
}

export interface Finding {
  readonly seed: number
  readonly protocol: 2 | 3
  readonly story: readonly string[]
  readonly theirs: string
  readonly ours: string
}

/** Operations of a trial: enough for values to grow large, few enough to shrink. */
const TRIAL = 1000

export async function* run(oracle: Oracle, campaign: Campaign, tally: Tally): AsyncGenerator<Finding | null> {
  const { table } = testEngine().engine
  const trials = Math.ceil(campaign.operations / TRIAL)
  for (let trial = 0; trial < trials; trial++) {
    const count = Math.min(TRIAL, campaign.operations - trial * TRIAL)
    yield await one(oracle, campaign.seed + trial, count, { table, only: campaign.only, tally })
  }
}

interface Setting {
  readonly table: CommandTable
  readonly only: string | null
  readonly tally: Tally
}

async function one(oracle: Oracle, seed: number, count: number, setting: Setting): Promise<Finding | null> {
  const protocol = seed % 2 === 0 ? 2 : 3
  const all = operations(seed, count, setting.table, setting.only)
  const mismatch = await compare(oracle, protocol, all, settingsOf(seed), setting.tally)
  return mismatch === null ? null : explain(oracle, seed, protocol, all.slice(0, mismatch.at + 1))
}

async function explain(
  oracle: Oracle,
  seed: number,
  protocol: 2 | 3,
  failing: readonly Operation[],
): Promise<Finding> {
  const settings = settingsOf(seed)
  let last: Mismatch = { at: 0, theirs: '', ours: 'did not fail again' }
  const shortest = await shrink(failing, async candidate => {
    const mismatch = await compare(oracle, protocol, candidate, settings)
    if (mismatch?.at !== candidate.length - 1) return false
    last = mismatch
    return true
  })
  const story = shortest.map(({ client, words }) => `${client}> ${lineOf(words)}`)
  return { seed, protocol, story, theirs: last.theirs, ours: last.ours }
}

export function describeFinding({ seed, protocol, story, theirs, ours }: Finding): string {
  return [
    `seed ${seed}, RESP${protocol}`,
    `CONFIG SET ${Object.entries(settingsOf(seed)).flat().join(' ')}`,
    ...story,
    `   redis-server  ${theirs}`,
    `   ours          ${ours}`,
  ].join('\n')
}
