/** Pending entries whose consumer, or nobody, has had them for too long. */

import type { Group } from '../../data/stream/groups.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'

interface Delivered {
  readonly id: StreamId
  readonly deliveredMs: number
}

/**
 * Up to `count` of those that were delivered `idleMs` ago or longer and that the stream still has: first those that were
 * handed back, then those idle longest. Looks at all that is pending, unless the group knows that none is so old.
 */
export function overdueEntries(
  stream: Stream,
  group: Group,
  idleMs: number,
  nowMs: number,
  count: number,
): readonly StreamId[] {
  const { oldestMs } = group
  // What was handed back counts as delivered at 0, and may be had however long it was to be idle.
  if (oldestMs > 0 && nowMs - oldestMs < idleMs) return []
  const { found, youngerMs } = sift(group, idleMs, nowMs)
  found.sort((a, b) => a.deliveredMs - b.deliveredMs || a.id.compare(b.id))
  const overdue: StreamId[] = []
  let at = 0
  for (; at < found.length && overdue.length < count; at++) {
    if (stream.holds(found[at].id)) overdue.push(found[at].id)
  }
  const leftMs = at < found.length ? found[at].deliveredMs : youngerMs
  group.oldestMs = overdue.length === 0 ? leftMs : Math.min(found[0].deliveredMs, leftMs)
  return overdue
}

/** The entries that are overdue, and when the oldest of the others was delivered. */
function sift(
  group: Group,
  idleMs: number,
  nowMs: number,
): { readonly found: Delivered[]; readonly youngerMs: number } {
  const { pending } = group
  const found: Delivered[] = []
  let youngerMs = nowMs
  for (let more = pending.first(); more; more = pending.next()) {
    const { deliveredMs, ownerRef } = group
    if (nowMs - deliveredMs >= idleMs || ownerRef === 0)
      found.push({ id: pending.id(new StreamId()), deliveredMs })
    else youngerMs = Math.min(youngerMs, deliveredMs)
  }
  return { found, youngerMs }
}
