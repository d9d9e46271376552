/** Giving members their scores: ZADD and ZINCRBY. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import {
  type Argument,
  bytes,
  choice,
  double,
  flag,
  group,
  key,
  nothing,
  options,
  readDouble,
  repeated,
  rest,
  type Words,
} from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { parseDouble } from '../../lib/double.js'
import { SCORE_NAN, SYNTAX, ZADD_CONDITIONS, ZADD_INCR_PAIRS, ZADD_NX_XX } from '../../resp/errors.js'
import { isDue } from '../strings/lifetime.js'

/** When a score is to be changed, and what is answered. */
export interface AddOptions {
  nx: boolean
  xx: boolean
  gt: boolean
  lt: boolean
  ch: boolean
  incr: boolean
}

const PLAIN: Readonly<AddOptions> = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false }

export const zAdd = command('ZADD', {
  does: 'Adds members with their scores to a sorted set, or changes the scores of those that are there.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(log(N)) for each item added, where N is the number of elements in the sorted set.',
  flags: ['write', 'denyoom', 'fast'],
  args: {
    key: key('RW', 'update'),
    options: addOptions(),
    data: { ...rest(2), doc: repeated(group({ score: double(), member: bytes() })).doc },
  },
  hot: addOne,
  run(ctx, { key, options, data }) {
    addAll(ctx, key, options, data.at)
  },
})

export const zIncrBy = command('ZINCRBY', {
  does: 'Adds to the score of a member, which has none (0) if it is not there. Returns the new score.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: 'O(log(N)) where N is the number of elements in the sorted set.',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), increment: double(), member: bytes() },
  run(ctx, { key, increment, member }) {
    const changed = put(ctx, toFill(ctx, key), member, increment, INCREMENT, ctx.keyspace.sortedSets)
    tell(ctx, key, changed === KEPT ? 0 : 1, 'zincr')
    ctx.reply.double(ctx.keyspace.sortedSets.seek(ctx.db.find(key), member))
  },
})

/** The options stand before the pairs and end where a word is none: it is a score then. */
function addOptions(): Argument<AddOptions> {
  const described = options({
    condition: choice({ NX: nothing(), XX: nothing() }),
    comparison: choice({ GT: nothing(), LT: nothing() }),
    change: flag('CH'),
    increment: flag('INCR'),
  })
  return { ...described, parse: readOptions }
}
