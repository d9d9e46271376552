import { EngineAlert, type Gate } from '../server/engine/gates.js'
import { NO_GOOD_REPLICAS } from '../server/resp/errors.js'

/** `min-replicas-to-write`: who is alone should not go on, for what is written now may be lost with this server. */
export const goodReplicasGate: Gate = {
  name: 'good replicas',
  order: 55,
  check: ctx => {
    const { engine, session } = ctx
    if ((engine.alert & EngineAlert.replicas) === 0 || session.trusted) return null
    return ctx.any('write') ? NO_GOOD_REPLICAS : null
  },
}
