import type { Gate } from '../../server/engine/gates.js'
import { EngineAlert } from '../../server/engine/gates.js'
import { SNAPSHOT_MISCONFIGURED } from '../../server/resp/errors.js'

/** `stop-writes-on-bgsave-error`: who cannot save should not go on collecting. PING says so too, for those who watch. */
export const snapshotGate: Gate = {
  name: 'failed snapshots',
  order: 50,
  check: ctx => {
    const { engine, session, command } = ctx
    if ((engine.alert & EngineAlert.snapshotError) === 0 || session.trusted) return null
    return ctx.any('write') || command.name === 'ping' ? SNAPSHOT_MISCONFIGURED : null
  },
}
