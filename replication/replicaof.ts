/** REPLICAOF and SLAVEOF: whom this server follows. */

import { type CommandOptions, command } from '../server/engine/command.js'
import type { Context } from '../server/engine/context.js'
import { readInteger, text, bytes } from '../server/engine/grammar.js'
import {
  INVALID_MASTER_PORT,
  REPLICAOF_FROM_REPLICA,
  REPLICAOF_IN_CLUSTER,
  REPLICAOF_WHILE_FAILING_OVER,
} from '../server/resp/errors.js'
import { FAILOVER } from './failover.js'
import { FOLLOWER } from './follower.js'

const PORT_MAX = 65_535

const ARGS = { host: text(), port: bytes() }

const options: CommandOptions<typeof ARGS> = {
  does: 'Makes the server follow another one, or nobody any more.',
  since: '5.0.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'stale', 'no_async_loading'],
  args: ARGS,
  run(ctx, { host, port }) {
    const { engine } = ctx
    if (engine.mode === 'cluster') throw REPLICAOF_IN_CLUSTER
    if (engine.rooms.get(FAILOVER).underway) throw REPLICAOF_WHILE_FAILING_OVER
    if (host.toLowerCase() === 'no' && port.is('one')) lead(ctx)
    else follow(ctx, host, readInteger(port))
  },
}

export const replicaof = command('REPLICAOF', options)
export const slaveof = command('SLAVEOF', {
  ...options,
  since: '1.0.0',
  deprecated: { since: '5.0.0', by: '`REPLICAOF`' },
})

function lead({ engine, reply, session }: Context): void {
  const follower = engine.rooms.get(FOLLOWER)
  if (follower.address !== null) {
    follower.lead()
    engine.log.notice(`MASTER MODE enabled (user request from '${session.transport.address}')`)
  }
  reply.ok()
}

function follow({ engine, reply, session }: Context, host: string, port: number): void {
  if (session.class === 'replica') throw REPLICAOF_FROM_REPLICA
  if (port < 0 || port > PORT_MAX) throw INVALID_MASTER_PORT
  const follower = engine.rooms.get(FOLLOWER)
  const { address } = follower
  if (address?.host.toLowerCase() === host.toLowerCase() && address.port === port) {
    reply.simple('OK Already connected to specified master')
    return
  }
  follower.follow({ host, port })
  engine.log.notice(`REPLICAOF ${host}:${port} enabled (user request from '${session.transport.address}')`)
  reply.ok()
}
