/** Taking away the members with the lowest or the highest scores, of the first sorted set that has any. */

import { Type } from '../../data/entry.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, oneOf } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { firstOf, readTimeout, takeOrWait } from '../blocking.js'
import { keysAndTimeout, manyKeys, oneKey, someOfThem } from '../popping-arguments.js'
import { replyPair, replyPairs } from './reply.js'
import { tell, tellGone, tellRemoved } from './tell.js'

type End = 'MIN' | 'MAX'

const COMPLEXITY =
  'O(log(N)*M) with N being the number of elements in the sorted set, and M being the number of elements popped.'
const MANY_COMPLEXITY = `O(K) + ${COMPLEXITY} K being the number of provided keys.`

export const zPopMin = popping(
  'ZPOPMIN',
  'MIN',
  'Takes away the members with the lowest scores and returns them.',
)
export const zPopMax = popping(
  'ZPOPMAX',
  'MAX',
  'Takes away the members with the highest scores and returns them.',
)
export const bzPopMin = blockingPop(
  'BZPOPMIN',
  'MIN',
  'As ZPOPMIN on the first sorted set that has members; waits for one.',
)
export const bzPopMax = blockingPop(
  'BZPOPMAX',
  'MAX',
  'As ZPOPMAX on the first sorted set that has members; waits for one.',
)

const where = oneOf(['MIN', 'MAX'])

export const zmPop = command('ZMPOP', {
  does: 'Takes away members of the first sorted set that has any.',
  since: '7.0.0',
  group: 'sorted-set',
  complexity: MANY_COMPLEXITY,
  flags: ['write', 'movablekeys'],
  args: { key: manyKeys, where, options: someOfThem },
  run(ctx, { key: keys, where: end, options: { count } }) {
    const found = firstOf(ctx, Type.zset, keys)
    if (found === null) ctx.reply.nullArray()
    else popSome(ctx, found.key, found.ref, end, count ?? 1)
  },
})

export const bzmPop = command('BZMPOP', {
  does: 'As ZMPOP; waits until one of the sorted sets has members.',
  since: '7.0.0',
  group: 'sorted-set',
  complexity: MANY_COMPLEXITY,
  flags: ['write', 'blocking', 'movablekeys'],
  args: { timeout: bytes(), key: manyKeys, where, options: someOfThem },
  run(ctx, { timeout, key: keys, where: end, options: { count } }) {
    takeOrWait(ctx, {
      type: Type.zset,
      keys,
      timeoutMs: readTimeout(timeout),
      take: (key, ref) => popSome(ctx, key, ref, end, count ?? 1),
      none: 'nullArray',
    })
  },
})

function popping(name: string, end: End, does: string): Command {
  return command(name, {
    does,
    since: '5.0.0',
    group: 'sorted-set',
    complexity: COMPLEXITY,
    flags: ['write', 'fast'],
    args: oneKey,
    hot(ctx) {
      const key = ctx.word(1)
      if (ctx.count !== 2) return false
      popPlain(ctx, key, end, 1, false)
      return true
    },
    run(ctx, { key, count }) {
      popPlain(ctx, key, end, count ?? 1, count !== null && ctx.reply.protocol > 2)
    },
  })
}

function blockingPop(name: string, end: End, does: string): Command {
  return command(name, {
    does,
    since: '5.0.0',
    group: 'sorted-set',
    complexity: 'O(log(N)) with N being the number of elements in the sorted set.',
    flags: ['write', 'blocking', 'fast'],
    args: keysAndTimeout,
    run(ctx, { key: keys, timeout }) {
      takeOrWait(ctx, {
        type: Type.zset,
        keys,
        timeoutMs: readTimeout(timeout),
        take: (key, ref) => popWithKey(ctx, key, ref, end),
        none: 'nullArray',
      })
    },
  })
}

function popPlain(ctx: Context, key: Span, end: End, count: number, nested: boolean): void {
  const { db, reply, keyspace } = ctx
  const ref = db.writeTyped(key, Type.zset)
  const taken = ref === 0 ? 0 : Math.min(count, keyspace.sortedSets.size(ref))
  reply.array(nested ? taken : 2 * taken)
  if (taken > 0) take(ctx, key, ref, end, taken, nested)
}

/** Replicas need not wait: they are told the pop alone. */
function popWithKey(ctx: Context, key: Span, ref: number, end: End): void {
  ctx.reply.array(3)
  ctx.reply.bulk(key)
  take(ctx, key, ref, end, 1, false)
  ctx.propagateAs(`ZPOP${end}`, key)
}

function popSome(ctx: Context, key: Span, ref: number, end: End, count: number): void {
  const taken = Math.min(count, ctx.keyspace.sortedSets.size(ref))
  ctx.reply.array(2)
  ctx.reply.bulk(key)
  ctx.reply.array(taken)
  take(ctx, key, ref, end, taken, true)
  ctx.propagateAs(`ZPOP${end}`, key, taken)
}

/** Answers the outermost members, the outermost first, and removes them. */
function take(ctx: Context, key: Span, ref: number, end: End, count: number, nested: boolean): void {
  const event = end === 'MIN' ? 'zpopmin' : 'zpopmax'
  if (count > 1) {
    takeMany(ctx, key, ref, end, count, nested, event)
    return
  }
  takeOne(ctx, ref, end, nested)
  tellRemoved(ctx, key, ref, 1, event)
}

/** Removes the member where it was read. */
function takeOne({ reply, keyspace }: Context, ref: number, end: End, nested: boolean): void {
  const { sortedSets } = keyspace
  const score = sortedSets.seekEnd(ref, end === 'MAX')
  replyPair(reply, sortedSets.endMember(), score, nested)
  sortedSets.removeEnd()
}

/** A range like any other: answered in one walk, removed leaf by leaf, and all of it goes as a whole. */
function takeMany(
  ctx: Context,
  key: Span,
  ref: number,
  end: End,
  count: number,
  nested: boolean,
  event: string,
): void {
  const { sortedSets } = ctx.keyspace
  const reverse = end === 'MAX'
  const size = sortedSets.size(ref)
  replyPairs(ctx, ref, { rank: reverse ? size - 1 : 0, count, reverse }, nested)
  if (count === size) {
    tellGone(ctx, key, count, event)
    return
  }
  sortedSets.removeRange(ref, reverse ? size - count : 0, count)
  tell(ctx, key, count, event)
}
