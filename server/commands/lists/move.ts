/**
 * Moving an element from one list to another, or round the same: reliable queues.
 *
 * Replicas are told the move that was made, not the waiting for it.
 */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { readTimeout, takeOrWait } from '../blocking.js'
import { type End, end, listToFill, popped, pushed, readEnd } from './end.js'

const source = key('RW', 'access', 'delete')
const destination = key('RW', 'insert')

export const lMove = command('LMOVE', {
  does: 'Moves an element from an end of one list to an end of another, and returns it.',
  since: '6.2.0',
  group: 'list',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: { source, destination, wherefrom: end(), whereto: end() },
  hot(ctx) {
    moveOrNull(ctx, ctx.word(1), ctx.word(2), readEnd(ctx.word(3)), readEnd(ctx.word(4)))
    return true
  },
  run(ctx, { source, destination, wherefrom, whereto }) {
    moveOrNull(ctx, source, destination, wherefrom, whereto)
  },
})

export const rPopLPush = command('RPOPLPUSH', {
  does: 'Moves the last element of one list before all others of another, and returns it.',
  since: '1.2.0',
  group: 'list',
  complexity: 'O(1)',
  deprecated: { since: '6.2.0', by: '`LMOVE` with the `RIGHT` and `LEFT` arguments' },
  flags: ['write', 'denyoom'],
  args: { source, destination },
  hot(ctx) {
    moveOrNull(ctx, ctx.word(1), ctx.word(2), 'RIGHT', 'LEFT')
    return true
  },
  run(ctx, { source, destination }) {
    moveOrNull(ctx, source, destination, 'RIGHT', 'LEFT')
  },
})

export const blMove = command('BLMOVE', {
  does: 'As LMOVE; waits until there is an element to move.',
  since: '6.2.0',
  group: 'list',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'blocking'],
  args: { source, destination, wherefrom: end(), whereto: end(), timeout: bytes() },
  run(ctx, { source, destination, wherefrom, whereto, timeout }) {
    const target = destination.clone()
    takeOrWait(ctx, {
      type: Type.list,
      keys: [source],
      timeoutMs: readTimeout(timeout),
      take: (key, ref) => {
        move(ctx, key, ref, target, wherefrom, whereto)
        ctx.propagateAs('LMOVE', key, target, wherefrom, whereto)
      },
      none: 'null',
    })
  },
})

export const brPopLPush = command('BRPOPLPUSH', {
  does: 'As RPOPLPUSH; waits until there is an element to move.',
  since: '2.2.0',
  group: 'list',
  complexity: 'O(1)',
  deprecated: { since: '6.2.0', by: '`BLMOVE` with the `RIGHT` and `LEFT` arguments' },
  flags: ['write', 'denyoom', 'blocking'],
  args: { source, destination, timeout: bytes() },
  run(ctx, { source, destination, timeout }) {
    const target = destination.clone()
    takeOrWait(ctx, {
      type: Type.list,
      keys: [source],
      timeoutMs: readTimeout(timeout),
      take: (key, ref) => {
        move(ctx, key, ref, target, 'RIGHT', 'LEFT')
        ctx.propagateAs('RPOPLPUSH', key, target)
      },
      none: 'null',
    })
  },
})

function moveOrNull(ctx: Context, source: Span, destination: Span, from: End, to: End): void {
  const ref = ctx.db.writeTyped(source, Type.list)
  if (ref === 0) ctx.reply.null()
  else move(ctx, source, ref, destination, from, to)
}

/** Moves one element, and answers it. Both ends together are one change. Throws WRONG_TYPE before any. */
function move(ctx: Context, source: Span, ref: number, destination: Span, from: End, to: End): void {
  const { lists } = ctx.keyspace
  const target = listToFill(ctx, destination)
  const value = lists.take(ref, from === 'LEFT')
  lists.push(target, value, to === 'LEFT')
  ctx.reply.bulk(value)
  pushed(ctx, destination, to, 1)
  popped(ctx, source, ref, from, 0)
}
