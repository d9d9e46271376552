/** CLIENT ACKS and OFFSET: how sure this connection wants to be of its writes, and where the last one is in the history. */

import { subcommand } from '../../engine/command.js'
import { flag, integer, options, token } from '../../engine/grammar.js'
import { ACKS_WITHOUT_AOF, SYNTAX, TIMEOUT_NEGATIVE, TIMEOUT_NOT_INTEGER } from '../../resp/errors.js'

export const acks = subcommand('ACKS', {
  does: 'Keeps every reply to a write back until so many replicas, and with FSYNC the disks, have confirmed it.',
  since: '8.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  args: {
    demand: options({
      replicas: token('REPLICAS', integer({ min: 0 })),
      fsync: flag('FSYNC'),
      timeout: token('TIMEOUT', integer({ error: TIMEOUT_NOT_INTEGER })),
      off: flag('OFF'),
    }),
  },
  run({ engine, session, config, reply }, { demand: { replicas, fsync, timeout, off } }) {
    if (off) {
      if (replicas !== null || fsync || timeout !== null) throw SYNTAX
      engine.acknowledgements.demand(session, null)
    } else {
      if (replicas === null || timeout === null) throw SYNTAX
      if (timeout < 0) throw TIMEOUT_NEGATIVE
      if (fsync && !config.values.appendonly) throw ACKS_WITHOUT_AOF
      engine.acknowledgements.demand(session, { replicas, fsync, timeoutMs: timeout })
    }
    reply.ok()
  },
})

export const offset = subcommand('OFFSET', {
  does: 'Returns the place in the history behind the last write of the connection, for WAITOFFSET on a replica.',
  since: '8.0.0',
  group: 'connection',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale'],
  run({ engine, session, reply }) {
    reply.text(engine.acknowledgements.place(session))
  },
})
