import { accepted, alias, works } from '../directive.js'
import { hostName } from '../kinds/names.js'
import { count, longCount, memory, port, ULONG_MAX } from '../kinds/number.js'
import { oneOf, text, yesNo } from '../kinds/word.js'

const endpoint = oneOf(['ip', 'hostname', 'unknown-endpoint'])

/** Cluster mode is not offered: `cluster-enabled yes` ends the start, the rest is kept for existing files. */
export const cluster = [
  works('cluster-enabled', yesNo, false, 'Be a node of a cluster; only `no` is possible.', 'immutable'),
  accepted('cluster-config-file', text, 'nodes.conf', 'File with the view of the cluster.', 'immutable'),
  accepted('cluster-node-timeout', longCount, 15000, 'Milliseconds after which a node is out of reach.'),
  accepted('cluster-port', port, 0, 'Port of the cluster bus; 0 is 10000 above the TCP port.', 'immutable'),
  accepted('cluster-announce-ip', text, '', 'Address to tell other nodes.'),
  accepted('cluster-announce-hostname', hostName, '', 'Host name to tell other nodes.'),
  accepted('cluster-announce-port', port, 0, 'Port to tell other nodes.'),
  accepted('cluster-announce-tls-port', port, 0, 'TLS port to tell other nodes.'),
  accepted('cluster-announce-bus-port', port, 0, 'Bus port to tell other nodes.'),
  accepted('cluster-preferred-endpoint-type', endpoint, 'ip', 'How clients are sent to other nodes.'),
  accepted(
    'cluster-replica-validity-factor',
    count,
    10,
    'How old the data of a promoted replica may be.',
    alias('cluster-slave-validity-factor'),
  ),
  accepted('cluster-replica-no-failover', yesNo, false, 'Never promote.', alias('cluster-slave-no-failover')),
  accepted('cluster-migration-barrier', count, 1, 'Replicas a master keeps when one moves to another.'),
  accepted('cluster-allow-replica-migration', yesNo, true, 'Let replicas move to masters that have none.'),
  accepted('cluster-require-full-coverage', yesNo, true, 'Refuse queries while a slot has no owner.'),
  accepted('cluster-allow-reads-when-down', yesNo, false, 'Answer reads when it is down.'),
  accepted('cluster-allow-pubsubshard-when-down', yesNo, true, 'Serve sharded channels when it is down.'),
  accepted('cluster-link-sendbuf-limit', memory(0, ULONG_MAX), 0, 'Unsent bytes at which a link is closed.'),
] as const
