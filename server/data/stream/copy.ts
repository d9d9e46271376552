/** A copy of a stream, groups and all. */

import { offsetOf } from '../../memory/arena.js'
import type { Group } from './groups.js'
import type { Stream } from './stream.js'
import { StreamId } from './stream-id.js'

/** Fills the empty stream `to` with what `from` holds, and answers it. */
export function copyStream(from: Stream, to: Stream): Stream {
  const id = new StreamId()
  const { nodes } = from
  for (let more = nodes.table.first(); more; more = nodes.table.next()) {
    const ref = nodes.block
    to.nodes.adopt(nodes.table.id(id), from.arena.mem(ref), offsetOf(ref), nodes.bytes)
  }
  to.length = from.length
  to.added = from.added
  to.setLastId(from.lastId)
  to.setFirstId(from.firstId)
  to.setDeletedId(from.deletedId)
  for (let i = 0; i < from.groupCount; i++) {
    const group = from.groupAt(i)
    copyGroup(group, to.addGroup(group.name, group.lastId, group.entriesRead))
  }
  return to
}

function copyGroup(from: Group, to: Group): void {
  for (let i = 0; i < from.consumerCount; i++) {
    const consumer = from.consumerAt(i)
    const [seen, active] = consumer.times
    to.addConsumer(consumer.name, seen).activeMs = active
  }
  const id = new StreamId()
  const { pending } = from
  for (let more = pending.first(); more; more = pending.next()) {
    const owner = from.pendingOwner
    to.addPending(pending.id(id), from.deliveredMs, from.deliveries)
    to.giveTo(owner === null ? null : to.findConsumer(owner.name))
  }
}
