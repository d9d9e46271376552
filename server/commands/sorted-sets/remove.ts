/** Removing members: by name, and by ranges of rank, score and name. */

import { type Bounds, select } from '../../data/zset/bounds.js'
import { Type } from '../../data/entry.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, row } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { readLexBounds, readRankBounds, readScoreBounds } from './read-bounds.js'
import { tell, tellGone, tellRemoved } from './tell.js'

export const zRem = command('ZREM', {
  does: 'Removes members from a sorted set.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity:
    'O(M*log(N)) with N being the number of elements in the sorted set and M the number of elements to be removed.',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'delete'), member: row(bytes()) },
  hot(ctx) {
    removeMembers(ctx, ctx.word(1))
    return true
  },
  run(ctx, { key }) {
    removeMembers(ctx, key)
  },
})

/** Removes the members that stand behind the key. */
function removeMembers(ctx: Context, key: Span): void {
  const { sortedSets } = ctx.keyspace
  const ref = ctx.db.writeTyped(key, Type.zset)
  let removed = 0
  for (let at = 2; at < ctx.count && ref !== 0 && sortedSets.size(ref) > 0; at++) {
    if (Number.isNaN(sortedSets.seek(ref, ctx.word(at)))) continue
    sortedSets.remove()
    removed++
  }
  tellRemoved(ctx, key, ref, removed, 'zrem')
  ctx.reply.int(removed)
}

export const zRemRangeByRank = removing(
  'ZREMRANGEBYRANK',
  '2.0.0',
  'Removes the members of a range of ranks.',
  readRankBounds,
)
export const zRemRangeByScore = removing(
  'ZREMRANGEBYSCORE',
  '1.2.0',
  'Removes the members whose scores lie within bounds.',
  readScoreBounds,
)
export const zRemRangeByLex = removing(
  'ZREMRANGEBYLEX',
  '2.8.9',
  'Removes the members that lie within bounds, where all have the same score.',
  readLexBounds,
)

function removing(
  name: string,
  since: string,
  does: string,
  read: (min: Span, max: Span) => Bounds,
): Command {
  return command(name, {
    does,
    since,
    group: 'sorted-set',
    complexity:
      'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements removed by the operation.',
    flags: ['write'],
    args: { key: key('RW', 'delete'), min: bytes(), max: bytes() },
    run(ctx, { key, min, max }) {
      const { sortedSets } = ctx.keyspace
      const bounds = read(min, max)
      const ref = ctx.db.writeTyped(key, Type.zset)
      const { rank, count } = ref === 0 ? NONE : select(sortedSets, ref, bounds)
      const event = name.toLowerCase()
      // All of them die as any big value does: in slices.
      if (count > 0 && count === sortedSets.size(ref)) tellGone(ctx, key, count, event)
      else if (count > 0) {
        sortedSets.removeRange(ref, rank, count)
        tell(ctx, key, count, event)
      }
      ctx.reply.int(count)
    },
  })
}

const NONE = { rank: 0, count: 0 }
