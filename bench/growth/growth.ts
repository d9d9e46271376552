import { setTimeout as sleep } from 'node:timers/promises'
import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import { insertKeys } from '../load/inserts.js'
import type { Scale } from '../scale.js'
import { starvedMs } from '../server/proc.js'
import { Server } from '../server/server.js'
import { pingDuring, type PingReport } from './pinger.js'

export type GrowthFigures = PingReport & {
  readonly insertsPerSecond: number
  /** How long the server, all waits together, was kept from the processor by others: no fault of its own. */
  readonly starvedMs: number
}

export interface Growth {
  readonly keys: number
  readonly runs: Runs<GrowthFigures>
}

/** The first moments after a start are another matter. */
const SETTLE_MS = 2000

/**
 * How long do others wait while a fresh server grows? One connection inserts keys as fast as they are answered,
 * another sends PING every millisecond. A table that is copied at once when it doubles, or a heap that is
 * collected at once, shows as a maximum of hundreds of milliseconds.
 */
export async function measureGrowth(
  contenders: Pair<Contender>,
  { rounds, growthKeys: keys }: Scale,
): Promise<Growth> {
  return { keys, runs: await alternate(contenders, rounds, contender => grow(contender, keys)) }
}

async function grow(contender: Contender, keys: number): Promise<GrowthFigures> {
  await using server = await Server.start(contender)
  await sleep(SETTLE_MS)
  const starvedBefore = starvedMs(server.pid)
  let seconds = 0
  const pings = await pingDuring(server.port, async () => {
    const started = performance.now()
    await insertKeys(server.port, keys)
    seconds = (performance.now() - started) / 1000
  })
  return { ...pings, insertsPerSecond: keys / seconds, starvedMs: starvedMs(server.pid) - starvedBefore }
}
