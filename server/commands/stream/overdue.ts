/** Pending entries whose consumer, or nobody, has had them for too long. */

import type { Group } from '../../data/stream/groups.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'

/**
 * Up to `count` of those that were delivered `idleMs` ago or longer and that the stream still has: first those that were
 * handed back, then those idle longest. Looks at all that is pending.
 */
export function overdueEntries(
  stream: Stream,
  group: Group,
  idleMs: number,
  nowMs: number,
  count: number,
): StreamId[] {
  const found: { id: StreamId; deliveredMs: number }[] = []
  const { pending } = group
  for (let more = pending.first(); more; more = pending.next()) {
    const { deliveredMs } = group
    if (nowMs - deliveredMs >= idleMs || group.ownerRef === 0)
      found.push({ id: pending.id(new StreamId()), deliveredMs })
  }
  found.sort((a, b) => a.deliveredMs - b.deliveredMs || a.id.compare(b.id))
  const overdue: StreamId[] = []
  for (const { id } of found) {
    if (overdue.length >= count) break
    if (stream.holds(id)) overdue.push(id)
  }
  return overdue
}
