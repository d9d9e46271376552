/** Giving members their scores: ZADD and ZINCRBY. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { type Argument, bytes, double, group, key, readDouble, repeated, rest } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { parseDouble } from '../../lib/double.js'
import { SCORE_NAN, SYNTAX, ZADD_CONDITIONS, ZADD_INCR_PAIRS, ZADD_NX_XX } from '../../resp/errors.js'
import { type AddOptions, NO_OPTIONS, addOptions, admits, isAddOption } from './add-options.js'
import { tell } from './tell.js'

const COMPLEXITY = 'O(log(N)) for each item added, where N is the number of elements in the sorted set.'

const PAIRS = repeated(group({ score: double(), member: bytes() }))

export const zAdd = command('ZADD', {
  does: 'Adds members with their scores to a sorted set, or changes the scores of those that are there.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom', 'fast'],
  args: {
    key: key('RW', 'update'),
    options: addOptions(),
    data: { ...rest(2), doc: name => PAIRS.doc(name) },
  },
  hot: addOne,
  run(ctx, { key, options, data }) {
    const words = ctx.count - data.at
    if (words === 0 || words % 2 !== 0) throw SYNTAX
    check(options, words / 2)
    const scores = readScores(ctx, data.at)
    if (options.incr) replyScore(ctx, increment(ctx, key, ctx.word(data.at + 1), scores[0], options))
    else addAll(ctx, key, scores, index => ctx.word(data.at + 2 * index + 1), options)
  },
})

export const zIncrBy = command('ZINCRBY', {
  does: 'Adds to the score of a member; one that is not there has none yet. Returns the new score.',
  since: '1.2.0',
  group: 'sorted-set',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'access', 'update'), increment: incrementWord(), member: bytes() },
  hot(ctx) {
    const by = parseDouble(ctx.word(2))
    if (Number.isNaN(by)) return false
    replyScore(ctx, increment(ctx, ctx.word(1), ctx.word(3), by, NO_OPTIONS))
    return true
  },
  run(ctx, { key, increment: by, member }) {
    replyScore(ctx, increment(ctx, key, member, by, NO_OPTIONS))
  },
})

/** Redis reads ZINCRBY as it reads ZADD: where a word is an option, a pair is broken. */
function incrementWord(): Argument<number> {
  const number = double()
  return {
    ...number,
    parse: words => {
      if (isAddOption(words.request.word(words.at))) throw SYNTAX
      return number.parse(words)
    },
  }
}

/** The plain form: one pair. Anything else is left to the grammar. */
function addOne(ctx: Context): boolean {
  const key = ctx.word(1)
  const score = ctx.count === 4 ? parseDouble(ctx.word(2)) : NaN
  if (Number.isNaN(score)) return false
  const { sortedSets } = ctx.keyspace
  const was = sortedSets.seek(ctx.db.writeOrAdd(key, Type.zset), ctx.word(3))
  if (was !== score) {
    sortedSets.put(score)
    ctx.db.changed(key, Event.zset, 'zadd')
  }
  ctx.reply.int(Number.isNaN(was) ? 1 : 0)
  return true
}

function check({ nx, xx, gt, lt, incr }: AddOptions, pairs: number): void {
  if (nx && xx) throw ZADD_NX_XX
  if ((nx && (gt || lt)) || (gt && lt)) throw ZADD_CONDITIONS
  if (incr && pairs > 1) throw ZADD_INCR_PAIRS
}

/** All scores are read before the first is given: a bad one leaves everything as it is. */
function readScores(ctx: Context, first: number): number[] {
  const scores: number[] = []
  for (let at = first; at < ctx.count; at += 2) scores.push(readDouble(ctx.word(at)))
  return scores
}

/** Gives members their scores, as far as the options allow, and replies how many are new. Answers how many changed. */
export function addAll(
  ctx: Context,
  key: Span,
  scores: readonly number[],
  memberAt: (index: number) => Span,
  options: Readonly<AddOptions>,
): number {
  const { sortedSets } = ctx.keyspace
  const present = ctx.db.writeTyped(key, Type.zset)
  let added = 0
  let updated = 0
  if (present !== 0 || !options.xx) {
    const ref = present === 0 ? ctx.db.add(key, Type.zset, 0) : present
    scores.forEach((score, index) => {
      const was = sortedSets.seek(ref, memberAt(index))
      if (was === score || !admits(options, was, score)) return
      sortedSets.put(score)
      if (Number.isNaN(was)) added++
      else updated++
    })
  }
  tell(ctx, key, added + updated, 'zadd')
  ctx.reply.int(options.ch ? added + updated : added)
  return added + updated
}

/** The new score, or null when the options forbid it. */
function increment(
  ctx: Context,
  key: Span,
  member: Span,
  by: number,
  options: Readonly<AddOptions>,
): number | null {
  const { sortedSets } = ctx.keyspace
  const present = ctx.db.writeTyped(key, Type.zset)
  const was = present === 0 ? NaN : sortedSets.seek(present, member)
  const to = Number.isNaN(was) ? by : was + by
  if (Number.isNaN(to) && admits({ ...options, gt: false, lt: false }, was, to)) throw SCORE_NAN
  if (!admits(options, was, to)) return null
  if (was === to) return to
  if (present === 0) sortedSets.seek(ctx.db.writeOrAdd(key, Type.zset), member)
  sortedSets.put(to)
  tell(ctx, key, 1, 'zincr')
  return to
}

function replyScore(ctx: Context, score: number | null): void {
  if (score === null) ctx.reply.null()
  else ctx.reply.double(score)
}
