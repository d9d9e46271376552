/** LCS: what two strings have in common. */

import { type CommonRun, lcsBytes, lcsLength, lcsRuns, lcsTableBytes } from '../../data/lcs.js'
import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { flag, integer, key, options, token } from '../../engine/grammar.js'
import { Span } from '../../lib/bytes.js'
import { LCS_LENGTH_AND_INDEXES, LCS_NOT_STRINGS, LCS_TOO_LARGE } from '../../resp/errors.js'
import { onDemand } from '../on-demand.js'

export const lcs = command('LCS', {
  does: 'Returns the longest common subsequence of two strings: its bytes, its length, or where they stand.',
  since: '7.0.0',
  group: 'string',
  complexity: 'O(N*M) in the lengths of the strings.',
  flags: ['readonly'],
  keySpecs: [{ flags: ['RO', 'access'], begin: { index: 1 }, find: { last: 1, step: 1, limit: 0 } }],
  args: {
    key1: key('RO', 'access'),
    key2: key('RO', 'access'),
    options: onDemand(
      options({
        len: flag('LEN'),
        idx: flag('IDX'),
        minMatchLength: token('MINMATCHLEN', integer()),
        withMatchLength: flag('WITHMATCHLEN'),
      }),
    ),
  },
  run(ctx, { key1, key2, options }) {
    const a = operand(ctx, key1)
    const b = operand(ctx, key2)
    if (a === null || b === null) throw LCS_NOT_STRINGS
    const { len, idx, minMatchLength, withMatchLength } = options()
    if (len && idx) throw LCS_LENGTH_AND_INDEXES
    if (lcsTableBytes(a, b) > ctx.config.values.protoMaxBulkLen) throw LCS_TOO_LARGE
    if (idx) replyRuns(ctx, lcsRuns(a, b, minMatchLength ?? 0), withMatchLength)
    else if (len) ctx.reply.int(lcsLength(a, b))
    else ctx.reply.buffer(lcsBytes(a, b))
  },
})

/** A copy, as a look at the other key may move or delete entries; null for what is no string. */
function operand(ctx: Context, key: Span): Span | null {
  const { entries, strings } = ctx.keyspace
  const ref = ctx.db.read(key)
  if (ref === 0) return Span.of('')
  if (entries.type(ref) !== Type.string) return null
  return strings.view(ref, ctx.span).clone()
}

function replyRuns(
  ctx: Context,
  found: { length: number; runs: readonly CommonRun[] },
  withLength: boolean,
): void {
  const { reply } = ctx
  reply.map(2)
  reply.text('matches')
  reply.array(found.runs.length)
  for (const { a, b, length } of found.runs) {
    reply.array(withLength ? 3 : 2)
    replyStretch(ctx, a, length)
    replyStretch(ctx, b, length)
    if (withLength) reply.int(length)
  }
  reply.text('len')
  reply.int(found.length)
}

/** First and last position. */
function replyStretch(ctx: Context, start: number, length: number): void {
  ctx.reply.array(2)
  ctx.reply.int(start)
  ctx.reply.int(start + length - 1)
}
