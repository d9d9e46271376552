import { join } from 'node:path'
import { measureAof } from './aof/aof.js'
import { compare, type Comparison } from './comparison.js'
import type { Contender, Pair } from './contenders.js'
import { measureGrowth } from './growth/growth.js'
import { availableDriver } from './load/drivers.js'
import { measureLoad } from './load/load.js'
import { measureMemory } from './memory/memory.js'
import { measureReplication } from './replication/replication.js'
import { parseOptions, type Options, type Part } from './options.js'
import { judge, passes } from './report/bars.js'
import { writeReport } from './report/files.js'
import { fixed, times } from './report/format.js'
import { thisMachine } from './report/machine.js'
import type { Report } from './report/report.js'
import { full, quick, type Scale } from './scale.js'
import { reference, subject } from './server/known.js'
import { measureSnapshot } from './snapshot/snapshot.js'
import { measureStalls } from './stalls/stalls.js'
import { measureTypes } from './types/types.js'

/**
 * `npm run bench`: what redstart costs, next to what redis-server costs, on this machine, in this run.
 *
 *     load     CPU per request, requests/s, latency          (load/)
 *     types    CPU per request of the collection types       (types/)
 *     memory   bytes per key                                 (memory/)
 *     growth   how long others wait while a server grows     (growth/)
 *     snapshot what BGSAVE costs, and loading its file       (snapshot/)
 *     stalls   and while a big collection dies               (stalls/)
 *     aof      what the append-only file costs             (aof/)
 *     replication  what a replica and a full sync cost       (replication/)
 *
 * The servers are measured in turn (contenders.ts), figures become tables and are held against the bars (report/).
 * The results are written after every part, so that a part that fails loses only itself.
 */
type Measure = (contenders: Pair<Contender>, scale: Scale) => Promise<Partial<Report>>

const driver = availableDriver()

const measures: Readonly<Record<Part, Measure>> = {
  load: async (contenders, scale) => ({
    load: await measureLoad(contenders, driver.drive, scale, ({ test, pipeline, runs }) =>
      show(
        `CPU us of ${test.toUpperCase()} P${pipeline}`,
        compare(runs, figures => figures.cpuUs),
      ),
    ),
  }),
  types: async (contenders, scale) => ({
    types: await measureTypes(contenders, driver.drive, scale, ({ name, pipeline, runs }) =>
      show(
        `CPU us of ${name} P${pipeline}`,
        compare(runs, figures => figures.cpuUs),
      ),
    ),
  }),
  memory: async (contenders, scale) => ({
    memory: await measureMemory(contenders, scale, ({ name, runs }) =>
      show(
        `bytes per key by ${name}`,
        compare(runs, figures => figures.usedBytes),
      ),
    ),
  }),
  growth: async (contenders, scale) => ({ growth: await measureGrowth(contenders, scale) }),
  snapshot: async (contenders, scale) => ({ snapshot: await measureSnapshot(contenders, scale) }),
  stalls: async (contenders, scale) => ({
    stalls: await measureStalls(contenders, scale, ({ name, runs }) =>
      show(
        `longest wait in ms, ${name}`,
        compare(runs, figures => figures.maxMs),
      ),
    ),
  }),
  aof: async (contenders, scale) => ({ aof: await measureAof(contenders, driver.drive, scale) }),
  replication: async (contenders, scale) => ({
    replication: await measureReplication(contenders, driver.drive, scale),
  }),
}

async function main(options: Options): Promise<number> {
  const contenders = { subject: subject(options.server), reference: reference() }
  const scale = options.quick ? quick : full
  const stem = options.out ?? join(import.meta.dirname, 'results/latest')
  let report = blankReport(contenders, options)
  let page = ''
  for (const part of options.only) {
    console.log(`== ${part}`)
    report = { ...report, ...(await measures[part](contenders, scale)) }
    page = await writeReport(stem, report)
  }
  console.log(`\n${page}\nwritten to ${stem}.md and ${stem}.json`)
  return options.assert ? assertBars(report) : 0
}

function blankReport(contenders: Pair<Contender>, options: Options): Report {
  return {
    machine: thisMachine(),
    subject: contenders.subject.name,
    reference: contenders.reference?.name ?? null,
    driver: driver.name,
    quick: options.quick,
  }
}

function show(what: string, { subject, reference, ratio }: Comparison): void {
  console.log(`${what}: ${fixed(subject, 2)}, redis-server ${fixed(reference, 2)}, ${times(ratio)}`)
}

function assertBars(report: Report): number {
  const bars = judge(report)
  const failed = bars.filter(bar => !passes(bar))
  console.log(`${bars.length - failed.length} bars met, ${failed.length} missed`)
  return failed.length > 0 ? 1 : 0
}

// Leaving by exit() lets every server that is still running be ended.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

try {
  process.exitCode = await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}
