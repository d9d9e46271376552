/** Members in order: ZRANGE, what came before it, and ZRANGESTORE. */

import { type Selection, select } from '../../data/zset/bounds.js'
import { Type } from '../../data/entry.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key } from '../../engine/grammar.js'
import { parseInteger } from '../../lib/integer.js'
import { type RangeForm, rangeOptions, readBounds } from './range-options.js'
import { replySelection } from './reply.js'
import { Result } from './result.js'

const COMPLEXITY =
  'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements returned.'

export const zRange = ranging(
  'ZRANGE',
  '1.2.0',
  'Returns the members of a range, by rank, score or name.',
  {},
)
export const zRevRange = ranging(
  'ZREVRANGE',
  '1.2.0',
  'Returns the members of a range of ranks, from the highest score down.',
  {
    by: 'rank',
    reverse: true,
  },
  '`ZRANGE` with the `REV` argument',
)
export const zRangeByScore = ranging(
  'ZRANGEBYSCORE',
  '1.0.5',
  'Returns the members whose scores lie within bounds.',
  {
    by: 'score',
    reverse: false,
  },
  '`ZRANGE` with the `BYSCORE` argument',
)
export const zRevRangeByScore = ranging(
  'ZREVRANGEBYSCORE',
  '2.2.0',
  'Returns the members whose scores lie within bounds, from the highest score down.',
  { by: 'score', reverse: true },
  '`ZRANGE` with the `REV` and `BYSCORE` arguments',
)
export const zRangeByLex = ranging(
  'ZRANGEBYLEX',
  '2.8.9',
  'Returns the members that lie within bounds, where all have the same score.',
  { by: 'lex', reverse: false },
  '`ZRANGE` with the `BYLEX` argument',
)
export const zRevRangeByLex = ranging(
  'ZREVRANGEBYLEX',
  '2.8.9',
  'Returns the members that lie within bounds, where all have the same score, the last first.',
  { by: 'lex', reverse: true },
  '`ZRANGE` with the `REV` and `BYLEX` arguments',
)

export const zRangeStore = command('ZRANGESTORE', {
  does: 'Stores the members of a range, by rank, score or name, as a sorted set.',
  since: '6.2.0',
  group: 'sorted-set',
  complexity:
    'O(log(N)+M) with N being the number of elements in the sorted set and M the number of elements stored into the destination key.',
  flags: ['write', 'denyoom'],
  args: {
    dst: key('OW', 'update'),
    src: key('RO', 'access'),
    min: bytes(),
    max: bytes(),
    options: rangeOptions({ stored: true }),
  },
  run(ctx, { dst, src, min, max, options }) {
    const bounds = readBounds(min, max, options)
    const { sortedSets } = ctx.keyspace
    const ref = ctx.db.readTyped(src, Type.zset)
    const result = Result.begin(ctx, dst)
    if (ref !== 0) fill(ctx, result, ref, select(sortedSets, ref, bounds, options.reverse, options.limit))
    result.store('zrangestore')
  },
})

/** `replacement`: what has taken the command's place. */
function ranging(name: string, since: string, does: string, form: RangeForm, replacement?: string): Command {
  return command(name, {
    does,
    since,
    group: 'sorted-set',
    complexity: COMPLEXITY,
    ...(replacement === undefined ? {} : { deprecated: { since: '6.2.0', by: replacement } }),
    flags: ['readonly'],
    args: { key: key('RO', 'access'), start: bytes(), stop: bytes(), options: rangeOptions(form) },
    ...(form.by === undefined || form.by === 'rank'
      ? { hot: ctx => rangeOfRanks(ctx, form.reverse ?? false) }
      : {}),
    run(ctx, { key, start, stop, options }) {
      const bounds = readBounds(start, stop, options)
      const ref = ctx.db.readTyped(key, Type.zset)
      if (ref === 0) {
        ctx.reply.array(0)
        return
      }
      const selection = select(ctx.keyspace.sortedSets, ref, bounds, options.reverse, options.limit)
      replySelection(ctx, ref, selection, options.withScores)
    },
  })
}

/** The plain form: two ranks. Anything else is left to the grammar. */
function rangeOfRanks(ctx: Context, reverse: boolean): boolean {
  const start = ctx.count === 4 ? parseInteger(ctx.word(2)) : NaN
  const stop = ctx.count === 4 ? parseInteger(ctx.word(3)) : NaN
  if (Number.isNaN(start) || Number.isNaN(stop)) return false
  const ref = ctx.db.readTyped(ctx.word(1), Type.zset)
  if (ref === 0) ctx.reply.array(0)
  else
    replySelection(
      ctx,
      ref,
      select(ctx.keyspace.sortedSets, ref, { by: 'rank', start, stop }, reverse),
      false,
    )
  return true
}

function fill(ctx: Context, result: Result, ref: number, { rank, count, reverse }: Selection): void {
  const cursor = ctx.keyspace.sortedSets.cursorAt(ref, rank)
  for (let left = count; cursor !== null && left > 0; left--) {
    result.put(cursor.member(), cursor.score)
    if (reverse) cursor.previous()
    else cursor.next()
  }
}
