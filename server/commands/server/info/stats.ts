import { PEERS } from '../../migrate/peers.js'
import type { Engine } from '../../../engine/engine.js'
import type { InfoField, InfoSection } from '../../../engine/part.js'
import type { EngineStats, Rate } from '../../../engine/stats.js'
import { formatFixed } from '../../../lib/double.js'

export const statsSection: InfoSection = {
  name: 'stats',
  default: true,
  *fields(engine) {
    yield* traffic(engine)
    yield* keys(engine)
    yield* eviction(engine)
    yield* lookups(engine)
    yield* subscriptions(engine)
    yield* background(engine)
    yield* tracked(engine)
    yield* clients(engine)
    yield* loop(engine)
  },
}

function* traffic({ stats }: Engine): Iterable<InfoField> {
  yield ['total_connections_received', stats.connections]
  yield ['total_commands_processed', stats.commands]
  yield ['instantaneous_ops_per_sec', Math.floor(stats.commandRate.perSecond)]
  yield ['total_net_input_bytes', stats.inputBytes]
  yield ['total_net_output_bytes', stats.outputBytes]
  yield ['total_net_repl_input_bytes', 0]
  yield ['total_net_repl_output_bytes', 0]
  yield ['instantaneous_input_kbps', kilobytes(stats.inputRate)]
  yield ['instantaneous_output_kbps', kilobytes(stats.outputRate)]
  yield ['instantaneous_input_repl_kbps', '0.00']
  yield ['instantaneous_output_repl_kbps', '0.00']
  yield ['rejected_connections', stats.rejectedConnections]
}

function* keys({ keyspace }: Engine): Iterable<InfoField> {
  yield ['expired_subkeys', keyspace.stats.expiredFields]
  yield ['expired_keys', keyspace.stats.expired]
  yield ['expired_stale_perc', formatFixed(keyspace.stats.expiredStalePercent, 2)]
  yield ['expired_time_cap_reached_count', keyspace.stats.expiredTimeCapReached]
  yield ['expire_cycle_cpu_milliseconds', Math.floor(keyspace.stats.expireCycleCpuUs / 1000)]
}

function* eviction({ keyspace, stats, clock }: Engine): Iterable<InfoField> {
  const { overMemoryUs, overMemorySinceUs } = stats
  const presentUs = overMemorySinceUs === null ? 0 : clock.monotonicUs() - overMemorySinceUs
  yield ['evicted_keys', keyspace.stats.evicted]
  yield ['evicted_clients', stats.evictedClients]
  yield ['evicted_scripts', 0]
  yield ['total_eviction_exceeded_time', Math.floor((overMemoryUs + presentUs) / 1000)]
  yield ['current_eviction_exceeded_time', Math.floor(presentUs / 1000)]
}

function* lookups({ keyspace }: Engine): Iterable<InfoField> {
  yield ['keyspace_hits', keyspace.stats.hits]
  yield ['keyspace_misses', keyspace.stats.misses]
}

function* subscriptions({ pubsub }: Engine): Iterable<InfoField> {
  yield ['pubsub_channels', pubsub.channels.size]
  yield ['pubsub_patterns', pubsub.patterns.size]
  yield ['pubsubshard_channels', pubsub.shardChannels.size]
}

function* background({ rooms }: Engine): Iterable<InfoField> {
  yield ['latest_fork_usec', 0]
  yield ['total_forks', 0]
  yield ['migrate_cached_sockets', rooms.find(PEERS)?.count ?? 0]
  yield ['slave_expires_tracked_keys', 0]
  yield ['active_defrag_hits', 0]
  yield ['active_defrag_misses', 0]
  yield ['active_defrag_key_hits', 0]
  yield ['active_defrag_key_misses', 0]
  yield ['total_active_defrag_time', 0]
  yield ['current_active_defrag_time', 0]
}

function* tracked({ tracking }: Engine): Iterable<InfoField> {
  yield ['tracking_total_keys', tracking.keys]
  yield ['tracking_total_items', tracking.pairs]
  yield ['tracking_total_prefixes', tracking.prefixes]
}

function* clients({ stats }: Engine): Iterable<InfoField> {
  yield ['unexpected_error_replies', 0]
  yield ['total_error_replies', stats.errorReplies]
  yield ['dump_payload_sanitizations', 0]
  yield ['total_reads_processed', stats.reads]
  yield ['total_writes_processed', stats.writes]
  yield ['io_threaded_reads_processed', 0]
  yield ['io_threaded_writes_processed', 0]
  yield ['client_query_buffer_limit_disconnections', stats.inputBufferLimitDisconnections]
  yield ['client_output_buffer_limit_disconnections', stats.outputBufferLimitDisconnections]
  yield ['reply_buffer_shrinks', 0]
  yield ['reply_buffer_expands', 0]
}

function* loop({ stats }: Engine): Iterable<InfoField> {
  yield ['eventloop_cycles', stats.turns]
  yield ['eventloop_duration_sum', Math.floor(stats.busyUs)]
  yield ['eventloop_duration_cmd_sum', Math.floor(stats.commandUs)]
  yield ['instantaneous_eventloop_cycles_per_sec', Math.floor(stats.turnRate.perSecond)]
  yield ['instantaneous_eventloop_duration_usec', Math.floor(perTurn(stats))]
  yield ['acl_access_denied_auth', stats.aclDeniedAuth]
  yield ['acl_access_denied_cmd', 0]
  yield ['acl_access_denied_key', 0]
  yield ['acl_access_denied_channel', 0]
}

/** Microseconds of a turn, on average over the last samples. */
function perTurn({ busyRate, turnRate }: EngineStats): number {
  return turnRate.perSecond === 0 ? 0 : busyRate.perSecond / turnRate.perSecond
}

function kilobytes(rate: Rate): string {
  return formatFixed(rate.perSecond / 1024, 2)
}
