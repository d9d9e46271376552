/** The units a commit must not break: what `--ci` runs. */
export const acceptanceUnits: readonly string[] = [
  'unit/type/string',
  'unit/type/incr',
  'unit/keyspace',
  'unit/expire',
  'unit/scan',
  'unit/multi',
  'unit/protocol',
  'unit/querybuf',
  'unit/quit',
  'unit/info',
  'unit/info-command',
  'unit/introspection',
  'unit/introspection-2',
  'unit/slowlog',
  'unit/latency-monitor',
  'unit/bitops',
  'unit/bitfield',
  'unit/hyperloglog',
  'unit/maxmemory',
  'unit/limits',
  'unit/networking',
  'unit/obuf-limits',
  'unit/client-eviction',
  'unit/replybufsize',
  'unit/pendingquerybuf',
  'unit/lazyfree',
  'unit/pause',
  'unit/other',
  'unit/auth',
  'unit/type/list',
  'unit/type/list-2',
  'unit/type/list-3',
  'unit/type/set',
  'unit/type/hash',
  'unit/type/zset',
  'unit/type/stream',
  'unit/type/stream-cgroups',
  'unit/sort',
  'unit/geo',
  'unit/dump',
  'unit/pubsub',
  'unit/pubsubshard',
  'unit/tracking',
  'unit/memefficiency',
  'unit/violations',
  'unit/aofrw',
  'unit/shutdown',
  'integration/aof',
  'integration/aof-multi-part',
  'integration/rdb',
  'integration/convert-ziplist-hash-on-load',
  'integration/convert-ziplist-zset-on-load',
  'integration/convert-zipmap-hash-on-load',
  'integration/logging',
  'integration/block-repl',
  'integration/replication-2',
  'integration/replication-3',
  'integration/replication-buffer',
  'integration/psync2-pingoff',
  'integration/psync2-master-restart',
  'integration/failover',
  'integration/redis-cli',
  'unit/wait',
]

/**
 * The real server needs minutes for these, or most of a minute for one test of them (nearly all of it in Tcl
 * itself): their limits are wider.
 */
const longUnits: ReadonlySet<string> = new Set([
  'unit/hyperloglog',
  'unit/geo',
  'unit/type/list-3',
  'integration/replication',
  'integration/replication-psync',
])

export const patienceFor = (unit: string): number => (longUnits.has(unit) ? 4 : 1)

/** Units by name or by folder (`unit/type`, `sentinel`); no words at all mean every known unit. */
export function selectUnits(words: readonly string[], known: readonly string[]): string[] {
  if (words.length === 0) return [...known]
  const selected = words.flatMap(word => {
    const units = known.filter(unit => unit === word || unit.startsWith(`${word}/`))
    if (units.length === 0) throw new Error(`no unit is called ${word}; the known ones are in baseline.tsv`)
    return units
  })
  return [...new Set(selected)]
}
