/** ROLE: what this server is, and whom it knows. */

import { command } from '../server/engine/command.js'
import type { ReplyWriter } from '../server/resp/reply.js'
import { type Follower, FOLLOWER } from './follower.js'
import type { LinkState } from './link.js'
import { type Master, MASTER } from './master.js'

export const role = command('ROLE', {
  does: 'Returns the role of the server in replication.',
  since: '2.8.12',
  group: 'server',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast'],
  acl: ['admin', 'dangerous'],
  run({ engine, reply }) {
    const master = engine.rooms.get(MASTER)
    if (engine.role === 'master') tellReplicas(reply, master)
    else tellMaster(reply, engine.rooms.get(FOLLOWER), master)
  },
})

function tellReplicas(reply: ReplyWriter, master: Master): void {
  const online = [...master.replicas].filter(({ state }) => state === 'online')
  reply.array(3)
  reply.text('master')
  reply.int(master.offset)
  reply.array(online.length)
  for (const { ip, introduction, ackOffset } of online) {
    reply.array(3)
    reply.text(ip)
    reply.text(String(introduction.port))
    reply.text(String(ackOffset))
  }
}

function tellMaster(reply: ReplyWriter, { address, link }: Follower, master: Master): void {
  reply.array(5)
  reply.text('slave')
  reply.text(address?.host ?? '')
  reply.int(address?.port ?? 0)
  reply.text(link === null ? 'connect' : STATES[link.state])
  reply.int(link?.state === 'online' ? master.offset : -1)
}

/** In Redis' words. */
const STATES: Readonly<Record<LinkState, string>> = {
  connecting: 'connecting',
  handshake: 'handshake',
  transfer: 'sync',
  loading: 'sync',
  online: 'connected',
}
