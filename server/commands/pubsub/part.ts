/** Pub/sub: messages to whoever listens now. */

import type { Part } from '../../engine/part.js'
import { publishCommands } from './publish.js'
import { pubsub } from './pubsub.js'
import { subscribeCommands } from './subscribe.js'

export const pubSubPart: Part = {
  name: 'pubsub',
  commands: [...subscribeCommands, ...publishCommands, pubsub],
  install(engine) {
    engine.onReset.push(session => engine.pubsub.leave(session))
  },
}
