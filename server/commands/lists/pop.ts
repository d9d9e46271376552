/** Taking elements away from the ends of lists, of the first that has any, and waiting until one has. */

import { Type } from '../../data/entry.js'
import { type Command, type CommandFlag, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { wrongArity } from '../../resp/errors.js'
import { firstOf, readTimeout, takeOrWait } from '../blocking.js'
import { keysAndTimeout, manyKeys, oneKey, someOfThem } from '../popping-arguments.js'
import { type End, end, popMany, popOne } from './end.js'

export const lPop = popping(
  'LPOP',
  'LEFT',
  'Takes away the first element of a list, or some of them, and returns it.',
)
export const rPop = popping(
  'RPOP',
  'RIGHT',
  'Takes away the last element of a list, or some of them, and returns it.',
)
export const blPop = blockingPop(
  'BLPOP',
  'LEFT',
  'As LPOP on the first list that has elements; waits for one.',
)
export const brPop = blockingPop(
  'BRPOP',
  'RIGHT',
  'As RPOP on the first list that has elements; waits for one.',
)

const MANY_FLAGS: readonly CommandFlag[] = ['write']
const MANY_COMPLEXITY =
  'O(N+M) where N is the number of provided keys and M is the number of elements returned.'

export const lmPop = command('LMPOP', {
  does: 'Takes away elements of the first list that has any.',
  since: '7.0.0',
  group: 'list',
  complexity: MANY_COMPLEXITY,
  flags: MANY_FLAGS,
  args: { key: manyKeys, where: end(), options: someOfThem },
  run(ctx, { key: keys, where, options: { count } }) {
    const found = firstOf(ctx, Type.list, keys)
    if (found === null) ctx.reply.nullArray()
    else popSome(ctx, found.key, found.ref, where, count ?? 1)
  },
})

export const blmPop = command('BLMPOP', {
  does: 'As LMPOP; waits until one of the lists has elements.',
  since: '7.0.0',
  group: 'list',
  complexity: MANY_COMPLEXITY,
  flags: [...MANY_FLAGS, 'blocking'],
  args: { timeout: bytes(), key: manyKeys, where: end(), options: someOfThem },
  run(ctx, { timeout, key: keys, where, options: { count } }) {
    takeOrWait(ctx, {
      type: Type.list,
      keys,
      timeoutMs: readTimeout(timeout),
      take: (key, ref) => popSome(ctx, key, ref, where, count ?? 1),
      none: 'nullArray',
    })
  },
})

function popping(name: string, at: End, does: string): Command {
  return command(name, {
    does,
    since: '1.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of elements returned',
    flags: ['write', 'fast'],
    args: oneKey,
    hot(ctx) {
      const key = ctx.word(1)
      if (ctx.count > 3) throw wrongArity(name.toLowerCase())
      if (ctx.count === 3) return false
      popOrNull(ctx, key, ctx.db.writeTyped(key, Type.list), at)
      return true
    },
    run(ctx, { key, count }) {
      const ref = ctx.db.writeTyped(key, Type.list)
      if (count === null) popOrNull(ctx, key, ref, at)
      else if (ref === 0) ctx.reply.nullArray()
      else popMany(ctx, key, ref, at, count)
    },
  })
}

function blockingPop(name: string, at: End, does: string): Command {
  return command(name, {
    does,
    since: '2.0.0',
    group: 'list',
    complexity: 'O(N) where N is the number of provided keys.',
    flags: ['write', 'blocking'],
    args: keysAndTimeout,
    run(ctx, { key: keys, timeout }) {
      takeOrWait(ctx, {
        type: Type.list,
        keys,
        timeoutMs: readTimeout(timeout),
        take: (key, ref) => popWithKey(ctx, key, ref, at),
        none: 'nullArray',
      })
    },
  })
}

function popOrNull(ctx: Context, key: Span, ref: number, at: End): void {
  if (ref === 0) ctx.reply.null()
  else popOne(ctx, key, ref, at)
}

/** Replicas need not wait: they are told the pop alone. */
function popWithKey(ctx: Context, key: Span, ref: number, at: End): void {
  ctx.reply.array(2)
  ctx.reply.bulk(key)
  popOne(ctx, key, ref, at)
  ctx.propagateAs(popOf(at), key)
}

function popSome(ctx: Context, key: Span, ref: number, at: End, count: number): void {
  ctx.reply.array(2)
  ctx.reply.bulk(key)
  const taken = popMany(ctx, key, ref, at, count)
  ctx.propagateAs(popOf(at), key, taken)
}

function popOf(at: End): string {
  return at === 'LEFT' ? 'LPOP' : 'RPOP'
}
