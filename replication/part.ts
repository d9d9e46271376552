/** Replication as a part of the server. */

import type { Part } from '../server/engine/part.js'
import type { Engine } from '../server/engine/engine.js'
import { psync, replconf, role, sync } from './commands.js'
import { goodReplicasGate } from './gate.js'
import { replicationSection, synchronizationSection } from './info.js'
import { Master, MASTER } from './master.js'

export const replicationPart: Part = {
  name: 'replication',
  commands: [sync, psync, replconf, role],
  gates: [goodReplicasGate],
  info: [replicationSection, synchronizationSection],

  install(engine) {
    const master = engine.rooms.put(MASTER, new Master(engine))
    engine.endOfTurn.push(() => master.endTurn())
    engine.memory.register({
      purpose: 'replication.backlog',
      limited: false,
      bytes: () => master.stream?.backlog.memory ?? 0,
    })
    answerWait(engine, master)
    followConfig(engine, master)
  },

  tick(engine) {
    engine.rooms.get(MASTER).tick()
  },
}

/** What replicas have confirmed. */
function answerWait(engine: Engine, master: Master): void {
  engine.acknowledgements = {
    ...engine.acknowledgements,
    replicas: ({ replicatedTo }) => master.count(({ ackOffset }) => ackOffset >= replicatedTo),
    replicaDisks: ({ replicatedTo }) => master.count(({ diskOffset }) => diskOffset >= replicatedTo),
    request: () => master.requestAcks(),
  }
}

function followConfig({ config }: Engine, master: Master): void {
  config.onAnyChange(['min-replicas-to-write', 'min-replicas-max-lag'], () => {
    master.judgeGood()
    return null
  })
  config.onChange('repl-backlog-size', () => {
    master.stream?.backlog.trim()
    return null
  })
}
