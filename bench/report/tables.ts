import type { Growth, GrowthFigures } from '../growth/growth.js'
import type { Runs } from '../contenders.js'
import type { ExtraCost } from '../load/extra-cost.js'
import type { LoadFigures, LoadRow } from '../load/load.js'
import type { MemoryRow } from '../memory/memory.js'
import type { SnapshotFigures, SnapshotRuns } from '../snapshot/snapshot.js'
import type { StallFigures, StallRow } from '../stalls/stalls.js'
import type { TypeRow } from '../types/types.js'
import { compare, mediansOf, type Comparison } from '../comparison.js'
import { fixed, grouped, range, times } from './format.js'
import { markdownTable } from './table.js'

export interface Names {
  readonly subject: string
  /** Heads a column of dashes where there is no reference. */
  readonly reference: string
}

const growthColumns = [
  ...['inserts/s', 'PINGs', 'p50', 'p99', 'p99.9', 'p100', 'worst p100'],
  ...['hiccup', 'starved'],
]

export function cpuTable(rows: readonly LoadRow[], { subject, reference }: Names): string {
  const headings = ['test', 'P', subject, reference, 'ratio', 'ratio of each round']
  return markdownTable(
    headings,
    rows.map(({ test, pipeline, runs }) => [test.toUpperCase(), `${pipeline}`, ...cpuCells(runs)]),
  )
}

export function typesTable(rows: readonly TypeRow[], { subject, reference }: Names): string {
  const headings = ['command', 'P', subject, reference, 'ratio', 'ratio of each round', 'at most']
  return markdownTable(
    headings,
    rows.map(({ name, pipeline, limit, runs }) => [name, `${pipeline}`, ...cpuCells(runs), times(limit)]),
  )
}

function cpuCells(runs: Runs<LoadFigures>): string[] {
  const { subject, reference, ratio, spread } = compare(runs, figures => figures.cpuUs)
  return [fixed(subject, 2), fixed(reference, 2), times(ratio), range(spread)]
}

/** `extra`: what one of two servers of a kind has besides. */
export function extraCostTable({ subject, reference }: Runs<ExtraCost>, names: Names, extra: string): string {
  const row = (name: string, samples: readonly ExtraCost[]): string[] => {
    const middle = mediansOf(samples)
    if (middle === null) return [name, '-', '-', '-']
    return [name, fixed(middle.withoutUs, 2), fixed(middle.withUs, 2), times(middle.ratio)]
  }
  const rows = [row(names.subject, subject), row(names.reference, reference)]
  return markdownTable(['server', 'without', `with ${extra}`, 'ratio'], rows)
}

export function trafficTable(rows: readonly LoadRow[], { subject, reference }: Names): string {
  const latencies = 'p50 / p99 / p99.9 ms'
  const headings = [
    ...['test', 'P', `${subject} req/s`, `${reference} req/s`, 'ratio'],
    ...[`${subject} ${latencies}`, `${reference} ${latencies}`],
  ]
  return markdownTable(
    headings,
    rows.map(({ test, pipeline, runs }) => {
      const speed = compare(runs, figures => figures.requestsPerSecond)
      const sides = [grouped(speed.subject), grouped(speed.reference)]
      const latency = [runs.subject, runs.reference].map(side => latencies3(mediansOf(side)))
      return [test.toUpperCase(), `${pipeline}`, ...sides, times(speed.ratio), ...latency]
    }),
  )
}

function latencies3(latency: { p50Ms: number; p99Ms: number; p999Ms: number } | null): string {
  if (latency === null) return '-'
  return [latency.p50Ms, latency.p99Ms, latency.p999Ms].map(ms => fixed(ms, 2)).join(' / ')
}

export function memoryTable(rows: readonly MemoryRow[], { subject, reference }: Names): string {
  const headings = ['keys', 'bytes per key', subject, reference, 'ratio', 'ratio of each round']
  return markdownTable(
    headings,
    rows.flatMap(({ name, keys, runs }) => {
      const lead = `${grouped(keys)} by ${name}`
      return [
        [lead, 'used_memory', ...bytes(compare(runs, figures => figures.usedBytes))],
        [lead, 'RSS', ...bytes(compare(runs, figures => figures.residentBytes))],
      ]
    }),
    2,
  )
}

function bytes({ subject, reference, ratio, spread }: Comparison): string[] {
  return [fixed(subject, 1), fixed(reference, 1), times(ratio), range(spread)]
}

export function stallsTable(rows: readonly StallRow[], names: Names): string {
  const columns = ['PINGs', 'p50', 'p99', 'p99.9', 'p100', 'hiccup', 'starved']
  return markdownTable(
    ['what', 'server', ...columns],
    rows.flatMap(({ name, runs }) => [
      [name, names.subject, ...stallCells(runs.subject)],
      [name, names.reference, ...stallCells(runs.reference)],
    ]),
    2,
  )
}

function stallCells(samples: readonly StallFigures[]): string[] {
  const middle = mediansOf(samples)
  if (middle === null) return Array<string>(7).fill('-')
  const { pings, p50Ms, p99Ms, p999Ms, maxMs, hiccupMs, starvedMs } = middle
  return [grouped(pings), ...[p50Ms, p99Ms, p999Ms, maxMs, hiccupMs, starvedMs].map(ms => fixed(ms, 2))]
}

export function growthTable({ runs }: Growth, names: Names): string {
  const rows = [growthRow(names.subject, runs.subject), growthRow(names.reference, runs.reference)]
  return markdownTable(['server', ...growthColumns], rows)
}

const snapshotColumns = [
  ...['seconds', 'CPU ms', 'p99.9 before', 'during', 'p100 before', 'during', 'worst p100'],
  ...['hiccup', 'starved', 'extra memory %', 'file MB', 'keys/s loaded', 'CPU ms of loading'],
]

export function snapshotTable({ runs }: SnapshotRuns, names: Names): string {
  const rows = [snapshotRow(names.subject, runs.subject), snapshotRow(names.reference, runs.reference)]
  return markdownTable(['server', ...snapshotColumns], rows)
}

function snapshotRow(name: string, samples: readonly SnapshotFigures[]): string[] {
  const middle = mediansOf(samples)
  if (middle === null) return [name, ...snapshotColumns.map(() => '-')]
  const worst = Math.max(...samples.map(({ duringMaxMs }) => duringMaxMs))
  const { beforeP999Ms, duringP999Ms, beforeMaxMs, duringMaxMs, hiccupMs, starvedMs } = middle
  const ms = [beforeP999Ms, duringP999Ms, beforeMaxMs, duringMaxMs, worst, hiccupMs, starvedMs]
  return [
    ...[name, fixed(middle.seconds, 2), grouped(middle.cpuMs)],
    ...ms.map(value => fixed(value, 2)),
    ...[fixed(middle.extraPercent, 2), fixed(middle.fileBytes / 1e6, 1)],
    ...[grouped(middle.loadedKeysPerSecond), grouped(middle.loadCpuMs)],
  ]
}

function growthRow(name: string, samples: readonly GrowthFigures[]): string[] {
  const middle = mediansOf(samples)
  if (middle === null) return [name, ...growthColumns.map(() => '-')]
  const latency = [middle.p50Ms, middle.p99Ms, middle.p999Ms, middle.maxMs]
  const worst = Math.max(...samples.map(({ maxMs }) => maxMs))
  const ms = [...latency, worst, middle.hiccupMs, middle.starvedMs].map(value => fixed(value, 2))
  return [name, grouped(middle.insertsPerSecond), grouped(middle.pings), ...ms]
}
