/** Through a hash in steps. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import { flag, integer, key, options, pattern, token } from '../../engine/grammar.js'
import { Glob } from '../../lib/glob.js'
import { SYNTAX } from '../../resp/errors.js'
import { cursor } from '../generic/cursor.js'
import { onDemand } from '../on-demand.js'

const COUNT_DEFAULT = 10

export const hScan = command('HSCAN', {
  does: 'Lists the fields of a hash in steps: each answers the cursor of the next, the last one 0.',
  since: '2.8.0',
  group: 'hash',
  complexity: 'O(1) for a step, O(N) for all N fields.',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: {
    key: key('RO', 'access'),
    cursor: cursor(),
    options: onDemand(
      options({
        pattern: token('MATCH', pattern()),
        count: token('COUNT', integer()),
        novalues: flag('NOVALUES'),
      }),
    ),
  },
  run(ctx, { key, cursor, options }) {
    const { db, reply, keyspace } = ctx
    const ref = db.readTyped(key, Type.hash)
    const { pattern, count, novalues } = ref === 0 ? NO_OPTIONS : options()
    if (count !== null && count < 1) throw SYNTAX
    const glob = pattern === null ? null : new Glob(pattern)
    const step = ref === 0 ? null : keyspace.hashes.scan(ref, cursor, count ?? COUNT_DEFAULT)
    reply.array(2)
    reply.text(`${step?.next ?? 0}`)
    const open = reply.openArray()
    let words = 0
    step?.forEach((field, value) => {
      if (glob !== null && !glob.isStar && !glob.matches(field.span())) return undefined
      reply.bulk(field.span())
      if (!novalues) reply.bulk(value.span())
      words += novalues ? 1 : 2
      return undefined
    })
    reply.closeArray(open, words)
  },
})

/** What follows the cursor is not looked at when there is no hash. */
const NO_OPTIONS = { pattern: null, count: null, novalues: false }
