import type { InfoField, InfoSection } from '../../../engine/part.js'
import type { GcPauses } from '../../../lib/gc-watch.js'

/** What V8's garbage collector costs us. Ours alone: no other server has such a section. */
export const gcSection: InfoSection = {
  name: 'gc',
  default: false,
  *fields({ gc, facts, keyspace }) {
    if (gc !== null) {
      const { minor, major } = gc.statistics()
      yield* pauses('minor', minor)
      yield* pauses('major', major)
    }
    const heap = facts.heapMemory()
    yield ['heap_used', heap.heapUsedBytes]
    yield ['heap_total', heap.heapTotalBytes]
    yield ['heap_external', heap.externalBytes]
    yield ['segments_released', keyspace.arena.released]
  },
}

function* pauses(kind: string, { count, totalUs, longestUs }: GcPauses): Iterable<InfoField> {
  yield [`gc_${kind}_count`, count]
  yield [`gc_${kind}_usec`, Math.floor(totalUs)]
  yield [`gc_${kind}_longest_usec`, Math.floor(longestUs)]
}
