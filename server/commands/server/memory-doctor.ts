/** MEMORY DOCTOR and MALLOC-STATS: the figures, judged and plain. */

import type { Engine } from '../../engine/engine.js'
import { formatMemorySize } from '../../lib/memory-size.js'
import { type Residence, residence } from './residence.js'

/** With less than this in use, ratios say nothing. */
const WORTH_JUDGING_BYTES = 5 << 20
const PEAK_RATIO_MAX = 1.5
const RATIO_MAX = 1.4
const EXCESS_MIN_BYTES = 10 << 20
const CLIENT_BYTES_MAX = 200 * 1024

export function memoryAdvice(engine: Engine): string {
  const report = engine.memory.report()
  if (report.used < WORTH_JUDGING_BYTES) return 'This server holds too little to judge its use of memory.\n'
  const resident = residence(engine, report)
  const clients = Math.max(1, engine.sessions.size)
  const findings = [
    report.peak / report.used > PEAK_RATIO_MAX ? PAST_PEAK : null,
    isExcessive(resident.fragmentation) ? FRAGMENTED : null,
    isExcessive(resident.allocatorRss) ? UNMAPPED : null,
    isExcessive(resident.rssOverhead) ? OUTSIDE : null,
    report.clientsNormal / clients > CLIENT_BYTES_MAX ? BIG_CLIENTS : null,
  ].filter(finding => finding !== null)
  if (findings.length === 0) return 'There is nothing odd about the memory of this server.\n'
  return `This is odd about the memory of this server:\n\n${findings.map(one => ` * ${one}\n`).join('')}`
}

const PAST_PEAK = 'Peak: much more was in use once, so that segments may be half empty. It fills up again.'
const FRAGMENTED =
  'Fragmentation: segments are held that few blocks still live in. Restarting packs the data.'
const UNMAPPED = 'Released segments: they wait for V8 to let them go. MEMORY PURGE asks it to.'
const OUTSIDE = 'Outside of the data: V8 holds much memory itself. INFO gc has the figures.'
const BIG_CLIENTS = 'Big clients: their buffers hold much. See CLIENT LIST and client-output-buffer-limit.'

export function allocatorStats(engine: Engine): string {
  const { arena } = engine.keyspace
  const heap = engine.facts.heapMemory()
  const lines: readonly (readonly [string, number])[] = [
    ['blocks handed out', arena.used],
    ['segments mapped', arena.mapped],
    ['segments waiting to be unmapped', arena.released],
    ['V8 heap used', heap.heapUsedBytes],
    ['V8 heap total', heap.heapTotalBytes],
    ['V8 external', heap.externalBytes],
    ['resident', engine.facts.rssBytes()],
  ]
  return lines.map(([name, bytes]) => `${name}: ${bytes} (${formatMemorySize(bytes)})\n`).join('')
}

function isExcessive({ ratio, bytes }: Residence['total']): boolean {
  return ratio > RATIO_MAX && bytes > EXCESS_MIN_BYTES
}
