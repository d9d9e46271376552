import type { CommandTable } from '../../../server/engine/table.js'
import { testEngine } from '../../support/engine.js'
import type { Oracle } from '../../support/oracle.js'
import { lineOf } from '../../support/request.js'
import { compareCrowd } from './crowd.js'
import { compareEffects } from './effects.js'
import { Follower } from './follower.js'
import { crowdOperations, type Operation, operations } from './generator.js'
import { crowdSettingsOf, type Settings, settingsOf } from './settings.js'
import { shrink, shrinkWords } from './shrink.js'
import type { Tally } from './judge.js'
import { compare, type Mismatch } from './trial.js'
import { isVetoed } from './veto.js'

/** Many trials, one seed each, by turns in RESP2 and RESP3. What fails is shrunk and told as lines for redis-cli. */

export interface Campaign {
  readonly seed: number
  /** In all. */
  readonly operations: number
  /** One family alone, by its name. */
  readonly only: string | null
  /** Several clients, and all that they hear. */
  readonly crowd?: boolean
  /** What is told to replicas, not what is answered. */
  readonly effects?: boolean
}

export interface Finding {
  readonly seed: number
  readonly protocol: string
  readonly settings: Settings
  readonly story: readonly string[]
  readonly theirs: string
  readonly ours: string
}

/** Operations of a trial: enough for values to grow large, few enough to shrink. */
const TRIAL = 1000

export async function* run(oracle: Oracle, campaign: Campaign, tally: Tally): AsyncGenerator<Finding | null> {
  const { table } = testEngine().engine
  const follower = campaign.effects === true ? await Follower.of(oracle) : null
  const trials = Math.ceil(campaign.operations / TRIAL)
  for (let trial = 0; trial < trials; trial++) {
    const count = Math.min(TRIAL, campaign.operations - trial * TRIAL)
    yield await one(oracle, campaign.seed + trial, count, { table, campaign, tally, follower })
  }
  follower?.close()
}

interface Setting {
  readonly table: CommandTable
  readonly campaign: Campaign
  readonly tally: Tally
  readonly follower: Follower | null
}

/** What is asked, and how it is compared. */
interface Plan {
  readonly operations: readonly Operation[]
  readonly settings: Settings
  readonly protocol: string
  compare(operations: readonly Operation[], tally?: Tally): Promise<Mismatch | null>
}

function planOf(oracle: Oracle, seed: number, count: number, { table, campaign, follower }: Setting): Plan {
  if (campaign.crowd === true) {
    const settings = crowdSettingsOf(seed)
    return {
      ...{ operations: crowdOperations(seed, count, table), settings, protocol: 'a crowd' },
      compare: (candidate, tally) => compareCrowd(oracle, candidate, settings, tally),
    }
  }
  const settings = settingsOf(seed)
  if (follower !== null) {
    return {
      ...{
        operations: operations(seed, count, table, campaign.only),
        settings,
        protocol: 'what replicas are told',
      },
      compare: candidate => compareEffects(oracle, follower, candidate, settings),
    }
  }
  const protocol = seed % 2 === 0 ? 2 : 3
  return {
    ...{ operations: operations(seed, count, table, campaign.only), settings, protocol: `RESP${protocol}` },
    compare: (candidate, tally) => compare(oracle, protocol, candidate, settings, tally),
  }
}

async function one(oracle: Oracle, seed: number, count: number, setting: Setting): Promise<Finding | null> {
  const plan = planOf(oracle, seed, count, setting)
  const mismatch = await plan.compare(plan.operations, setting.tally)
  return mismatch === null ? null : explain(plan, seed, plan.operations.slice(0, mismatch.at + 1))
}

async function explain(plan: Plan, seed: number, failing: readonly Operation[]): Promise<Finding> {
  let last: Mismatch = { at: 0, theirs: '', ours: 'did not fail again' }
  const fails = async (candidate: readonly Operation[]): Promise<boolean> => {
    const mismatch = await plan.compare(candidate)
    if (mismatch?.at !== candidate.length - 1) return false
    last = mismatch
    return true
  }
  const shortest = await shorterWords(await shrink(failing, fails), fails)
  const story = shortest.map(({ client, words }) => `${client}> ${lineOf(words.map(abridged))}`)
  const { protocol, settings } = plan
  return { seed, protocol, settings, story, theirs: last.theirs, ours: last.ours }
}

/** A long story is not worth the time. */
const STORY_MAX = 30

/** Each operation with as few words as needed, and no request among them that must not be asked. */
async function shorterWords(
  operations: readonly Operation[],
  fails: (candidate: readonly Operation[]) => Promise<boolean>,
): Promise<readonly Operation[]> {
  let kept = operations
  if (kept.length > STORY_MAX) return kept
  for (const [at, { client }] of operations.entries()) {
    const words = await shrinkWords(
      kept[at].words,
      async candidate => !isVetoed(candidate) && (await fails(kept.with(at, { client, words: candidate }))),
    )
    kept = kept.with(at, { client, words })
  }
  return kept
}

const SHOWN = 200

const abridged = (word: string): string =>
  word.length <= SHOWN ? word : `${word.slice(0, SHOWN)}...(${word.length} bytes)`

export function describeFinding({ seed, protocol, settings, story, theirs, ours }: Finding): string {
  return [
    `seed ${seed}, ${protocol}`,
    `CONFIG SET ${Object.entries(settings).flat().join(' ')}`,
    ...story,
    `   redis-server  ${theirs}`,
    `   ours          ${ours}`,
  ].join('\n')
}
