/** Asking for scores, ranks and counts. */

import { countWithin } from '../../data/zset/bounds.js'
import { Type } from '../../data/entry.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, flag, key, options, row } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { readLexBounds, readScoreBounds } from './read-bounds.js'
import { wrongArity } from '../../resp/errors.js'

export const zScore = command('ZSCORE', {
  does: 'Returns the score of a member.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access'), member: bytes() },
  hot(ctx) {
    replyScore(ctx, ctx.word(1), ctx.word(2))
    return true
  },
  run(ctx, { key, member }) {
    replyScore(ctx, key, member)
  },
})

export const zMScore = command('ZMSCORE', {
  does: 'Returns the scores of some members.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity: 'O(N) where N is the number of members being requested.',
  flags: ['readonly', 'fast'],
  args: { key: key('RO', 'access'), member: row(bytes()) },
  run({ db, reply, keyspace }, { key, member: members }) {
    const ref = db.readTyped(key, Type.zset)
    reply.array(members.length)
    for (const member of members) {
      const score = ref === 0 ? NaN : keyspace.sortedSets.seek(ref, member)
      if (Number.isNaN(score)) reply.null()
      else reply.double(score)
    }
  },
})

export const zCard = command('ZCARD', {
  does: 'Counts the members of a sorted set.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO') },
  run({ db, reply, keyspace }, { key }) {
    const ref = db.readTyped(key, Type.zset)
    reply.int(ref === 0 ? 0 : keyspace.sortedSets.size(ref))
  },
})

export const zCount = counting(
  'ZCOUNT',
  '2.0.0',
  'Counts the members whose scores lie within bounds.',
  readScoreBounds,
)
export const zLexCount = counting(
  'ZLEXCOUNT',
  '2.8.9',
  'Counts the members that lie within bounds, where all have the same score.',
  readLexBounds,
)

function counting(
  name: string,
  since: string,
  does: string,
  read: typeof readScoreBounds | typeof readLexBounds,
): Command {
  return command(name, {
    does,
    since,
    group: 'sorted-set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: ['readonly', 'fast'],
    args: { key: key('RO', 'access'), min: bytes(), max: bytes() },
    run({ db, reply, keyspace }, { key, min, max }) {
      const bounds = read(min, max)
      const ref = db.readTyped(key, Type.zset)
      reply.int(ref === 0 ? 0 : countWithin(keyspace.sortedSets, ref, bounds))
    },
  })
}

export const zRank = ranking(
  'ZRANK',
  '2.0.0',
  'Returns how many members come before one, from the lowest score.',
)
export const zRevRank = ranking(
  'ZREVRANK',
  '2.0.0',
  'Returns how many members come before one, from the highest score.',
)

function ranking(name: string, since: string, does: string): Command {
  const reverse = name === 'ZREVRANK'
  return command(name, {
    does,
    since,
    group: 'sorted-set',
    complexity: 'O(log(N))',
    flags: ['readonly', 'fast'],
    args: { key: key('RO', 'access'), member: bytes(), options: options({ withScore: flag('WITHSCORE') }) },
    hot(ctx) {
      if (ctx.count !== 3) return false
      replyRank(ctx, ctx.word(1), ctx.word(2), reverse, false)
      return true
    },
    run(ctx, { key, member, options: { withScore } }) {
      if (ctx.count > 4) throw wrongArity(name.toLowerCase())
      replyRank(ctx, key, member, reverse, withScore)
    },
  })
}

function replyScore({ db, reply, keyspace }: Context, key: Span, member: Span): void {
  const ref = db.readTyped(key, Type.zset)
  const score = ref === 0 ? NaN : keyspace.sortedSets.seek(ref, member)
  if (Number.isNaN(score)) reply.null()
  else reply.double(score)
}

function replyRank(
  { db, reply, keyspace }: Context,
  key: Span,
  member: Span,
  reverse: boolean,
  withScore: boolean,
): void {
  const { sortedSets } = keyspace
  const ref = db.readTyped(key, Type.zset)
  const score = ref === 0 ? NaN : sortedSets.seek(ref, member)
  if (Number.isNaN(score)) {
    if (withScore) reply.nullArray()
    else reply.null()
    return
  }
  const rank = sortedSets.rank()
  if (withScore) reply.array(2)
  reply.int(reverse ? sortedSets.size(ref) - 1 - rank : rank)
  if (withScore) reply.double(score)
}
