import { accepted, alias, works } from '../directive.js'
import { masterAddress } from '../kinds/lists.js'
import { count, heldMemory, INT_MAX, integer, longCount, port, size } from '../kinds/number.js'
import { oneOf, text, yesNo } from '../kinds/word.js'

const seconds = integer(1, INT_MAX)
const disklessLoad = oneOf(['disabled', 'on-empty-db', 'swapdb', 'flushdb'])
const onError = oneOf(['ignore', 'panic', 'panic-on-replicas'])

export const replication = [
  works('replicaof', masterAddress, null, 'Be a replica of this master.', 'immutable', alias('slaveof')),
  works('masterauth', text, '', 'Password to give to the master.', 'sensitive'),
  works('masteruser', text, '', 'User to log in as at the master.', 'sensitive'),
  works(
    'replica-serve-stale-data',
    yesNo,
    true,
    'Answer reads while the master is out of reach.',
    alias('slave-serve-stale-data'),
  ),
  works('replica-read-only', yesNo, true, 'Refuse writes of clients on a replica.', alias('slave-read-only')),
  works('replica-ignore-maxmemory', yesNo, true, 'Do not evict.', alias('slave-ignore-maxmemory')),
  works('replica-priority', count, 100, 'The lowest is promoted first; 0 never.', alias('slave-priority')),
  works('replica-accept-empty-master', yesNo, false, 'Let a master without keys take the place of our data.'),
  works('split-brain-file', yesNo, true, 'Keep what the new master never saw when we step down.'),
  works('replica-announced', yesNo, true, 'Let sentinels tell clients of this replica.'),
  works('replica-announce-ip', text, '', 'Address to be known by.', alias('slave-announce-ip')),
  works('replica-announce-port', port, 0, 'Port to be known by.', alias('slave-announce-port')),
  works('replica-ignore-disk-write-errors', yesNo, false, 'Go on when the disk does not take it.'),
  accepted('replica-full-sync-buffer-limit', size, 0, 'Bytes held back during a full sync.'),
  works('repl-diskless-sync', yesNo, true, 'Send a full sync straight to the socket.'),
  works('repl-diskless-sync-delay', count, 5, 'Seconds a full sync waits for more replicas.'),
  works('repl-diskless-sync-max-replicas', count, 0, 'Replicas that need no more waiting; 0 always waits.'),
  works('repl-diskless-load', disklessLoad, 'disabled', 'Load a full sync from the socket.', 'deny-loading'),
  works('repl-ping-replica-period', seconds, 10, 'Seconds between pings.', alias('repl-ping-slave-period')),
  works('repl-timeout', seconds, 60, 'Seconds of silence after which a replication link is dead.'),
  works('repl-disable-tcp-nodelay', yesNo, false, 'Save packets at the price of delay.'),
  works('repl-backlog-size', heldMemory(16 * 1024), 1024 ** 2, 'Bytes of history kept for replicas.'),
  works('repl-backlog-ttl', longCount, 3600, 'Seconds it is kept without replicas; 0 is for ever.'),
  works(
    'min-replicas-to-write',
    count,
    0,
    'Refuse writes with fewer good replicas than this.',
    alias('min-slaves-to-write'),
  ),
  works('min-replicas-max-lag', count, 10, 'Seconds a good replica may lag.', alias('min-slaves-max-lag')),
  works('propagation-error-behavior', onError, 'ignore', 'What to do when a propagated command fails.'),
  accepted('repl-rdb-channel', yesNo, false, 'Use a second connection for a full sync.'),
  accepted('dual-channel-replication-enabled', yesNo, false, 'The same, as Valkey calls it.'),
  accepted('repl-throttling-enabled', yesNo, false, 'Slow writers down for a replica that falls behind.'),
] as const
