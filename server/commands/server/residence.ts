/** How the bytes in use compare with the bytes that the process really occupies: INFO memory and MEMORY STATS. */

import type { Engine } from '../../engine/engine.js'
import type { MemoryReport } from '../../engine/memory-account.js'

/** Something larger compared with something smaller. */
export interface Excess {
  readonly ratio: number
  readonly bytes: number
}

export interface Residence {
  readonly rss: number
  /** Bytes of blocks handed out, of segments, and of segments with those that wait to be unmapped. */
  readonly allocated: number
  readonly active: number
  readonly resident: number
  readonly fragmentation: Excess
  readonly allocatorRss: Excess
  readonly rssOverhead: Excess
  readonly total: Excess
}

export function residence({ facts, keyspace: { arena } }: Engine, { used }: MemoryReport): Residence {
  const rss = facts.rssBytes()
  const resident = arena.mapped + arena.released
  return {
    rss,
    allocated: arena.used,
    active: arena.mapped,
    resident,
    fragmentation: excess(arena.mapped, arena.used),
    allocatorRss: excess(resident, arena.mapped),
    rssOverhead: excess(rss, resident),
    total: excess(rss, used),
  }
}

function excess(larger: number, smaller: number): Excess {
  return { ratio: smaller > 0 ? larger / smaller : 0, bytes: larger - smaller }
}
