/** What groups still want with an entry. */

import type { Stream } from './stream.js'
import type { StreamId } from './stream-id.js'

/** True while some group has not read the entry, or not answered for it; without groups nobody wants anything. */
export function isReferenced(stream: Stream, id: StreamId): boolean {
  for (let i = 0; i < stream.groupCount; i++) {
    const group = stream.groupAt(i)
    if (group.lastId.compare(id) < 0 || group.pending.find(id)) return true
  }
  return false
}

/** Nobody has to answer for the entry any more; true when somebody had to. */
export function dropReferences(stream: Stream, id: StreamId): boolean {
  let dropped = false
  for (let i = 0; i < stream.groupCount; i++) dropped = stream.groupAt(i).acknowledge(id) || dropped
  return dropped
}
