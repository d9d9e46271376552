import { setTimeout as sleep } from 'node:timers/promises'
import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import { pingDuring, type PingReport } from '../growth/pinger.js'
import type { Driver } from '../load/driver.js'
import { type ExtraCost, measureExtraCost } from '../load/extra-cost.js'
import { insertKeys } from '../load/inserts.js'
import type { Scale } from '../scale.js'
import { residentBytes, starvedMs } from '../server/proc.js'
import { Server } from '../server/server.js'
import { PacedWriter } from './paced-writer.js'
import { Replicas } from './replicas.js'

/** How a full synchronization under load is felt by others. */
export type SyncFigures = {
  readonly seconds: number
  /** p99.9 of PING, ms: before it, and while it runs; the longest; and how long the pinging process was kept waiting. */
  readonly beforeMs: number
  readonly duringMs: number
  readonly maxMs: number
  readonly hiccupMs: number
  readonly starvedMs: number
  /** By how much the memory of the master grew at most: with one replica, and with five at once. */
  readonly oneBytes: number
  readonly fiveBytes: number
}

export interface Replication {
  readonly keys: number
  /** What a replica costs its master. */
  readonly followed: Runs<ExtraCost>
  readonly sync: Runs<SyncFigures>
}

const CALM_MS = 4000
const SAMPLE_MS = 20
/** One takes some 1.3 s: PINGs are as many as in the calm before. */
const SYNCS = 3
const SYNC_OPTIONS = ['--repl-diskless-sync-delay', '0', '--client-output-buffer-limit', 'replica 0 0 0']

export async function measureReplication(
  contenders: Pair<Contender>,
  drive: Driver,
  scale: Scale,
): Promise<Replication> {
  const { rounds, syncKeys: keys } = scale
  return {
    keys,
    followed: await alternate(contenders, 1, contender =>
      measureExtraCost(contender, drive, scale, SYNC_OPTIONS, follow),
    ),
    sync: await alternate(contenders, rounds, contender => measureSync(contender, keys)),
  }
}

async function follow({ port }: Server): Promise<Replicas> {
  const replica = await Replicas.start(port, 1)
  await replica.synchronize()
  return replica
}

async function measureSync(contender: Contender, keys: number): Promise<SyncFigures> {
  await using server = await Server.start(contender, SYNC_OPTIONS)
  await insertKeys(server.port, keys)
  using writer = await PacedWriter.start(server.port, keys)
  const before = await pingDuring(server.port, () => sleep(CALM_MS))
  const starved = starvedMs(server.pid)
  const one = await watchMemory(server.pid, () => measureSyncs(server.port))
  const five = await watchMemory(server.pid, () => synchronize(server.port, 5))
  writer.check()
  const { during, seconds } = one.result
  return {
    seconds,
    beforeMs: before.p999Ms,
    duringMs: during.p999Ms,
    maxMs: during.maxMs,
    hiccupMs: during.hiccupMs,
    starvedMs: starvedMs(server.pid) - starved,
    oneBytes: one.bytes,
    fiveBytes: five.bytes,
  }
}

/** Replicas one after the other. They are there before: what it takes to start their process is not the master's. */
async function measureSyncs(port: number): Promise<{ during: PingReport; seconds: number }> {
  const replicas: Replicas[] = []
  for (let sync = 0; sync < SYNCS; sync++) replicas.push(await Replicas.start(port, 1))
  let seconds = NaN
  const during = await pingDuring(port, async () => {
    const started = performance.now()
    for (const replica of replicas) await replica.synchronize()
    seconds = (performance.now() - started) / 1000 / SYNCS
  })
  for (const replica of replicas) replica[Symbol.dispose]()
  return { during, seconds }
}

async function synchronize(port: number, count: number): Promise<void> {
  using replicas = await Replicas.start(port, count)
  await replicas.synchronize()
}

/** Does work, and sees how much the resident memory of a process grows meanwhile. */
async function watchMemory<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  const before = residentBytes(pid)
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, residentBytes(pid))
  }, SAMPLE_MS)
  try {
    const result = await work()
    return { result, bytes: most - before }
  } finally {
    clearInterval(timer)
  }
}
