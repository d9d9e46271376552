/** Commands that write are refused while what they write cannot be logged; PING says so, too. */

import type { Gate } from '../../server/engine/gates.js'
import { EngineAlert } from '../../server/engine/gates.js'
import { logMisconfigured } from '../../server/resp/errors.js'
import { AOF } from './aof.js'

export const logGate: Gate = {
  name: 'append-only file',
  order: 50,
  check(ctx) {
    const { engine, session, command } = ctx
    if ((engine.alert & EngineAlert.diskError) === 0 || session.trusted) return null
    if (!ctx.any('write') && command.name !== 'ping') return null
    return logMisconfigured(engine.rooms.get(AOF).trouble ?? '')
  },
}
