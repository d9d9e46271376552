import { setTimeout as sleep } from 'node:timers/promises'
import { alternate, type Contender, type Pair, type Runs } from '../contenders.js'
import { pingDuring, type PingReport } from '../growth/pinger.js'
import type { Scale } from '../scale.js'
import { Connection } from '../server/connection.js'
import { infoField } from '../server/info.js'
import { familyCpuUs, starvedMs } from '../server/proc.js'
import { Server } from '../server/server.js'
import { checkInstant, type DataSet, dataSetOf, fill, Writer } from './transactions.js'

/**
 * What does a snapshot cost, and what do others feel of it? A server full of keys is written to at a steady pace for
 * some seconds, and then again for as long with a BGSAVE at the beginning. The file is loaded by a new server, which must
 * hold exactly what was there when BGSAVE was sent: see transactions.ts. That is also the measure of loading.
 */
export type SnapshotFigures = {
  readonly beforeP999Ms: number
  readonly duringP999Ms: number
  readonly beforeMaxMs: number
  readonly duringMaxMs: number
  readonly hiccupMs: number
  /** How long the server, in the second phase, was kept from the processor by others. */
  readonly starvedMs: number
  readonly seconds: number
  /** CPU of server and children in the second phase beyond that of the first. */
  readonly cpuMs: number
  /** Most memory that was held for the snapshot, in percent of the data. NaN: the server does not say. */
  readonly extraPercent: number
  readonly fileBytes: number
  readonly loadedKeysPerSecond: number
  readonly loadCpuMs: number
}

export interface SnapshotRuns {
  readonly keys: number
  readonly runs: Runs<SnapshotFigures>
}

const SETTLE_MS = 1000
const POLL_MS = 50
/** With 1 MB/s of writes and more, a snapshot of the keys takes no longer. */
const PHASE_MS_PER_MILLION_KEYS = 4000

export async function measureSnapshot(
  contenders: Pair<Contender>,
  { rounds, snapshotKeys: keys }: Scale,
): Promise<SnapshotRuns> {
  const data = dataSetOf(keys)
  return { keys, runs: await alternate(contenders, rounds, contender => snapshot(contender, data)) }
}

async function snapshot(contender: Contender, data: DataSet): Promise<SnapshotFigures> {
  await using server = await Server.start(contender)
  await fill(server.port, data)
  const writer = await Writer.open(server.port, data)
  const phaseMs = (PHASE_MS_PER_MILLION_KEYS * data.keys) / 1e6
  await writer.writeFor(SETTLE_MS)
  const before = await phase(server, () => writer.writeFor(phaseMs))
  let transactions = 0
  let watch: Watch = { seconds: NaN, extraPercent: NaN }
  const during = await phase(server, async () => {
    transactions = await writer.save()
    const watching = watchSave(server.port)
    await writer.writeFor(phaseMs)
    watch = await watching
  })
  writer.close()
  return {
    ...latencies(before.pings, during.pings),
    ...watch,
    starvedMs: during.starvedMs,
    cpuMs: during.cpuMs - before.cpuMs,
    ...(await load(contender, server, data, transactions)),
  }
}

interface Phase {
  readonly pings: PingReport
  readonly cpuMs: number
  readonly starvedMs: number
}

async function phase({ port, pid }: Server, work: () => Promise<void>): Promise<Phase> {
  const cpuBefore = familyCpuUs(pid)
  const starvedBefore = starvedMs(pid)
  const pings = await pingDuring(port, work)
  return { pings, cpuMs: (familyCpuUs(pid) - cpuBefore) / 1000, starvedMs: starvedMs(pid) - starvedBefore }
}

function latencies(
  before: PingReport,
  during: PingReport,
): Pick<SnapshotFigures, 'beforeP999Ms' | 'duringP999Ms' | 'beforeMaxMs' | 'duringMaxMs' | 'hiccupMs'> {
  return {
    beforeP999Ms: before.p999Ms,
    duringP999Ms: during.p999Ms,
    beforeMaxMs: before.maxMs,
    duringMaxMs: during.maxMs,
    hiccupMs: during.hiccupMs,
  }
}

interface Watch {
  readonly seconds: number
  readonly extraPercent: number
}

/** Resolves when the save is over. */
async function watchSave(port: number): Promise<Watch> {
  const connection = await Connection.open(port)
  const started = performance.now()
  let extraPercent = NaN
  for (;;) {
    const info = String(await connection.call('INFO'))
    const number = (name: string): number => Number(infoField(info, name) ?? NaN)
    const percent = (number('snapshot_buffer_bytes') / number('used_memory')) * 100
    if (!(percent <= extraPercent)) extraPercent = percent
    if (number('rdb_bgsave_in_progress') === 0) {
      connection.close()
      if (infoField(info, 'rdb_last_bgsave_status') !== 'ok') throw new Error('BGSAVE failed')
      return { seconds: (performance.now() - started) / 1000, extraPercent }
    }
    await sleep(POLL_MS)
  }
}

/** A new server loads the file, and must hold what was there at the instant. */
async function load(
  contender: Contender,
  server: Server,
  data: DataSet,
  transactions: number,
): Promise<Pick<SnapshotFigures, 'fileBytes' | 'loadedKeysPerSecond' | 'loadCpuMs'>> {
  await using copy = await Server.start(contender, ['--dir', server.directory])
  const loadCpuMs = familyCpuUs(copy.pid) / 1000
  await checkInstant(copy.port, data, transactions)
  const seconds = Number(/DB loaded from disk: ([\d.]+) seconds/.exec(copy.output)?.[1] ?? NaN)
  return { fileBytes: server.fileBytes('dump.rdb'), loadedKeysPerSecond: data.keys / seconds, loadCpuMs }
}
