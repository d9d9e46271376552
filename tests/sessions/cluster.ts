import { error, type SessionTable, table } from '../support/session.js'

const DISABLED = error('ERR This instance has cluster support disabled')

/** In the words of Redis, whatever they ask for. */
const REFUSED = [
  'CLUSTER INFO',
  'CLUSTER NODES',
  'CLUSTER SLOTS',
  'CLUSTER SHARDS',
  'CLUSTER HELP',
  'CLUSTER MYID',
  'CLUSTER MEET nowhere nonsense',
  'CLUSTER ADDSLOTS 1 2 x',
  'CLUSTER ADDSLOTSRANGE 1 2 3',
  'CLUSTER SETSLOT 1 STABLE',
  'CLUSTER FAILOVER gently',
  'CLUSTER COUNTKEYSINSLOT none',
  'CLUSTER GETKEYSINSLOT 1 2',
  'CLUSTER RESET HARD',
  'READONLY',
  'READWRITE',
  'ASKING',
]

export const cluster: readonly SessionTable[] = [
  table(
    'a single server says that it is no cluster',
    REFUSED.map(line => [line, DISABLED]),
  ),
  table('CLUSTER looks at names and lengths first', [
    ['CLUSTER', error("ERR wrong number of arguments for 'cluster' command")],
    ['CLUSTER NOSUCH', error("ERR unknown subcommand 'NOSUCH'. Try CLUSTER HELP.")],
    ['CLUSTER MEET', error("ERR wrong number of arguments for 'cluster|meet' command")],
    ['CLUSTER KEYSLOT', error("ERR wrong number of arguments for 'cluster|keyslot' command")],
    ['CLUSTER INFO more', error("ERR wrong number of arguments for 'cluster|info' command")],
    ['READONLY now', error("ERR wrong number of arguments for 'readonly' command")],
  ]),
  table(
    'the slot of a key can be told all the same',
    [
      ['CLUSTER KEYSLOT foo', 12182],
      ['CLUSTER KEYSLOT {user1000}.following', 3443],
      ['CLUSTER KEYSLOT {user1000}.followers', 3443],
      ['CLUSTER KEYSLOT ""', 0],
    ],
    { differs: 'Redis tells it to clusters only' },
  ),
]
