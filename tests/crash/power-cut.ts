/**
 * The power goes after a change that a server makes on its disk; the server starts again on what is left. The workload
 * counts up, keeps two keys equal in transactions, grows a list, and rewrites the log in between.
 *
 * What must hold, at any cut: the log loads; a transaction is there as a whole or not at all; what is there is a prefix
 * of what was asked; and with `always` nothing is missing that a client was told is done.
 */

import type { SimulatedDisk } from '../../server/lib/simulated-disk.js'
import { AofWorld, freshDisk } from '../support/aof-world.js'
import { CrashingDisk } from './crashing-disk.js'

const ROUNDS = 12
/** More than any run makes. */
const NEVER = 1_000_000

export interface Setup {
  readonly policy: string
  readonly preamble: string
}

export const SETUPS: readonly Setup[] = [
  { policy: 'always', preamble: 'yes' },
  { policy: 'always', preamble: 'no' },
  { policy: 'everysec', preamble: 'yes' },
]

/** The highest count that a client was told of. */
interface Witness {
  acknowledged: number
  finished: boolean
}

interface Remains {
  readonly count: number
  readonly left: number
  readonly right: number
}

function work(world: AofWorld, witness: Witness): void {
  const client = world.client()
  const other = world.client()
  const ask = (...words: string[]): Promise<unknown> => client.execute(words, false)
  const mention = (...words: string[]): void => void other.execute(words, false).catch(() => undefined)
  const run = async (): Promise<void> => {
    for (let round = 1; round <= ROUNDS; round++) {
      mention('RPUSH', 'list', `${round}`)
      void ask('MULTI')
      void ask('SET', 'left', `${round}`)
      void ask('SET', 'right', `${round}`)
      await ask('EXEC')
      witness.acknowledged = Number(await ask('INCR', 'count'))
      if (round % 5 === 0) mention('BGREWRITEAOF')
    }
    witness.finished = true
  }
  run().catch(() => undefined)
}

/** Works until the power goes, or all is done. Answers how many changes of the disk that took. */
async function runUntilCut(config: Record<string, string>, cut: number, seed: number) {
  const real = await freshDisk(seed)
  const crashing = new CrashingDisk(real, cut)
  const world = new AofWorld({ disk: crashing.disk, config, seed })
  const witness: Witness = { acknowledged: 0, finished: false }
  void world.engine.start().then(() => {
    work(world, witness)
  })
  for (let turns = 0; !crashing.crashed && turns < 600; turns++) await world.turn()
  return { real, witness, changes: crashing.changes }
}

async function look(disk: SimulatedDisk, config: Record<string, string>): Promise<Remains> {
  const world = new AofWorld({ disk, config })
  await world.start()
  const number = async (key: string): Promise<number> => Number((await world.ask('GET', key)) ?? 0)
  return { count: await number('count'), left: await number('left'), right: await number('right') }
}

function configOf({ policy, preamble }: Setup): Record<string, string> {
  return { appendfsync: policy, 'aof-use-rdb-preamble': preamble, hz: '10' }
}

/** Changes of the disk that the whole workload makes: as many cuts are possible. Throws when it does not end. */
export async function possibleCuts(setup: Setup): Promise<number> {
  const { changes, witness } = await runUntilCut(configOf(setup), NEVER, 1)
  if (!witness.finished) throw new Error(`the workload does not end with ${JSON.stringify(setup)}`)
  return changes
}

/** Null when what must hold does; else what does not. The same seed tears the same writes. */
export async function faultAfterCut(setup: Setup, cut: number, seed: number): Promise<string | null> {
  const config = configOf(setup)
  const { real, witness } = await runUntilCut(config, cut, seed)
  const { count, left, right } = await look(real, config)
  if (left !== right) return `a transaction is torn: ${left} and ${right}`
  if (count > left || count < left - 1) return `no prefix: counted ${count} behind transaction ${left}`
  const { acknowledged } = witness
  if (setup.policy === 'always' && count < acknowledged)
    return `lost: ${acknowledged} acknowledged, ${count} found`
  return null
}
