import { EngineAlert, type Gate } from '../server/engine/gates.js'
import { SessionAlert } from '../server/engine/session.js'
import { MASTER_DOWN, NO_GOOD_REPLICAS, REPLICA_KEEPS_OFF } from '../server/resp/errors.js'

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

/** Replicas are not paused with other clients: they must have no means to read or write around that. */
export const replicasGate: Gate = {
  name: 'replicas',
  order: 95,
  check: ctx => {
    if ((ctx.session.alert & SessionAlert.replica) === 0) return null
    return ctx.any('write') || ctx.any('readonly') || ctx.any('may_replicate') ? REPLICA_KEEPS_OFF : null
  },
}

/** `replica-serve-stale-data no`: without its master a replica does not know what is true. */
export const staleDataGate: Gate = {
  name: 'stale data',
  order: 80,
  check: ctx => {
    const { engine, session } = ctx
    if ((engine.alert & EngineAlert.stale) === 0 || session.trusted) return null
    return ctx.all('stale') ? null : MASTER_DOWN
  },
}
