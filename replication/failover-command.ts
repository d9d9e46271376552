/** FAILOVER: hands the role of the master over to a replica. */

import { command } from '../server/engine/command.js'
import type { Context } from '../server/engine/context.js'
import { flag, group, integer, options, text, token } from '../server/engine/grammar.js'
import type { MasterAddress } from '../server/config/kinds/lists.js'
import {
  FAILOVER_IN_CLUSTER,
  FAILOVER_ON_REPLICA,
  FAILOVER_TIMEOUT,
  FAILOVER_TO_OFFLINE,
  FAILOVER_TO_STRANGER,
  FAILOVER_UNDERWAY,
  FAILOVER_WITHOUT_REPLICAS,
  FORCE_WITHOUT_TARGET,
  NO_FAILOVER_UNDERWAY,
  SYNTAX,
} from '../server/resp/errors.js'
import { FAILOVER, type Failover } from './failover.js'
import { MASTER } from './master.js'

export const failover = command('FAILOVER', {
  does: 'Hands the role of the master over to a replica that has caught up, without a lost write.',
  since: '6.2.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'stale'],
  args: {
    options: options(
      {
        target: token('TO', group({ host: text(), port: integer() })),
        force: flag('FORCE'),
        abort: flag('ABORT'),
        milliseconds: token('TIMEOUT', integer()),
      },
      { once: true },
    ),
  },
  run(ctx, { options: { target, force, abort, milliseconds } }) {
    const failover = ctx.engine.rooms.get(FAILOVER)
    if (ctx.engine.mode === 'cluster') throw FAILOVER_IN_CLUSTER
    if (abort) callOff(failover, ctx.count)
    else {
      if (milliseconds !== null && milliseconds <= 0) throw FAILOVER_TIMEOUT
      check(ctx, failover)
      if (force && (milliseconds === null || target === null)) throw FORCE_WITHOUT_TARGET
      if (target !== null) checkTarget(failover, target)
      failover.begin({ target, timeoutMs: milliseconds ?? Infinity, force })
    }
    ctx.reply.ok()
  },
})

function callOff(failover: Failover, words: number): void {
  if (words > 2) throw SYNTAX
  if (!failover.underway) throw NO_FAILOVER_UNDERWAY
  failover.abort('Failover manually aborted')
}

function check({ engine }: Context, failover: Failover): void {
  if (failover.underway) throw FAILOVER_UNDERWAY
  if (engine.role === 'replica') throw FAILOVER_ON_REPLICA
  if (engine.rooms.get(MASTER).replicas.size === 0) throw FAILOVER_WITHOUT_REPLICAS
}

function checkTarget(failover: Failover, target: MasterAddress): void {
  const replica = failover.find(target)
  if (replica === null) throw FAILOVER_TO_STRANGER
  if (replica.state !== 'online' && replica.state !== 'settling') throw FAILOVER_TO_OFFLINE
}
