/** The rooms of the house, in the order in which they are installed: the server's table of contents. */

import { aofPart } from '../persistence/aof/part.js'
import { backupPart } from '../persistence/backup/part.js'
import { snapshotPart } from '../persistence/rdb/part.js'
import { replicationPart } from '../replication/part.js'
import { safetyPart } from '../replication/safety.js'
import { bitmapCommands } from './commands/bitmap/commands.js'
import { clusterCommands } from './commands/cluster/commands.js'
import { connection } from './commands/connection/index.js'
import { geoCommands } from './commands/geo/commands.js'
import { genericCommands } from './commands/generic/commands.js'
import { hashPart } from './commands/hashes/index.js'
import { hyperLogLogCommands } from './commands/hyperloglog.js'
import { lists } from './commands/lists/part.js'
import { migratePart } from './commands/migrate/part.js'
import { pubSubPart } from './commands/pubsub/part.js'
import { server } from './commands/server/part.js'
import { setPart } from './commands/sets/index.js'
import { sort, sortRo } from './commands/sort/sort.js'
import { streams } from './commands/stream/part.js'
import { stringCommands } from './commands/strings/index.js'
import { transactions } from './commands/transactions.js'
import { sortedSetPart } from './commands/sorted-sets/part.js'
import { evictionPart } from './engine/eviction.js'
import type { Part } from './engine/part.js'
import { trackingPart } from './engine/tracking/part.js'
import { upkeep } from './engine/upkeep.js'

export const parts: readonly Part[] = [
  upkeep,
  evictionPart,
  trackingPart,
  { name: 'generic', commands: genericCommands },
  migratePart,
  { name: 'sorting', commands: [sort, sortRo] },
  { name: 'cluster', commands: clusterCommands },
  connection,
  server,
  transactions,
  { name: 'strings', commands: stringCommands },
  lists,
  streams,
  { name: 'bitmaps', commands: bitmapCommands },
  { name: 'hyperloglogs', commands: hyperLogLogCommands },
  setPart,
  hashPart,
  sortedSetPart,
  { name: 'geo', commands: geoCommands },
  pubSubPart,
  snapshotPart,
  aofPart,
  safetyPart,
  replicationPart,
  backupPart,
]
