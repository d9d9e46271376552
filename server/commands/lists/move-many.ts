/**
 * Moving several elements at once (LMOVEM, Redis 8.10).
 *
 * OBO moves them one by one, so that they come to stand in reverse when both ends are the same; BULK keeps their
 * order. COUNT takes what there is, EXACTLY all or nothing. The answer shows them as they stand in the destination.
 *
 * Replicas older than the command must understand what they are told: a pop of so many and a push of the same.
 */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { type Argument, bytes, integer, key, oneOf, type Words } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { BAD_COUNT } from '../../resp/errors.js'
import { readTimeout, waitFor } from '../blocking.js'
import { type End, end, listToFill, popped, pushed } from './end.js'

/** How many, and in which order. */
interface Share {
  readonly count: number
  readonly exactly: boolean
  readonly keepsOrder: boolean
}

const ONE: Share = { count: 1, exactly: false, keepsOrder: true }
const limit = oneOf(['COUNT', 'EXACTLY'])
const amount = integer({ min: 1, error: BAD_COUNT })
const order = oneOf(['OBO', 'BULK'])

/** `[<COUNT count | EXACTLY exactly> <OBO | BULK>]` */
const share: Argument<Share> = {
  min: 0,
  max: 3,
  parse: (words: Words) => {
    if (words.left === 0) return ONE
    const exactly = limit.parse(words) === 'EXACTLY'
    const count = amount.parse(words)
    return { count, exactly, keepsOrder: order.parse(words) === 'BULK' }
  },
  place: () => undefined,
  doc: name => ({
    name,
    type: 'block',
    optional: true,
    arguments: [
      {
        name: 'limit',
        type: 'oneof',
        arguments: [
          { name: 'count', type: 'integer', token: 'COUNT' },
          { name: 'exactly', type: 'integer', token: 'EXACTLY' },
        ],
      },
      order.doc('order'),
    ],
  }),
}

const source = key('RW', 'access', 'delete')
const destination = key('RW', 'insert')
const COMPLEXITY = 'O(N) where N is the number of elements moved'

export const lMoveM = command('LMOVEM', {
  does: 'Moves elements from an end of one list to an end of another, and returns them.',
  since: '8.10.0',
  group: 'list',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom'],
  args: { source, destination, wherefrom: end(), whereto: end(), share },
  run(ctx, { source, destination, wherefrom, whereto, share }) {
    const ref = ctx.db.writeTyped(source, Type.list)
    if (ref !== 0 && suffices(ctx, ref, share))
      moveMany(ctx, source, ref, destination, wherefrom, whereto, share)
    else ctx.reply.nullArray()
  },
})

export const blMoveM = command('BLMOVEM', {
  does: 'As LMOVEM; waits until there is an element to move, or as many as it takes exactly.',
  since: '8.10.0',
  group: 'list',
  complexity: COMPLEXITY,
  flags: ['write', 'denyoom', 'blocking'],
  args: { source, destination, wherefrom: end(), whereto: end(), timeout: bytes(), share },
  run(ctx, { source, destination, wherefrom, whereto, timeout, share }) {
    const timeoutMs = readTimeout(timeout)
    const target = destination.clone()
    const attempt = (key: Span, ref: number): boolean => {
      if (ref === 0 || !suffices(ctx, ref, share)) return false
      moveMany(ctx, key, ref, target, wherefrom, whereto, share)
      return true
    }
    if (attempt(source, ctx.db.writeTyped(source, Type.list))) return
    const { session } = ctx
    waitFor(ctx, {
      type: Type.list,
      keys: [source],
      timeoutMs,
      serve: key => attempt(key, ctx.db.write(key)),
      giveUp: () => session.reply.nullArray(),
    })
  },
})

function suffices({ keyspace }: Context, ref: number, { count, exactly }: Share): boolean {
  return keyspace.lists.length(ref) >= (exactly ? count : 1)
}

function moveMany(
  ctx: Context,
  source: Span,
  ref: number,
  destination: Span,
  from: End,
  to: End,
  { count, keepsOrder }: Share,
): void {
  const { reply, keyspace } = ctx
  const { lists } = keyspace
  const target = listToFill(ctx, destination)
  const moved = Math.min(count, lists.length(ref))
  const values = Array.from({ length: moved }, () => lists.take(ref, from === 'LEFT').clone())
  if (keepsOrder && from === to) values.reverse()
  for (const value of values) lists.push(target, value, to === 'LEFT')
  reply.array(moved)
  lists.writeRange(target, to === 'LEFT' ? 0 : lists.length(target) - moved, moved, false, reply)
  pushed(ctx, destination, to, moved)
  popped(ctx, source, ref, from, 1)
  ctx.propagateAs(from === 'LEFT' ? 'LPOP' : 'RPOP', source, moved)
  ctx.propagateList([to === 'LEFT' ? 'LPUSH' : 'RPUSH', destination, ...values])
}
