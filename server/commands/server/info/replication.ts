import type { InfoSection } from '../../../engine/part.js'

/** A master that nobody replicates; who does says more. */
export const replicationSection: InfoSection = {
  name: 'replication',
  default: true,
  *fields({ config, replicationId, role }) {
    yield ['role', role === 'master' ? 'master' : 'slave']
    yield ['connected_slaves', 0]
    yield ['master_failover_state', 'no-failover']
    yield ['master_replid', replicationId]
    yield ['master_replid2', '0'.repeat(40)]
    yield ['master_repl_offset', 0]
    yield ['second_repl_offset', -1]
    yield ['repl_backlog_active', 0]
    yield ['repl_backlog_size', config.values.replBacklogSize]
    yield ['repl_backlog_first_byte_offset', 0]
    yield ['repl_backlog_histlen', 0]
  },
}
