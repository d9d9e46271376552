/** Through a sorted set in steps. */

import { Type } from '../../data/entry.js'
import { command } from '../../engine/command.js'
import { integer, key, options, pattern, token } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { formatDouble } from '../../lib/double.js'
import { Glob } from '../../lib/glob.js'
import { SYNTAX } from '../../resp/errors.js'
import { cursor } from '../generic/cursor.js'
import { onDemand } from '../on-demand.js'

const COUNT_DEFAULT = 10
/** What follows the cursor is not looked at when there is no sorted set. */
const NO_OPTIONS = { pattern: null, count: null }

export const zScan = command('ZSCAN', {
  does: 'Lists the members of a sorted set with their scores in steps: each answers the cursor of the next, the last one 0.',
  since: '2.8.0',
  group: 'sorted-set',
  complexity: 'O(1) for a step, O(N) for all N members.',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: {
    key: key('RO', 'access'),
    cursor: cursor(),
    options: onDemand(options({ pattern: token('MATCH', pattern()), count: token('COUNT', integer()) })),
  },
  run({ db, reply, keyspace }, { key, cursor, options }) {
    const ref = db.readTyped(key, Type.zset)
    const { pattern, count } = ref === 0 ? NO_OPTIONS : options()
    if (count !== null && count < 1) throw SYNTAX
    const glob = pattern === null ? null : new Glob(pattern)
    const met: (readonly [member: Buffer, score: number])[] = []
    const visit = (member: Span, score: number): void => {
      if (glob === null || glob.isStar || glob.matches(member)) met.push([Buffer.from(member.bytes()), score])
    }
    const next = ref === 0 ? 0 : keyspace.sortedSets.scan(ref, cursor, count ?? COUNT_DEFAULT, visit)
    reply.array(2)
    reply.text(`${next}`)
    reply.array(2 * met.length)
    for (const [member, score] of met) {
      reply.buffer(member)
      reply.text(formatDouble(score))
    }
  },
})
