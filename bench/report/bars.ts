import type { Aof } from '../aof/aof.js'
import type { LoadRow } from '../load/load.js'
import type { Test } from '../load/workload.js'
import { compare, mediansOf } from '../comparison.js'
import type { SnapshotRuns } from '../snapshot/snapshot.js'
import type { Replication } from '../replication/replication.js'
import type { TypeRow } from '../types/types.js'
import type { Report } from './report.js'

/** A promise about one figure: it stays at or below its limit. */
export interface Bar {
  readonly name: string
  readonly limit: number
  readonly unit: 'x redis-server' | 'x before' | 'x' | 'ms' | '% of the data'
  /** Null where nothing was measured, which fails: an absent figure proves nothing. */
  readonly figure: number | null
}

const CPU_PIPELINED_MAX = 0.7
const CPU_SINGLE_MAX = 1.15
const CPU_MSET_MAX = 1
const USED_MEMORY_MAX = 0.7
const RESIDENT_MAX = 0.8
const PAUSE_MAX_MS = 5
const COLLECTION_MAX = 0.9
const SNAPSHOT_SLOWING_MAX = 2
const SNAPSHOT_EXTRA_MAX = 10
const SNAPSHOT_CPU_MAX = 1.5
/** At least 0.7 of the keys/s. */
const LOADING_TIME_MAX = 1 / 0.7

const LOGGED_MAX = 1.15
const ALWAYS_TIME_MAX = 1
/** At least 0.8 of the keys/s. */
const REPLAY_TIME_MAX = 1 / 0.8

const FOLLOWED_MAX = 1.2
const SYNC_SLOWER_MAX = 2
const SYNC_PAUSE_MAX_MS = 5
const FIVE_REPLICAS_MAX = 2

/** The bars of the parts that the run measured, in the order of the report. */
export function judge(report: Report): Bar[] {
  const { load = [], types = [], memory = [], growth, stalls = [], snapshot, aof, replication } = report
  const bars = [...load.flatMap(cpuBars), ...types.map(typeBar)]
  for (const { name, kind, runs } of memory) {
    const used = compare(runs, figures => figures.usedBytes).ratio
    const resident = compare(runs, figures => figures.residentBytes).ratio
    if (kind === 'collections') {
      bars.push(relative(`used_memory, ${name}`, COLLECTION_MAX, used))
      continue
    }
    bars.push(relative(`used_memory per key, ${name}`, USED_MEMORY_MAX, used))
    bars.push(relative(`RSS per key, ${name}`, RESIDENT_MAX, resident))
  }
  if (growth !== undefined) {
    const figure = mediansOf(growth.runs.subject)?.maxMs ?? null
    bars.push({ name: 'growth, p100 of PING', limit: PAUSE_MAX_MS, unit: 'ms', figure })
  }
  for (const { name, runs } of stalls) {
    const figure = mediansOf(runs.subject)?.maxMs ?? null
    bars.push({ name: `${name}, p100 of PING`, limit: PAUSE_MAX_MS, unit: 'ms', figure })
  }
  if (snapshot !== undefined) bars.push(...snapshotBars(snapshot))
  if (aof !== undefined) bars.push(...aofBars(aof))
  if (replication !== undefined) bars.push(...replicationBars(replication))
  return bars
}

function aofBars({ logged, always, replay }: Aof): Bar[] {
  const figure = mediansOf(logged.subject)?.ratio ?? null
  const slower = compare(always, ({ requestsPerSecond }) => 1 / requestsPerSecond).ratio
  return [
    { name: 'CPU of SET P16 with everysec, to without', limit: LOGGED_MAX, unit: 'x', figure },
    relative('SET P1 with always, time', ALWAYS_TIME_MAX, slower),
    relative('AOF replay, time', REPLAY_TIME_MAX, compare(replay, ({ seconds }) => seconds).ratio),
  ]
}

function replicationBars({ followed, sync }: Replication): Bar[] {
  const cpu = mediansOf(followed.subject)
  const felt = mediansOf(sync.subject)
  const of = (
    name: string,
    limit: number,
    figure: number | null | undefined,
    unit: Bar['unit'] = 'x',
  ): Bar => {
    return { name, limit, unit, figure: figure ?? null }
  }
  return [
    of('CPU of SET P16 with a replica, to without', FOLLOWED_MAX, cpu?.ratio),
    of('full sync, p99.9 of PING, to before', SYNC_SLOWER_MAX, felt && felt.duringMs / felt.beforeMs),
    of('full sync, p100 of PING', SYNC_PAUSE_MAX_MS, felt?.maxMs, 'ms'),
    of('full sync, memory for five, to one', FIVE_REPLICAS_MAX, felt && felt.fiveBytes / felt.oneBytes),
  ]
}

export function passes({ figure, limit }: Bar): boolean {
  return figure !== null && figure <= limit
}

export function describeBar(bar: Bar): string {
  const verdict = passes(bar) ? 'pass' : 'FAIL'
  const figure = bar.figure === null ? 'not measured' : bar.figure.toFixed(3)
  return `${verdict}: ${bar.name}: ${figure}, at most ${bar.limit.toFixed(2)} ${bar.unit}`
}

function snapshotBars({ runs }: SnapshotRuns): Bar[] {
  const own = mediansOf(runs.subject)
  const stall = { name: 'snapshot, p100 of PING', limit: PAUSE_MAX_MS, unit: 'ms' } as const
  const extra = { name: 'snapshot, extra memory', limit: SNAPSHOT_EXTRA_MAX, unit: '% of the data' } as const
  const slowing = { name: 'snapshot, p99.9 of PING', limit: SNAPSHOT_SLOWING_MAX, unit: 'x before' } as const
  const slower = compare(runs, figures => 1 / figures.loadedKeysPerSecond).ratio
  return [
    { ...slowing, figure: own === null ? null : own.duringP999Ms / own.beforeP999Ms },
    { ...stall, figure: own?.duringMaxMs ?? null },
    { ...extra, figure: own?.extraPercent ?? null },
    relative('snapshot, CPU', SNAPSHOT_CPU_MAX, compare(runs, ({ cpuMs }) => cpuMs).ratio),
    relative('loading, time', LOADING_TIME_MAX, slower),
  ]
}

function cpuBars({ test, pipeline, runs }: LoadRow): Bar[] {
  const limit = cpuLimit(test, pipeline)
  if (limit === null) return []
  return [
    relative(`CPU of ${test.toUpperCase()} P${pipeline}`, limit, compare(runs, ({ cpuUs }) => cpuUs).ratio),
  ]
}

function typeBar({ name, pipeline, limit, runs }: TypeRow): Bar {
  return relative(`CPU of ${name} P${pipeline}`, limit, compare(runs, ({ cpuUs }) => cpuUs).ratio)
}

/** MSET has the same bar at every depth; a pipelined PING measures the parser alone and has none. */
function cpuLimit(test: Test, pipeline: number): number | null {
  if (test === 'mset') return CPU_MSET_MAX
  if (pipeline === 1) return CPU_SINGLE_MAX
  return test === 'ping' ? null : CPU_PIPELINED_MAX
}

function relative(name: string, limit: number, figure: number | null): Bar {
  return { name, limit, unit: 'x redis-server', figure }
}
