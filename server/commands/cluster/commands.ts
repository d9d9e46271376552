/**
 * CLUSTER and its kin on a server that is no node of a cluster: as in Redis everything is refused, with the sentence by
 * which clients learn that they talk to a single server. Only the slot of a key can be told, as Valkey does: those who
 * spread their keys over several servers themselves reckon with it.
 */

import { type CommandFlag, command, container, subcommand } from '../../engine/command.js'
import { type Arguments, bytes, optional, repeated, text } from '../../engine/grammar.js'
import { keySlot } from '../../lib/crc16.js'
import { CLUSTER_DISABLED } from '../../resp/errors.js'

const TELLS: readonly CommandFlag[] = ['loading', 'stale']
const TELLS_ADMIN: readonly CommandFlag[] = ['admin', ...TELLS]
const CHANGES: readonly CommandFlag[] = ['admin', 'stale', 'no_async_loading']
const NOT_CONSTANT = ['nondeterministic_output']

const keyslot = subcommand('KEYSLOT', {
  does: 'Returns the hash slot of a key.',
  since: '3.0.0',
  group: 'cluster',
  complexity: 'O(N) where N is the number of bytes in the key',
  flags: TELLS,
  args: { key: bytes() },
  run({ reply }, { key }) {
    const { mem, start, length } = key
    reply.int(keySlot(mem.u8, start, length))
  },
})

interface Refused {
  readonly does: string
  readonly flags: readonly CommandFlag[]
  readonly since?: string
  readonly args?: Arguments
  readonly tips?: readonly string[]
}

const refuse = (): never => {
  throw CLUSTER_DISABLED
}

const refused = (name: string, { since = '3.0.0', ...facts }: Refused) =>
  subcommand(name, { ...facts, since, group: 'cluster', complexity: 'O(1)', run: refuse })

const word = { value: text() }
const words = { value: repeated(text()) }
const maybe = { value: optional(text()) }
const pairs = { start: text(), end: text(), more: optional(repeated(text())) }

const tells = [
  refused('COUNTKEYSINSLOT', { does: 'Counts the keys of a slot.', flags: ['stale'], args: word }),
  refused('GETKEYSINSLOT', {
    does: 'Returns keys of a slot.',
    flags: ['stale'],
    args: { slot: text(), count: text() },
    tips: NOT_CONSTANT,
  }),
  refused('COUNT-FAILURE-REPORTS', {
    does: 'Counts the reports that a node is down.',
    flags: TELLS_ADMIN,
    args: word,
    tips: NOT_CONSTANT,
  }),
  refused('REPLICAS', {
    does: 'Lists the replicas of a node.',
    since: '5.0.0',
    flags: TELLS_ADMIN,
    args: word,
    tips: NOT_CONSTANT,
  }),
  refused('SLAVES', {
    does: 'Lists the replicas of a node.',
    flags: TELLS_ADMIN,
    args: word,
    tips: NOT_CONSTANT,
  }),
  refused('HELP', { does: 'Shows the subcommands.', since: '5.0.0', flags: TELLS }),
  refused('INFO', { does: 'Describes the state of the cluster.', flags: TELLS, tips: NOT_CONSTANT }),
  refused('LINKS', {
    does: 'Lists the links to other nodes.',
    since: '7.0.0',
    flags: TELLS,
    tips: NOT_CONSTANT,
  }),
  refused('MYID', { does: 'Returns the id of the node.', flags: TELLS }),
  refused('MYSHARDID', {
    does: 'Returns the id of the shard.',
    since: '7.2.0',
    flags: TELLS,
    tips: NOT_CONSTANT,
  }),
  refused('NODES', { does: 'Describes the nodes.', flags: TELLS, tips: NOT_CONSTANT }),
  refused('SHARDS', { does: 'Maps slots to shards.', since: '7.0.0', flags: TELLS, tips: NOT_CONSTANT }),
  refused('SLOTS', { does: 'Maps slots to nodes.', flags: TELLS, tips: NOT_CONSTANT }),
]

const changes = [
  refused('ADDSLOTS', { does: 'Gives slots to this node.', flags: CHANGES, args: words }),
  refused('ADDSLOTSRANGE', {
    does: 'Gives ranges of slots to this node.',
    since: '7.0.0',
    flags: CHANGES,
    args: pairs,
  }),
  refused('BUMPEPOCH', { does: 'Advances the configuration epoch.', flags: CHANGES, tips: NOT_CONSTANT }),
  refused('DELSLOTS', { does: 'Takes slots from this node.', flags: CHANGES, args: words }),
  refused('DELSLOTSRANGE', {
    does: 'Takes ranges of slots from this node.',
    since: '7.0.0',
    flags: CHANGES,
    args: pairs,
  }),
  refused('FAILOVER', { does: 'Makes a replica the master.', flags: CHANGES, args: maybe }),
  refused('FLUSHSLOTS', { does: 'Takes all slots from this node.', flags: CHANGES }),
  refused('FORGET', { does: 'Removes a node.', flags: CHANGES, args: word }),
  refused('MEET', {
    does: 'Makes two nodes know each other.',
    flags: CHANGES,
    args: { ip: text(), port: text(), clusterBusPort: optional(text()) },
  }),
  refused('REPLICATE', { does: 'Makes this node a replica of another.', flags: CHANGES, args: word }),
  refused('RESET', { does: 'Forgets the cluster.', flags: ['admin', 'stale', 'noscript'], args: maybe }),
  refused('SAVECONFIG', { does: 'Writes the state of the cluster to the disk.', flags: CHANGES }),
  refused('SET-CONFIG-EPOCH', {
    does: 'Sets the configuration epoch of a new node.',
    flags: CHANGES,
    args: word,
  }),
  refused('SETSLOT', {
    does: 'Says where a slot belongs.',
    flags: CHANGES,
    args: { slot: text(), state: text(), node: optional(text()) },
  }),
]

const cluster = container(
  'CLUSTER',
  {
    does: 'Commands about the cluster.',
    since: '3.0.0',
    group: 'cluster',
    complexity: 'Depends on subcommand.',
  },
  [keyslot, ...tells, ...changes],
)

const ofConnection = (name: string, does: string, flags: readonly CommandFlag[]) =>
  command(name, {
    does,
    since: '3.0.0',
    group: 'cluster',
    complexity: 'O(1)',
    flags,
    acl: ['connection'],
    run: refuse,
  })

export const clusterCommands = [
  cluster,
  ofConnection('ASKING', 'Allows one request for a slot that is on its way here.', ['fast']),
  ofConnection('READONLY', 'Allows reads on a replica of a cluster.', ['fast', ...TELLS]),
  ofConnection('READWRITE', 'Ends what READONLY allowed.', ['fast', ...TELLS]),
]
