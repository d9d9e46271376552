/** Several strings in one step. */

import { NEVER, Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, choice, counted, group, key, nothing, options, repeated, row } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { BAD_NUMKEYS, PAIRS_MISSING } from '../../resp/errors.js'
import { replyString } from './get.js'
import { deadlineOf, deadlines } from './lifetime.js'
import { propagateStored, store, storeUntil } from './set.js'

interface Pair {
  readonly key: Span
  readonly value: Span
}

export const mGet = command('MGET', {
  does: 'Returns the strings that several keys hold, null for a key that is not there or holds something else.',
  since: '1.0.0',
  group: 'string',
  complexity: 'O(N) in the number of keys.',
  flags: ['readonly', 'fast'],
  tips: ['request_policy:multi_shard'],
  args: { keys: row(key('RO', 'access')) },
  run(ctx, { keys }) {
    const { entries } = ctx.keyspace
    ctx.reply.array(keys.length)
    for (const key of keys) {
      const ref = ctx.db.read(key)
      replyString(ctx, ref !== 0 && entries.type(ref) === Type.string ? ref : 0)
    }
  },
})

export const mSet = command('MSET', {
  does: 'Makes several keys hold strings, in one step.',
  since: '1.0.1',
  group: 'string',
  complexity: 'O(N) in the number of keys.',
  flags: ['write', 'denyoom'],
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  args: { pairs: repeated(group({ key: key('OW', 'update'), value: bytes() })) },
  hot(ctx) {
    const { count, request, db, keyspace } = ctx
    if (count % 2 === 0) return false
    for (let i = 1; i < count;) {
      const end = keyspace.readAhead.words(db.tables.keys, request, i, 2)
      for (; i < end; i += 2) store(ctx, request.word(i), request.word(i + 1))
    }
    ctx.reply.ok()
    return true
  },
  run(ctx, { pairs }) {
    storeAll(ctx, pairs)
    ctx.reply.ok()
  },
})

export const mSetNx = command('MSETNX', {
  does: 'Makes several keys hold strings if none of them is there.',
  since: '1.0.1',
  group: 'string',
  complexity: 'O(N) in the number of keys.',
  flags: ['write', 'denyoom'],
  tips: ['request_policy:multi_shard', 'response_policy:agg_min'],
  args: { pairs: repeated(group({ key: key('OW', 'insert'), value: bytes() })) },
  run(ctx, { pairs }) {
    const free = !pairs.some(({ key }) => ctx.db.write(key) !== 0)
    if (free) storeAll(ctx, pairs)
    ctx.reply.int(free ? 1 : 0)
  },
})

export const mSetEx = command('MSETEX', {
  does: 'Makes several keys hold strings for the same time, if none or if all of them are there.',
  since: '8.4.0',
  group: 'string',
  complexity: 'O(N) in the number of keys.',
  flags: ['write', 'denyoom', 'movablekeys'],
  tips: ['request_policy:multi_shard', 'response_policy:all_succeeded'],
  args: {
    pairs: counted(group({ key: key('OW', 'update'), value: bytes() }), BAD_NUMKEYS, PAIRS_MISSING),
    options: options({
      condition: choice({ NX: nothing(), XX: nothing() }),
      lifetime: choice({ ...deadlines, KEEPTTL: nothing() }),
    }),
  },
  run(ctx, { pairs, options: { condition, lifetime } }) {
    const deadline = lifetime === null || lifetime.token === 'KEEPTTL' ? null : deadlineOf(ctx, lifetime)
    const there = condition === null ? 0 : existing(ctx, pairs)
    const allowed = there === (condition?.token === 'XX' ? pairs.length : 0)
    ctx.reply.int(allowed ? 1 : 0)
    if (!allowed) return
    if (deadline !== null) for (const { key, value } of pairs) storeUntil(ctx, key, value, deadline)
    else if (lifetime !== null) for (const pair of pairs) storeKeeping(ctx, pair)
    else {
      storeAll(ctx, pairs)
      ctx.propagateList(['MSET', ...pairs.flatMap(({ key, value }) => [key, value])])
    }
  },
})

/** How many of the keys are there. */
function existing(ctx: Context, pairs: readonly Pair[]): number {
  return pairs.filter(({ key }) => ctx.db.write(key) !== 0).length
}

function storeAll(ctx: Context, pairs: readonly Pair[]): void {
  for (const { key, value } of pairs) store(ctx, key, value)
}

function storeKeeping(ctx: Context, { key, value }: Pair): void {
  const ref = ctx.db.write(key)
  store(ctx, key, value, ref === 0 ? NEVER : ctx.db.expireAt(ref))
  propagateStored(ctx, key, value, true)
}
