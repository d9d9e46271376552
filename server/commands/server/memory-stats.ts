/** MEMORY STATS: the figures of INFO memory as a map, with those of every database. */

import type { Engine } from '../../engine/engine.js'
import type { DatabaseMemory, MemoryReport } from '../../engine/memory-account.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { residence } from './residence.js'

/** Counts are integers; shares and ratios are doubles. */
type Figure = readonly [name: string, value: number, kind?: 'double']

export function replyMemoryStats(reply: ReplyWriter, engine: Engine): void {
  const report = engine.memory.report()
  const before = purposes(report)
  const after = [...totals(engine, report), ...allocator(engine, report)]
  reply.map(before.length + report.databases.length + after.length)
  for (const figure of before) replyFigure(reply, figure)
  for (const database of report.databases) replyDatabase(reply, database)
  for (const figure of after) replyFigure(reply, figure)
}

function purposes(report: MemoryReport): Figure[] {
  return [
    ['peak.allocated', report.peak],
    ['total.allocated', report.used],
    ['startup.allocated', report.startup],
    ['replication.backlog', report.bytesFor('replication.backlog')],
    ['clients.slaves', report.bytesFor('clients.slaves')],
    ['clients.normal', report.clientsNormal],
    ['cluster.links', 0],
    ['aof.buffer', report.bytesFor('aof.buffer')],
    ['lua.caches', report.bytesFor('lua.caches')],
    ['functions.caches', report.bytesFor('functions.caches')],
  ]
}

function totals({ keyspace }: Engine, { used, peak, startup, overhead, dataset }: MemoryReport): Figure[] {
  const { keys } = keyspace
  const beyondStartup = used - startup
  return [
    ['overhead.total', overhead],
    ['keys.count', keys],
    ['keys.bytes-per-key', keys === 0 ? 0 : Math.floor(beyondStartup / keys)],
    ['dataset.bytes', dataset],
    ['dataset.percentage', percent(dataset, beyondStartup), 'double'],
    ['peak.percentage', percent(used, peak), 'double'],
  ]
}

function allocator(engine: Engine, report: MemoryReport): Figure[] {
  const { allocated, active, resident, ...excess } = residence(engine, report)
  return [
    ['allocator.allocated', allocated],
    ['allocator.active', active],
    ['allocator.resident', resident],
    ['allocator.muzzy', 0],
    ['allocator-fragmentation.ratio', excess.fragmentation.ratio, 'double'],
    ['allocator-fragmentation.bytes', excess.fragmentation.bytes],
    ['allocator-rss.ratio', excess.allocatorRss.ratio, 'double'],
    ['allocator-rss.bytes', excess.allocatorRss.bytes],
    ['rss-overhead.ratio', excess.rssOverhead.ratio, 'double'],
    ['rss-overhead.bytes', excess.rssOverhead.bytes],
    ['fragmentation', excess.total.ratio, 'double'],
    ['fragmentation.bytes', excess.total.bytes],
  ]
}

function replyDatabase(
  reply: ReplyWriter,
  { index, keysTableBytes, expiresTableBytes }: DatabaseMemory,
): void {
  reply.text(`db.${index}`)
  reply.map(3)
  replyFigure(reply, ['overhead.hashtable.main', keysTableBytes])
  replyFigure(reply, ['overhead.hashtable.expires', expiresTableBytes])
  replyFigure(reply, ['overhead.hashtable.slot-to-keys', 0])
}

function replyFigure(reply: ReplyWriter, [name, value, kind]: Figure): void {
  reply.text(name)
  if (kind === 'double') reply.double(value)
  else reply.int(value)
}

function percent(part: number, whole: number): number {
  return whole > 0 ? (part / whole) * 100 : 0
}
