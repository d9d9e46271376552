/** CLIENT KILL, UNBLOCK: what one client does to others. */

import { BAD_UNBLOCK_REASON, NO_SUCH_CLIENT } from '../../resp/errors.js'
import { subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { type ArgumentDoc, bytes, oneOf, optional, readInteger } from '../../engine/grammar.js'
import { CLIENT_TYPE, type Matches, TO_KILL, filterArguments, readFilters } from './client-filter.js'
import { isListed } from './client-line.js'

const SHOWN: ArgumentDoc = {
  name: 'filter',
  type: 'oneof',
  arguments: [
    { name: 'old-format', type: 'string' },
    {
      name: 'new-format',
      type: 'block',
      arguments: [
        { name: 'client-id', type: 'integer', token: 'ID', optional: true },
        { ...CLIENT_TYPE, token: 'TYPE', optional: true },
        { name: 'username', type: 'string', token: 'USER', optional: true },
        { name: 'addr', type: 'string', token: 'ADDR', optional: true },
        { name: 'laddr', type: 'string', token: 'LADDR', optional: true },
        { ...oneOf(['YES', 'NO']).doc('skipme'), token: 'SKIPME', optional: true },
        { name: 'maxage', type: 'integer', token: 'MAXAGE', optional: true },
      ],
    },
  ],
}

export const kill = subcommand('KILL', {
  does: 'Closes connections: the one from an address, or those that pass the filters.',
  since: '2.4.0',
  group: 'connection',
  complexity: 'O(N) where N is the number of client connections',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: { filter: filterArguments(1, SHOWN) },
  run(ctx, { filter }) {
    if (ctx.count === 3) {
      killAddress(ctx, filter.next().latin1())
      return
    }
    const killed = killAll(ctx, readFilters(ctx, filter, TO_KILL))
    ctx.reply.int(killed)
  },
})

/** The form of old, which may also hit the one who asks. */
function killAddress(ctx: Context, address: string): void {
  const killed = killAll(ctx, session => isListed(session) && session.transport.address === address)
  if (killed === 0) throw NO_SUCH_CLIENT
  ctx.reply.ok()
}

/** Who kills himself still gets the answer. */
function killAll({ engine, session: self }: Context, matches: Matches): number {
  const victims = [...engine.sessions.values()].filter(matches)
  for (const victim of victims) {
    if (victim === self) victim.close()
    else engine.kill(victim)
  }
  return victims.length
}

export const unblock = subcommand('UNBLOCK', {
  does: 'Ends the waiting of a blocked client, as if its time were up or with an error.',
  since: '5.0.0',
  group: 'connection',
  complexity: 'O(log N) where N is the number of client connections',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  args: { 'client-id': bytes(), reason: optional(oneOf(['TIMEOUT', 'ERROR'], BAD_UNBLOCK_REASON)) },
  run({ engine, reply }, { 'client-id': id, reason }) {
    const client = engine.sessions.get(readInteger(id))
    const outcome = reason === 'ERROR' ? null : 'timeout'
    reply.int(client !== undefined && engine.waiting.unblock(client, outcome) ? 1 : 0)
  },
})
