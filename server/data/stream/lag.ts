/**
 * How far a group is behind, by counting alone.
 *
 * A stream counts the entries ever added to it, and a group those it has read: the difference is the lag. It holds as
 * long as no entry that the group has still to read was deleted. Where one was, or where the group was set to some
 * id, the count can be had again only at places where it follows from the counters: at the ends of the stream. The
 * rules are Redis'.
 */

import { type Group, UNKNOWN } from './groups.js'
import type { Stream } from './stream.js'
import type { StreamId } from './stream-id.js'

/** Entries that the group has not read yet; null: unknown. */
export function lagOf(stream: Stream, group: Group): number | bigint | null {
  const { added } = stream
  if (added === 0) return 0
  const counted = group.entriesRead !== UNKNOWN && !hasTombstoneFrom(stream, group.lastId)
  const read = counted ? group.entriesRead : distance(stream, group.lastId)
  return read === UNKNOWN ? null : subtract(added, read)
}

/** What the group's count becomes when it is handed the entry `id`. */
export function readAfter(stream: Stream, group: Group, id: StreamId): number | bigint {
  if (group.entriesRead !== UNKNOWN && !hasTombstoneFrom(stream, id)) return subtract(group.entriesRead, -1)
  return stream.added === 0 ? group.entriesRead : distance(stream, id)
}

/** How many entries were added up to `id`; UNKNOWN where the counters do not tell. */
export function distance(stream: Stream, id: StreamId): number | bigint {
  const { added, length, lastId, firstId, deletedId } = stream
  if (added === 0) return 0
  const toLast = id.compare(lastId)
  if (length === 0 && toLast <= 0) return added
  if (toLast === 0) return added
  if (toLast > 0) return UNKNOWN
  if (deletedId.isLeast || deletedId.compare(firstId) < 0) {
    const toFirst = id.compare(firstId)
    if (toFirst < 0) return subtract(added, length)
    if (toFirst === 0) return subtract(added, length - 1)
  }
  return UNKNOWN
}

/** Whether an entry at `id` or behind it may have been deleted. */
function hasTombstoneFrom({ length, firstId, deletedId }: Stream, id: StreamId): boolean {
  if (length === 0 || deletedId.isLeast || firstId.compare(deletedId) > 0) return false
  return id.compare(deletedId) <= 0
}

function subtract(from: number | bigint, by: number | bigint): number | bigint {
  if (typeof from === 'number' && typeof by === 'number') return from - by
  const difference = BigInt.asIntN(64, BigInt(from) - BigInt(by))
  return Number.isSafeInteger(Number(difference)) ? Number(difference) : difference
}
