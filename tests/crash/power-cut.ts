/**
 * The power goes after a change that a server makes on its disk; the server starts again on what is left. The workload
 * counts up, keeps two keys equal in transactions, grows a list, and rewrites the log in between.
 *
 * What must hold, at any cut: the log loads; a transaction is there as a whole or not at all; what is there is a prefix
 * of what was asked. With `always` nothing is missing that a client was told is done. With `everysec` nothing is missing
 * that was told before the last second, and before the sync that was under way: see lossMs.
 */

import { VirtualClock } from '../../server/lib/clock.js'
import type { SimulatedDisk } from '../../server/lib/simulated-disk.js'
import { AofWorld, slowDisk } from '../support/aof-world.js'
import { CrashingDisk } from './crashing-disk.js'

const ROUNDS = 12
/** More than any run makes. */
const NEVER = 1_000_000

export interface Setup {
  readonly policy: 'always' | 'everysec'
  readonly preamble: string
  /** Between two rounds. */
  readonly paceMs: number
  /** What an operation of the disk takes at most. */
  readonly latencyMs: number
}

export const SETUPS: readonly Setup[] = [
  { policy: 'always', preamble: 'yes', paceMs: 0, latencyMs: 0 },
  { policy: 'always', preamble: 'no', paceMs: 0, latencyMs: 0 },
  { policy: 'always', preamble: 'yes', paceMs: 0, latencyMs: 10 },
  { policy: 'everysec', preamble: 'yes', paceMs: 0, latencyMs: 0 },
  { policy: 'everysec', preamble: 'yes', paceMs: 330, latencyMs: 10 },
]

/** Between two syncs; and the tick that begins one, where no turn does. */
const SYNC_MS = 1000
const TICK_MS = 100
/** What is collected for one write. */
const COLLECT_MS = 5
/** Operations of the disk that stand in front of a sync at most: a rewrite moves on to another file, by a new manifest. */
const OPERATIONS = 12

/** What `everysec` may lose: the last second, and what came during what the disk was doing. */
const lossMs = ({ latencyMs }: Setup): number => SYNC_MS + TICK_MS + COLLECT_MS + OPERATIONS * latencyMs

/** What a client was told: when it heard of each count. */
class Witness {
  finished = false
  private readonly toldMs: number[] = []

  told(count: number, atMs: number): void {
    this.toldMs[count] = atMs
  }

  /** The highest count that was told by then. */
  by(atMs: number): number {
    return Math.max(
      0,
      this.toldMs.findLastIndex(told => told <= atMs),
    )
  }
}

interface Remains {
  readonly count: number
  readonly left: number
  readonly right: number
}

function work(world: AofWorld, witness: Witness, paceMs: number): void {
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
      witness.told(Number(await ask('INCR', 'count')), world.clock.wallMs())
      if (round % 5 === 0) mention('BGREWRITEAOF')
      if (paceMs > 0) await new Promise<void>(resolve => void world.clock.after(paceMs, resolve))
    }
    witness.finished = true
  }
  run().catch(() => undefined)
}

/** Works until the power goes, or all is done. */
async function runUntilCut(setup: Setup, cut: number, seed: number) {
  const clock = new VirtualClock()
  const real = await slowDisk(seed, clock, setup.latencyMs)
  const crashing = new CrashingDisk(real, cut)
  const world = new AofWorld({ disk: crashing.disk, config: configOf(setup), seed, clock })
  const witness = new Witness()
  void world.engine.start().then(() => {
    work(world, witness, setup.paceMs)
  })
  const turnsMax = 600 + ROUNDS * (setup.paceMs + 10 * setup.latencyMs)
  for (let turns = 0; !crashing.crashed && turns < turnsMax; turns++) await world.turn()
  return { real, clock, witness, changes: crashing.changes }
}

async function look(disk: SimulatedDisk, clock: VirtualClock, setup: Setup): Promise<Remains> {
  const world = new AofWorld({ disk, config: configOf(setup), clock })
  await world.start()
  const number = async (key: string): Promise<number> => Number((await world.ask('GET', key)) ?? 0)
  return { count: await number('count'), left: await number('left'), right: await number('right') }
}

function configOf({ policy, preamble }: Setup): Record<string, string> {
  return { appendfsync: policy, 'aof-use-rdb-preamble': preamble, hz: '10' }
}

/** Changes of the disk that the whole workload makes: as many cuts are possible. Throws when it does not end. */
export async function possibleCuts(setup: Setup): Promise<number> {
  const { changes, witness } = await runUntilCut(setup, NEVER, 1)
  if (!witness.finished) throw new Error(`the workload does not end with ${JSON.stringify(setup)}`)
  return changes
}

/** Null when what must hold does; else what does not. The same seed tears the same writes. */
export async function faultAfterCut(setup: Setup, cut: number, seed: number): Promise<string | null> {
  const { real, clock, witness } = await runUntilCut(setup, cut, seed)
  const cutMs = clock.wallMs()
  const { count, left, right } = await look(real, clock, setup)
  if (left !== right) return `a transaction is torn: ${left} and ${right}`
  if (count > left || count < left - 1) return `no prefix: counted ${count} behind transaction ${left}`
  const promised = witness.by(setup.policy === 'always' ? cutMs : cutMs - lossMs(setup))
  return count < promised ? `lost: ${promised} were promised, ${count} found` : null
}
