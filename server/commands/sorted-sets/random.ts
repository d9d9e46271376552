/** Members left to chance. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, oneOf, optional } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import type { Random } from '../../lib/random.js'
import { OUT_OF_RANGE } from '../../resp/errors.js'
import { unread } from '../generic/unread.js'
import { readSignedCount } from '../sets/random.js'
import { openPairs, replyPair, replySelection } from './reply.js'

/** With scores a reply has twice as many elements, and they must be countable. */
const PAIRS_MAX = 2 ** 62

export const zRandMember = command('ZRANDMEMBER', {
  does: 'Returns members of a sorted set, whichever chance will have.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(N*log(M)) where N is the number of members returned and M that of the sorted set.',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: { key: key('RO', 'access'), count: optional(unread()), withScores: optional(oneOf(['WITHSCORES'])) },
  run(ctx, { key, count, withScores }) {
    if (count === null) showOne(ctx, key)
    else showSome(ctx, key, readSignedCount(count), withScores !== null)
  },
})

function showOne(ctx: Context, key: Span): void {
  const { db, reply, keyspace } = ctx
  const ref = db.readTyped(key, Type.zset)
  if (ref === 0) reply.null()
  else showRank(ctx, ref, keyspace.random.below(keyspace.sortedSets.size(ref)), false)
}

/** A positive count asks for different members, a negative one for draws that may repeat. */
function showSome(ctx: Context, key: Span, count: number, withScores: boolean): void {
  const { db, reply, keyspace } = ctx
  const { sortedSets, random } = keyspace
  if (withScores && Math.abs(count) >= PAIRS_MAX) throw OUT_OF_RANGE
  const ref = db.readTyped(key, Type.zset)
  const size = ref === 0 ? 0 : sortedSets.size(ref)
  if (size === 0) {
    reply.array(0)
  } else if (count >= size) {
    replySelection(ctx, ref, { rank: 0, count: size, reverse: false }, withScores)
  } else if (count >= 0) {
    openPairs(ctx, count, withScores)
    for (const rank of distinctBelow(random, size, count)) showRank(ctx, ref, rank, withScores)
  } else {
    openPairs(ctx, -count, withScores)
    for (let left = -count; left > 0 && !reply.unheard; left--)
      showRank(ctx, ref, random.below(size), withScores)
  }
}

function showRank({ reply, keyspace }: Context, ref: number, rank: number, withScores: boolean): void {
  const cursor = keyspace.sortedSets.cursorAt(ref, rank)
  if (cursor === null) return
  if (withScores) replyPair(reply, cursor.member(), cursor.score, reply.protocol > 2)
  else reply.bulk(cursor.member())
}

/** So many different integers below `size`, every choice of them equally likely (Floyd's algorithm). */
function distinctBelow(random: Random, size: number, count: number): Iterable<number> {
  const chosen = new Set<number>()
  for (let limit = size - count + 1; limit <= size; limit++) {
    const drawn = random.below(limit)
    chosen.add(chosen.has(drawn) ? limit - 1 : drawn)
  }
  return chosen
}
