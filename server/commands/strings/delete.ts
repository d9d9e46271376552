/** Deleting a string that was read or compared in the same step. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, rest, type Words } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { BAD_CONDITION, CONDITION_NEEDS_STRING, wrongArity } from '../../resp/errors.js'
import { type Comparison, comparisons, isMet } from './condition.js'

export const getDel = command('GETDEL', {
  does: 'Returns the string that a key holds, and deletes the key.',
  since: '6.2.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'access', 'delete') },
  run(ctx, { key }) {
    const value = ctx.db.readString(key, ctx.span)
    if (value === null) {
      ctx.reply.null()
      return
    }
    ctx.reply.bulk(value)
    removeKey(ctx, key, ctx.lazyDelete)
  },
})

export const delEx = command('DELEX', {
  does: 'Deletes a key if its string, or the digest of it, equals or differs from the one given; or in any case.',
  since: '8.4.0',
  group: 'string',
  complexity: 'O(1) for IFEQ and IFNE, O(N) in the length of the string for IFDEQ and IFDNE.',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'delete', 'variable_flags'), condition: rest() },
  run(ctx, { key, condition: words }) {
    const { count } = ctx
    if (count !== 2 && count !== 4) throw wrongArity(ctx.command.fullName)
    const ref = ctx.db.write(key)
    const goes = ref !== 0 && (count === 2 || meets(ctx, ref, words))
    ctx.reply.int(goes ? 1 : 0)
    if (goes) removeKey(ctx, key, ctx.lazyDelete)
  },
})

export const delIfEq = command('DELIFEQ', {
  does: 'Deletes a key if it holds the string given: how the owner of a lock gives it back.',
  since: '9.0.0',
  group: 'string',
  complexity: 'O(1)',
  flags: ['write'],
  args: { key: key('RM', 'access', 'delete'), value: bytes() },
  run(ctx, { key, value }) {
    const ref = ctx.db.writeTyped(key, Type.string)
    const equal = ref !== 0 && ctx.keyspace.strings.view(ref, ctx.span).equals(value)
    ctx.reply.int(equal ? 1 : 0)
    if (equal) removeKey(ctx, key, ctx.lazyDelete)
  },
})

/** Deletes a key that is there, and tells. */
export function removeKey(ctx: Context, key: Span, lazily: boolean): void {
  ctx.db.delete(key, lazily)
  ctx.db.changed(key, Event.generic, 'del')
  ctx.propagateAs(lazily ? 'UNLINK' : 'DEL', key)
}

/** Reads the condition late: of a key that is not there it does not matter, and the type comes first. */
function meets(ctx: Context, ref: number, words: Words): boolean {
  const { entries, strings } = ctx.keyspace
  if (entries.type(ref) !== Type.string) throw CONDITION_NEEDS_STRING
  const token = words.next().latin1().toUpperCase()
  if (!isComparison(token)) throw BAD_CONDITION
  return isMet({ token, value: words.next() }, strings.view(ref, ctx.span))
}

function isComparison(token: string): token is Comparison['token'] {
  return token in comparisons
}
