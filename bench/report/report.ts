import type { Aof } from '../aof/aof.js'
import type { Growth } from '../growth/growth.js'
import type { LoadRow } from '../load/load.js'
import type { MemoryRow } from '../memory/memory.js'
import type { SnapshotRuns } from '../snapshot/snapshot.js'
import type { StallRow } from '../stalls/stalls.js'
import type { Replication } from '../replication/replication.js'
import type { TypeRow } from '../types/types.js'
import type { Machine } from './machine.js'

/** All that a run measured; what was not asked for is absent. Written as it stands to the `.json`. */
export interface Report {
  readonly machine: Machine
  readonly subject: string
  /** Null where no redis-server is installed: figures without anything to compare them to. */
  readonly reference: string | null
  readonly driver: string
  readonly quick: boolean
  readonly load?: readonly LoadRow[]
  readonly types?: readonly TypeRow[]
  readonly memory?: readonly MemoryRow[]
  readonly growth?: Growth
  readonly snapshot?: SnapshotRuns
  readonly stalls?: readonly StallRow[]
  readonly aof?: Aof
  readonly replication?: Replication
}
