/** Through a set in steps. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import { integer, key, options, pattern, token } from '../../engine/grammar.js'
import { Glob } from '../../lib/glob.js'
import { SYNTAX } from '../../resp/errors.js'
import { cursor } from '../generic/cursor.js'
import { onDemand } from '../on-demand.js'

const COUNT_DEFAULT = 10

export const sScan = command('SSCAN', {
  does: 'Lists the members of a set in steps: each answers the cursor of the next, the last one 0.',
  since: '2.8.0',
  group: 'set',
  complexity: 'O(1) for a step, O(N) for all N members.',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: {
    key: key('RO', 'access'),
    cursor: cursor(),
    options: onDemand(options({ pattern: token('MATCH', pattern()), count: token('COUNT', integer()) })),
  },
  run(ctx, { key, cursor, options }) {
    const { db, reply, keyspace } = ctx
    const ref = db.readTyped(key, Type.set)
    const { pattern, count } = ref === 0 ? NO_OPTIONS : options()
    if (count !== null && count < 1) throw SYNTAX
    const glob = pattern === null ? null : new Glob(pattern)
    const step = ref === 0 ? null : keyspace.sets.scan(ref, cursor, count ?? COUNT_DEFAULT)
    reply.array(2)
    reply.text(`${step?.next ?? 0}`)
    const open = reply.openArray()
    let found = 0
    step?.forEach(member => {
      if (glob !== null && !glob.isStar && !glob.matches(member.span())) return undefined
      reply.bulk(member.span())
      found++
      return undefined
    })
    reply.closeArray(open, found)
  },
})

/** What follows the cursor is not looked at when there is no set. */
const NO_OPTIONS = { pattern: null, count: null }
