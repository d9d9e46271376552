/** Looking at a list. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import {
  type Argument,
  bytes,
  int64,
  integer,
  key,
  options,
  readInteger,
  token,
} from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { COUNT_NEGATIVE, MAXLEN_NEGATIVE, RANK_ZERO } from '../../resp/errors.js'

export const lLen = command('LLEN', {
  does: 'Returns the length of a list.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO') },
  hot(ctx) {
    replyLength(ctx, ctx.word(1))
    return true
  },
  run(ctx, { key }) {
    replyLength(ctx, key)
  },
})

export const lIndex = command('LINDEX', {
  does: 'Returns an element by its index; negative ones count from the end.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(N) where N is the number of nodes to pass on the way to the element: O(1) for the ends.',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), index: bytes() },
  run(ctx, { key, index }) {
    const ref = ctx.db.readTyped(key, Type.list)
    if (ref === 0) {
      ctx.reply.null()
      return
    }
    const element = ctx.keyspace.lists.at(ref, readInteger(index))
    if (element === null) ctx.reply.null()
    else ctx.reply.bulk(element)
  },
})

export const lRange = command('LRANGE', {
  does: 'Returns the elements from one index to another.',
  since: '1.0.0',
  group: 'list',
  complexity: 'O(S+N) where S is the number of nodes to pass and N the number of elements returned.',
  flags: ['readonly'],
  args: { key: key('RO', 'access'), start: integer(), stop: integer() },
  hot(ctx) {
    replyRange(ctx, ctx.word(1), readInteger(ctx.word(2)), readInteger(ctx.word(3)))
    return true
  },
  run(ctx, { key, start, stop }) {
    replyRange(ctx, key, start, stop)
  },
})

export const lPos = command('LPOS', {
  does: 'Returns where an element stands in a list.',
  since: '6.0.6',
  group: 'list',
  complexity: 'O(N) where N is the number of elements looked at.',
  flags: ['readonly'],
  args: {
    key: key('RO', 'access'),
    element: bytes(),
    options: options({
      rank: token('RANK', rank()),
      count: token('COUNT', integer({ min: 0, error: COUNT_NEGATIVE })),
      maxlen: token('MAXLEN', integer({ min: 0, error: MAXLEN_NEGATIVE })),
    }),
  },
  run(ctx, { key, element, options: { rank, count, maxlen } }) {
    const ref = ctx.db.readTyped(key, Type.list)
    const positions = { ref, sought: element, rank: rank ?? 1, most: maxlen ?? 0 }
    if (count === null) replyFirst(ctx, positions)
    else replyAll(ctx, positions, count === 0 ? Infinity : count)
  },
})

/** The first match is 1, the last -1; 0 is refused where it stands. */
function rank(): Argument<number> {
  const any = int64()
  return {
    ...any,
    parse: words => {
      const value = any.parse(words)
      if (value === 0) throw RANK_ZERO
      // Its opposite is beyond 64 bits: up to 7.0 it is itself again, and so no match comes too early.
      return value === INT64_MIN ? -1 : Number(value)
    },
  }
}

const INT64_MIN = -(2n ** 63n)

/** Negative indexes count from the end; what lies outside of the list is left out. */
export function replyRange(ctx: Context, key: Span, start: number, stop: number): void {
  const { reply } = ctx
  const { lists } = ctx.keyspace
  const ref = ctx.db.readTyped(key, Type.list)
  const length = ref === 0 ? 0 : lists.length(ref)
  const from = Math.max(start < 0 ? start + length : start, 0)
  const to = Math.min(stop < 0 ? stop + length : stop, length - 1)
  const count = Math.max(to - from + 1, 0)
  reply.array(count)
  if (count > 0) lists.writeRange(ref, from, count, false, reply)
}

function replyLength(ctx: Context, key: Span): void {
  const ref = ctx.db.readTyped(key, Type.list)
  ctx.reply.int(ref === 0 ? 0 : ctx.keyspace.lists.length(ref))
}

/** What LPOS looks for: from the `rank`-th match on, a negative one from the end; `most` elements, 0 for all. */
interface Positions {
  readonly ref: number
  readonly sought: Span
  readonly rank: number
  readonly most: number
}

/** Shows places, until told not to. */
function forEachPosition(
  { keyspace: { lists } }: Context,
  { ref, sought, rank, most }: Positions,
  visit: (position: number) => boolean,
): void {
  if (ref === 0) return
  const length = lists.length(ref)
  let before = Math.abs(rank) - 1
  lists.forEachEqual(
    ref,
    sought,
    rank > 0,
    most === 0 ? length : most,
    steps => before-- > 0 || visit(rank > 0 ? steps : length - 1 - steps),
  )
}

function replyFirst(ctx: Context, positions: Positions): void {
  let found = -1
  forEachPosition(ctx, positions, position => {
    found = position
    return false
  })
  if (found < 0) ctx.reply.null()
  else ctx.reply.int(found)
}

/** They are answered as they are found: there may be as many as there are elements. */
function replyAll(ctx: Context, positions: Positions, wanted: number): void {
  const { reply } = ctx
  const open = reply.openArray()
  let count = 0
  forEachPosition(ctx, positions, position => {
    reply.int(position)
    return ++count < wanted
  })
  reply.closeArray(open, count)
}
