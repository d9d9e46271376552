import type { Engine } from '../../../engine/engine.js'
import type { MemoryReport } from '../../../engine/memory-account.js'
import type { InfoField, InfoSection } from '../../../engine/part.js'
import { formatFixed } from '../../../lib/double.js'
import { formatMemorySize } from '../../../lib/memory-size.js'
import { residence, type Residence } from '../residence.js'

export const memorySection: InfoSection = {
  name: 'memory',
  default: true,
  *fields(engine) {
    const report = engine.memory.report()
    const resident = residence(engine, report)
    yield* use(report, resident)
    yield* allocator(engine, resident)
    yield* scripts(report)
    yield* limit(engine)
    yield* waste(resident)
    yield* purposes(engine, report)
    yield* freeing(engine)
  },
}

/** A number of bytes, and again as people read it. */
function* both(name: string, bytes: number): Iterable<InfoField> {
  yield [name, bytes]
  yield [`${name}_human`, formatMemorySize(bytes)]
}

function* use(report: MemoryReport, { rss }: Residence): Iterable<InfoField> {
  const { used, peak, overhead, startup, dataset } = report
  yield* both('used_memory', used)
  yield* both('used_memory_rss', rss)
  yield* both('used_memory_peak', peak)
  yield ['used_memory_peak_perc', percent(used, peak)]
  yield ['used_memory_overhead', overhead]
  yield ['used_memory_startup', startup]
  yield ['used_memory_dataset', dataset]
  yield ['used_memory_dataset_perc', percent(dataset, used - startup)]
}

function* allocator({ facts }: Engine, { allocated, active, resident }: Residence): Iterable<InfoField> {
  yield ['allocator_allocated', allocated]
  yield ['allocator_active', active]
  yield ['allocator_resident', resident]
  yield ['allocator_muzzy', 0]
  yield* both('total_system_memory', facts.machine.totalMemoryBytes)
}

function* scripts(report: MemoryReport): Iterable<InfoField> {
  const evals = report.bytesFor('lua.caches')
  const functions = report.bytesFor('functions.caches')
  yield ['used_memory_lua', evals]
  yield ['used_memory_vm_eval', evals]
  yield ['used_memory_lua_human', formatMemorySize(evals)]
  yield ['used_memory_scripts_eval', evals]
  yield ['number_of_cached_scripts', 0]
  yield ['number_of_functions', 0]
  yield ['number_of_libraries', 0]
  yield ['used_memory_vm_functions', functions]
  yield* both('used_memory_vm_total', evals + functions)
  yield ['used_memory_functions', functions]
  yield* both('used_memory_scripts', evals + functions)
}

function* limit({ config }: Engine): Iterable<InfoField> {
  yield* both('maxmemory', config.values.maxmemory)
  yield ['maxmemory_policy', config.values.maxmemoryPolicy]
}

function* waste(one: Residence): Iterable<InfoField> {
  yield ['allocator_frag_ratio', formatFixed(one.fragmentation.ratio, 2)]
  yield ['allocator_frag_bytes', one.fragmentation.bytes]
  yield ['allocator_rss_ratio', formatFixed(one.allocatorRss.ratio, 2)]
  yield ['allocator_rss_bytes', one.allocatorRss.bytes]
  yield ['rss_overhead_ratio', formatFixed(one.rssOverhead.ratio, 2)]
  yield ['rss_overhead_bytes', one.rssOverhead.bytes]
  yield ['mem_fragmentation_ratio', formatFixed(one.total.ratio, 2)]
  yield ['mem_fragmentation_bytes', one.total.bytes]
}

function* purposes({ keyspace }: Engine, report: MemoryReport): Iterable<InfoField> {
  const rehashing = keyspace.databases.filter(
    ({ tables }) => tables.keys.rehashing || tables.volatile.rehashing,
  )
  yield ['mem_not_counted_for_evict', report.notCounted]
  yield ['mem_replication_backlog', report.bytesFor('replication.backlog')]
  yield [
    'mem_total_replication_buffers',
    report.bytesFor('replication.backlog') + report.bytesFor('clients.slaves'),
  ]
  yield ['mem_clients_slaves', report.bytesFor('clients.slaves')]
  yield ['mem_clients_normal', report.clientsNormal]
  yield ['mem_cluster_links', 0]
  yield ['mem_aof_buffer', report.bytesFor('aof.buffer')]
  yield [
    'mem_overhead_db_hashtable_rehashing',
    rehashing.reduce((sum, { tables }) => sum + tables.keys.tableBytes, 0),
  ]
}

function* freeing({ keyspace }: Engine): Iterable<InfoField> {
  yield ['mem_allocator', 'libc']
  yield ['active_defrag_running', 0]
  yield ['lazyfree_pending_objects', keyspace.graveyard.pending]
  yield ['lazyfreed_objects', keyspace.graveyard.freed]
}

function percent(part: number, whole: number): string {
  return `${formatFixed(whole > 0 ? (part / whole) * 100 : 0, 2)}%`
}
