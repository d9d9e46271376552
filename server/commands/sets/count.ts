/** How large an intersection, a union or a difference would be. */

import { command, type CommandOptions } from '../../engine/command.js'
import { type Arguments, counted, flag, integer, key, options, token } from '../../engine/grammar.js'
import { BAD_KEY_COUNT, LIMIT_NEGATIVE, TOO_MANY_KEYS } from '../../resp/errors.js'
import { intersect, subtract, unite } from './algebra.js'
import { readSources } from './combine.js'
import { withDraft } from './draft.js'

const limit = token('LIMIT', integer({ min: 0, error: LIMIT_NEGATIVE }))
const keys = counted(key('RO', 'access'), BAD_KEY_COUNT, TOO_MANY_KEYS)
const common = {
  group: 'set',
  flags: ['readonly', 'movablekeys'],
} satisfies Partial<CommandOptions<Arguments>>

export const sInterCard = command('SINTERCARD', {
  does: 'Counts the members that all sets have, up to a limit.',
  since: '7.0.0',
  complexity: 'O(N*M), N being the members of the smallest set and M the number of sets.',
  ...common,
  args: { keys, options: options({ limit }) },
  run(ctx, { keys, options }) {
    const most = options.limit === null || options.limit === 0 ? Infinity : options.limit
    let count = 0
    intersect(ctx.keyspace.sets, readSources(ctx, keys), () => ++count < most)
    ctx.reply.int(count)
  },
})

export const sUnionCard = command('SUNIONCARD', {
  does: 'Counts the members that the sets have together, up to a limit.',
  since: '8.10.0',
  complexity: 'O(N), N being the members of all sets.',
  ...common,
  args: { keys, options: options({ approx: flag('APPROX'), limit }) },
  run(ctx, { keys, options }) {
    const { sets } = ctx.keyspace
    const sources = readSources(ctx, keys)
    withDraft(ctx, draft => {
      unite(sets, sources, draft, options.limit === null || options.limit === 0 ? Infinity : options.limit)
      ctx.reply.int(sets.size(draft))
    })
  },
})

export const sDiffCard = command('SDIFFCARD', {
  does: 'Counts the members of the first set that no other has, up to a limit.',
  since: '8.10.0',
  complexity: 'O(N), N being the members of all sets.',
  ...common,
  args: { keys, options: options({ limit }) },
  run(ctx, { keys, options }) {
    const { sets } = ctx.keyspace
    const most = options.limit === null || options.limit === 0 ? Infinity : options.limit
    const sources = readSources(ctx, keys)
    withDraft(ctx, draft => {
      subtract(sets, sources, draft, most)
      ctx.reply.int(Math.min(sets.size(draft), most))
    })
  },
})
