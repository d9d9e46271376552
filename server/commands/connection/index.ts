/** Connections: who speaks to us, how, and what may be done about them. */

import { lateGate } from '../../engine/late-answers.js'
import { pauseGate } from '../../engine/pause.js'
import type { Part } from '../../engine/part.js'
import { auth, hello } from './authentication.js'
import { client } from './client.js'
import { echo, ping, quit, reset } from './connection.js'
import { monitor, monitorGate } from './monitor.js'

export const connection: Part = {
  name: 'connection',
  commands: [ping, echo, quit, reset, auth, hello, client, monitor],
  gates: [monitorGate, pauseGate, lateGate],
  tick: ({ pause }) => {
    pause.dropExpired()
  },
}
