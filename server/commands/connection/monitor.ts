/** MONITOR: see engine/monitors.ts. */

import { MONITOR_NESTED, REPLICA_AND_KEYSPACE } from '../../resp/errors.js'
import { command } from '../../engine/command.js'
import { EngineAlert, type Gate } from '../../engine/gates.js'

export const monitor = command('MONITOR', {
  does: 'Shows every command that the server runs, until the connection ends or RESET.',
  since: '1.0.0',
  group: 'server',
  flags: ['admin', 'noscript', 'loading', 'stale'],
  run(ctx) {
    if (ctx.nested) throw MONITOR_NESTED
    if (ctx.session.monitor) return
    ctx.engine.monitors.add(ctx.session)
    ctx.reply.ok()
  },
})

/** A monitor watches, and that is all: the sentence is Redis', where it counts as a kind of replica. */
export const monitorGate: Gate = {
  name: 'monitors and the keyspace',
  order: 100,
  check: ctx => {
    if ((ctx.engine.alert & EngineAlert.monitors) === 0 || !ctx.session.monitor) return null
    return ctx.any('write') || ctx.any('readonly') || ctx.any('may_replicate') ? REPLICA_AND_KEYSPACE : null
  },
}
