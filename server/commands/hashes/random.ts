/** Fields left to chance. */

import { Type } from '../../data/entry.js'
import type { FieldVisitor } from '../../data/hash/form.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, oneOf, optional } from '../../engine/grammar.js'
import { OUT_OF_RANGE } from '../../resp/errors.js'
import { unread } from '../generic/unread.js'
import { onDemand } from '../on-demand.js'
import { readSignedCount } from '../sets/random.js'

/** With values, twice the count must still be a length. */
const PAIRS_MAX = 2 ** 62

export const hRandField = command('HRANDFIELD', {
  does: 'Returns fields of a hash, whichever chance will have.',
  since: '6.2.0',
  group: 'hash',
  complexity: 'O(1) without a count, otherwise O(N), N being the count.',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: {
    key: key('RO', 'access'),
    count: optional(unread()),
    values: onDemand(optional(oneOf(['WITHVALUES']))),
  },
  run(ctx, { key, count: word, values }) {
    if (word === null) {
      showOne(ctx, ctx.db.readTyped(key, Type.hash))
      return
    }
    const count = readSignedCount(word)
    const withValues = values() !== null
    if (withValues && Math.abs(count) > PAIRS_MAX) throw OUT_OF_RANGE
    showSome(ctx, ctx.db.readTyped(key, Type.hash), count, withValues)
  },
})

function showOne({ reply, keyspace }: Context, ref: number): void {
  if (ref === 0 || keyspace.hashes.size(ref) === 0) {
    reply.null()
    return
  }
  keyspace.hashes.draw(ref, field => {
    reply.bulk(field.span())
    return undefined
  })
}

/** A positive count asks for different fields, a negative one for draws that may repeat. */
function showSome(ctx: Context, ref: number, count: number, withValues: boolean): void {
  const { reply, keyspace } = ctx
  const { hashes } = keyspace
  const size = ref === 0 ? 0 : hashes.size(ref)
  const shown = size === 0 ? 0 : count < 0 ? -count : Math.min(count, size)
  const show = withValues ? showPair(ctx) : showField(ctx)
  reply.array(withValues && reply.protocol === 2 ? shown * 2 : shown)
  if (shown === 0) return
  if (count > 0) hashes.choose(ref, count, show)
  else for (let left = shown; left > 0 && !reply.unheard; left--) hashes.draw(ref, show)
}

function showField({ reply }: Context): FieldVisitor {
  return field => {
    reply.bulk(field.span())
    return undefined
  }
}

function showPair({ reply }: Context): FieldVisitor {
  return (field, value) => {
    if (reply.protocol === 3) reply.array(2)
    reply.bulk(field.span())
    reply.bulk(value.span())
    return undefined
  }
}
