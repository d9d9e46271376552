/** Members in replies. */

import type { Selection } from '../../data/zset/bounds.js'
import type { Context } from '../../engine/context.js'
import type { Span } from '../../lib/bytes.js'
import type { ReplyWriter } from '../../resp/reply.js'

/** The members of a selection; with their scores as pairs in RESP3, in one flat array in RESP2. */
export function replySelection(ctx: Context, ref: number, selection: Selection, withScores: boolean): void {
  const { reply, keyspace } = ctx
  const { rank, count, reverse } = selection
  openPairs(ctx, count, withScores)
  if (count === 0) return
  if (!withScores) {
    keyspace.sortedSets.writeMembers(ref, rank, count, reverse, reply)
    return
  }
  replyPairs(ctx, ref, selection, reply.protocol > 2)
}

/** The members of a selection with their scores; `nested`: as pairs. */
export function replyPairs(
  { reply, keyspace }: Context,
  ref: number,
  { rank, count, reverse }: Selection,
  nested: boolean,
): void {
  const cursor = keyspace.sortedSets.cursorAt(ref, rank)
  if (cursor === null) return
  for (let left = count; left > 0 && !reply.unheard; left--) {
    replyPair(reply, cursor.member(), cursor.score, nested)
    if (reverse) cursor.previous()
    else cursor.next()
  }
}

/** Begins an array of so many members, or of members with their scores. */
export function openPairs({ reply }: Context, count: number, withScores: boolean): void {
  reply.array(withScores && reply.protocol === 2 ? 2 * count : count)
}

/** A member with its score; `nested`: as a pair. */
export function replyPair(reply: ReplyWriter, member: Span, score: number, nested: boolean): void {
  if (nested) reply.array(2)
  reply.bulk(member)
  reply.double(score)
}
