/** MIGRATE, and the connections that it keeps. */

import type { Part } from '../../engine/part.js'
import { migrate } from './migrate.js'
import { PEERS, Peers } from './peers.js'

export const migratePart: Part = {
  name: 'migration',
  commands: [migrate],

  install(engine) {
    engine.rooms.put(PEERS, new Peers(engine))
  },

  tick(engine, nowMs) {
    engine.rooms.get(PEERS).tick(nowMs)
  },

  stop(engine) {
    engine.rooms.get(PEERS).close()
    return Promise.resolve(null)
  },
}
