/** INFO replication, and what INFO stats says of synchronizations. */

import type { Engine } from '../server/engine/engine.js'
import type { InfoField, InfoSection } from '../server/engine/part.js'
import { FAILOVER } from './failover.js'
import { FAREWELL } from './farewell.js'
import { FOLLOWER } from './follower.js'
import { MASTER, type Master } from './master.js'
import type { Replica, ReplicaState } from './replica.js'
import type { Transfer } from './transfer.js'

export const replicationSection: InfoSection = {
  name: 'replication',
  default: true,
  *fields(engine) {
    const master = engine.rooms.get(MASTER)
    yield ['role', engine.role === 'master' ? 'master' : 'slave']
    if (engine.role === 'replica') yield* leader(engine, master)
    yield* followers(engine, master)
    yield ['master_failover_state', engine.rooms.get(FAILOVER).state]
    yield* history(master)
    yield* backlog(engine, master)
  },
}

export const synchronizationSection: InfoSection = {
  name: 'stats',
  default: true,
  *fields(engine) {
    const { counts } = engine.rooms.get(MASTER)
    const { receivedBytes, ownKeys } = engine.rooms.get(FOLLOWER)
    yield ['total_net_repl_input_bytes', receivedBytes]
    yield ['total_net_repl_output_bytes', counts.sentBytes]
    yield ['slave_expires_tracked_keys', ownKeys.count]
    yield ['sync_full', counts.full]
    yield ['sync_partial_ok', counts.partial]
    yield ['sync_partial_err', counts.partialRefused]
  },
}

export const shutdownSection: InfoSection = {
  name: 'server',
  default: true,
  *fields(engine) {
    const leftMs = engine.rooms.get(FAREWELL).leftMs
    if (leftMs !== null) yield ['shutdown_in_milliseconds', Math.floor(leftMs)]
  },
}

/** A snapshot for replicas is one like any other. */
export const fullSyncSection: InfoSection = {
  name: 'persistence',
  default: true,
  *fields(engine) {
    if (engine.rooms.get(MASTER).fullSyncs.saving) yield ['rdb_bgsave_in_progress', 1]
  },
}

/** What a replica says of its master and of itself. */
function* leader({ rooms, nowMs, config }: Engine, { offset }: Master): Iterable<InfoField> {
  const { address, link, downSinceMs } = rooms.get(FOLLOWER)
  const online = link?.state === 'online'
  yield ['master_host', address?.host ?? '']
  yield ['master_port', address?.port ?? 0]
  yield ['master_link_status', online ? 'up' : 'down']
  yield ['master_last_io_seconds_ago', online ? Math.floor((nowMs - link.heardMs) / 1000) : -1]
  yield ['master_sync_in_progress', link?.state === 'transfer' || link?.state === 'loading' ? 1 : 0]
  yield ['slave_read_repl_offset', link?.stream?.receivedOffset ?? offset]
  yield ['slave_repl_offset', offset]
  if (link?.transfer) yield* transferred(link.transfer, nowMs - link.heardMs)
  if (!online) yield ['master_link_down_since_seconds', Math.floor((nowMs - downSinceMs) / 1000)]
  yield ['slave_priority', config.values.replicaPriority]
  yield ['slave_read_only', config.values.replicaReadOnly ? 1 : 0]
  yield ['replica_announced', config.values.replicaAnnounced ? 1 : 0]
}

function* transferred({ totalBytes, readBytes }: Transfer, silentMs: number): Iterable<InfoField> {
  const known = totalBytes >= 0
  yield ['master_sync_total_bytes', Math.max(0, totalBytes)]
  yield ['master_sync_read_bytes', readBytes]
  yield ['master_sync_left_bytes', known ? totalBytes - readBytes : -1]
  yield ['master_sync_perc', (known && totalBytes > 0 ? (readBytes / totalBytes) * 100 : 0).toFixed(2)]
  yield ['master_sync_last_io_seconds_ago', Math.floor(silentMs / 1000)]
}

function* followers({ config }: Engine, master: Master): Iterable<InfoField> {
  const { minReplicasToWrite, minReplicasMaxLag } = config.values
  yield ['connected_slaves', master.replicas.size]
  if (minReplicasToWrite > 0 && minReplicasMaxLag > 0) yield ['min_slaves_good_slaves', master.good]
  let number = 0
  for (const replica of master.replicas) yield [`slave${number++}`, line(master, replica)]
}

/** As tools and sentinels parse it; the last two are ours. */
function line(master: Master, replica: Replica): string {
  const { ip, introduction, state, ackOffset } = replica
  const lagMs = state === 'online' || state === 'settling' ? master.lagMs(replica) : 0
  const lagBytes = master.offset - ackOffset
  return (
    `ip=${ip},port=${introduction.port},state=${STATES[state]},offset=${ackOffset},lag=${Math.floor(lagMs / 1000)},` +
    `lag_bytes=${lagBytes},lag_ms=${Math.floor(lagMs)}`
  )
}

/** In Redis' words. */
const STATES: Readonly<Record<ReplicaState, string>> = {
  waiting: 'wait_bgsave',
  snapshot: 'wait_bgsave',
  transfer: 'send_bulk',
  direct: 'wait_bgsave',
  settling: 'online',
  online: 'online',
  done: 'rdb_transmitted',
}

function* history({ history: { replid, replid2, offset2 }, offset }: Master): Iterable<InfoField> {
  yield ['master_replid', replid]
  yield ['master_replid2', replid2]
  yield ['master_repl_offset', offset]
  yield ['second_repl_offset', offset2 < 0 ? -1 : offset2 + 1]
}

function* backlog({ config }: Engine, { stream }: Master): Iterable<InfoField> {
  const kept = stream?.backlog ?? null
  yield ['repl_backlog_active', kept === null ? 0 : 1]
  yield ['repl_backlog_size', config.values.replBacklogSize]
  yield ['repl_backlog_first_byte_offset', kept === null ? 0 : kept.start + 1]
  yield ['repl_backlog_histlen', kept === null ? 0 : kept.end - kept.start]
}
