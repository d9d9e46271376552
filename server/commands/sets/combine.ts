/** Intersections, unions and differences: answered, or stored under another key. */

import { Type } from '../../data/entry.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, repeated } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { intersect, subtract, unite } from './algebra.js'
import { storeDraft, withDraft } from './draft.js'
import { replyMembers } from './membership.js'

/** Fills a draft from sources: see algebra.ts. */
type Operation = (ctx: Context, sources: readonly number[], draft: number) => void

const intersection: Operation = ({ keyspace }, sources, draft) => {
  intersect(keyspace.sets, sources, member => {
    keyspace.sets.addElement(draft, member)
    return undefined
  })
}
const union: Operation = ({ keyspace }, sources, draft) => {
  unite(keyspace.sets, sources, draft)
}
const difference: Operation = ({ keyspace }, sources, draft) => {
  subtract(keyspace.sets, sources, draft)
}

/** The sets at `keys`, 0 for each that is not there. Throws WRONG_TYPE. */
export function readSources(ctx: Context, keys: readonly Span[]): number[] {
  return keys.map(each => ctx.db.readTyped(each, Type.set))
}

export const sInter = command('SINTER', {
  does: 'Lists the members that all sets have.',
  since: '1.0.0',
  group: 'set',
  complexity: 'O(N*M), N being the members of the smallest set and M the number of sets.',
  flags: ['readonly'],
  tips: ['nondeterministic_output_order'],
  args: { keys: repeated(key('RO', 'access')) },
  run(ctx, { keys }) {
    const { reply, keyspace } = ctx
    const sources = readSources(ctx, keys)
    const open = reply.openArray('~')
    let count = 0
    intersect(keyspace.sets, sources, member => {
      reply.bulk(member.span())
      count++
      return undefined
    })
    reply.closeArray(open, count)
  },
})

export const sUnion = answering('SUNION', 'Lists the members that any of the sets has.', union)
export const sDiff = answering('SDIFF', 'Lists the members of the first set that no other has.', difference)
export const sInterStore = storing('SINTERSTORE', 'Stores what all sets have in common.', intersection)
export const sUnionStore = storing('SUNIONSTORE', 'Stores what the sets have together.', union)
export const sDiffStore = storing('SDIFFSTORE', 'Stores what only the first of the sets has.', difference)

function answering(name: string, does: string, operation: Operation): Command {
  return command(name, {
    does,
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N), N being the members of all sets.',
    flags: ['readonly'],
    tips: ['nondeterministic_output_order'],
    args: { keys: repeated(key('RO', 'access')) },
    run(ctx, { keys }) {
      const sources = readSources(ctx, keys)
      withDraft(ctx, draft => {
        operation(ctx, sources, draft)
        replyMembers(ctx, draft)
      })
    },
  })
}

function storing(name: string, does: string, operation: Operation): Command {
  return command(name, {
    does,
    since: '1.0.0',
    group: 'set',
    complexity: 'O(N), N being the members of all sets.',
    flags: ['write', 'denyoom'],
    args: { destination: key('OW', 'update'), keys: repeated(key('RO', 'access')) },
    run(ctx, { destination, keys }) {
      const sources = readSources(ctx, keys)
      const size = storeDraft(ctx, destination, name.toLowerCase(), draft => {
        operation(ctx, sources, draft)
      })
      ctx.reply.int(size)
    },
  })
}
