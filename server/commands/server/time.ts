/** Small questions about the server: what time it is, what its role is. */

import { command } from '../../engine/command.js'

export const time = command('TIME', {
  does: 'Returns the server’s time: unix seconds and the microseconds of the present one.',
  since: '2.6.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['loading', 'stale', 'fast'],
  tips: ['nondeterministic_output'],
  run({ reply, engine }) {
    const us = engine.clock.wallUs()
    reply.array(2)
    reply.text(String(Math.floor(us / 1e6)))
    reply.text(String(us % 1e6))
  },
})

/** A master without replicas; the replication room says more. */
export const role = command('ROLE', {
  does: 'Returns the role of the server in replication.',
  since: '2.8.12',
  group: 'server',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast'],
  acl: ['admin', 'dangerous'],
  run({ reply }) {
    reply.array(3)
    reply.text('master')
    reply.int(0)
    reply.array(0)
  },
})
