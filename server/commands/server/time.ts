/** What time it is. */

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
