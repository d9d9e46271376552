/**
 * Trimming: the oldest entries go until there are no more than so many, or none before some id.
 *
 * Whole nodes go at once. An approximate trim does nothing else, which is why it is cheap; an exact one marks entries
 * of one more node deleted. Entries that consumers still have to answer for go too, unless asked otherwise.
 */

import type { Stream } from './stream.js'
import { dropReferences, isReferenced } from './references.js'
import { StreamId } from './stream-id.js'

/** What becomes of the references that groups hold to what is deleted; ACKED: it is not deleted while there are any. */
export type References = 'KEEPREF' | 'DELREF' | 'ACKED'

export interface Trim {
  /** Entries to keep at most; Infinity when `minId` rules. */
  readonly maxLength: number
  /** The id before which entries go, or null. */
  readonly minId: StreamId | null
  readonly approximate: boolean
  /** Entries to go at most; 0 for no limit. */
  readonly limit: number
  readonly references: References
}

/** Answers how many entries went. */
export function trim(stream: Stream, rule: Trim): number {
  const gone = rule.references === 'KEEPREF' ? trimNodes(stream, rule) : trimEntries(stream, rule)
  if (gone > 0) stream.noteFirst()
  return gone
}

function trimNodes(stream: Stream, rule: Trim): number {
  const { nodes } = stream
  let gone = 0
  let more = nodes.table.first()
  while (more && !isShortEnough(stream, rule)) {
    const { count } = nodes.readHead()
    if (rule.limit > 0 && gone + count > rule.limit) break
    if (!mayGo(stream, rule, count)) {
      if (!rule.approximate) gone += trimWithin(stream, rule)
      break
    }
    more = nodes.dropNode()
    stream.length -= count
    gone += count
  }
  return gone
}

function isShortEnough(stream: Stream, rule: Trim): boolean {
  return rule.minId === null && stream.length <= rule.maxLength
}

/** Whether all of the first node goes. */
function mayGo(stream: Stream, rule: Trim, count: number): boolean {
  if (rule.minId === null) return stream.length - count >= rule.maxLength
  return stream.nodes.lastIdAtPlace().compare(rule.minId) < 0
}

/** Marks the entries of the first node deleted that have to go. */
function trimWithin(stream: Stream, rule: Trim): number {
  const { nodes } = stream
  const head = nodes.readHead()
  const { count, deleted } = head
  const surplus = rule.minId === null ? stream.length - rule.maxLength : Infinity
  const gone = nodes.flagFirst(surplus, rule.minId)
  if (gone > 0) nodes.setCounts(count - gone, deleted + gone)
  stream.length -= gone
  return gone
}

/** Entry by entry, as their references want it. */
function trimEntries(stream: Stream, rule: Trim): number {
  const ids = surplusIds(stream, rule)
  let gone = 0
  for (const id of ids) {
    const { deletedId } = stream
    const before = deletedId.clone()
    stream.delete(id)
    stream.setDeletedId(before)
    if (rule.references === 'DELREF') dropReferences(stream, id)
    gone++
  }
  return gone
}

function surplusIds(stream: Stream, rule: Trim): StreamId[] {
  const ids: StreamId[] = []
  const most = rule.minId === null ? stream.length - rule.maxLength : Infinity
  const end = rule.minId?.clone() ?? StreamId.greatest()
  if (rule.minId !== null && !end.decrement()) return ids
  const cursor = stream.range(StreamId.least(), end)
  const limit = rule.limit > 0 ? Math.min(most, rule.limit) : most
  while (ids.length < limit && cursor.next()) {
    if (rule.references === 'DELREF' || !isReferenced(stream, cursor.id)) ids.push(cursor.id.clone())
  }
  return rule.approximate ? wholeNodes(stream, ids) : ids
}

/** The longest row of first ids that fills whole nodes. */
function wholeNodes(stream: Stream, ids: StreamId[]): StreamId[] {
  const { nodes } = stream
  let kept = 0
  let sum = 0
  for (let more = nodes.table.first(); more; more = nodes.table.next()) {
    sum += nodes.readHead().count
    if (sum > ids.length) break
    kept = sum
  }
  return ids.slice(0, kept)
}
