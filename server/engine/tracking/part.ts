/** Client-side caching as a part: when readers beyond the limit are forgotten, and broadcasts go out. */

import { EngineAlert, type Gate } from '../gates.js'
import type { Part } from '../part.js'

/** Asks nothing: whose keys are forgotten, as there are too many, hears of it before the reply to this command. */
const limitGate: Gate = {
  name: 'keys tracked',
  order: 45,
  check: ({ engine, session }) => {
    if ((engine.alert & EngineAlert.tracking) === 0) return null
    engine.tracking.limit()
    engine.pushes.flushBefore(session)
    return null
  },
}

export const trackingPart: Part = {
  name: 'tracking',
  gates: [limitGate],

  install(engine) {
    const { tracking, pushes, config } = engine
    engine.onReset.push(session => tracking.disable(session))
    engine.endOfTurn.push(() => {
      tracking.broadcast()
      pushes.flush()
    })
    config.onChange('tracking-table-max-keys', () => {
      tracking.watchLimit()
      return null
    })
  },

  tick({ alert, tracking }) {
    if ((alert & EngineAlert.tracking) !== 0) tracking.limit()
  },
}
