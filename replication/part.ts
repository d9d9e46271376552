/** Replication as a part of the server. */

import { loadingOf } from '../persistence/loading.js'
import type { Part } from '../server/engine/part.js'
import type { Engine } from '../server/engine/engine.js'
import { psync, replconf, sync } from './commands.js'
import { Failover, FAILOVER } from './failover.js'
import { failover } from './failover-command.js'
import { Follower, FOLLOWER } from './follower.js'
import { goodReplicasGate, staleDataGate } from './gate.js'
import { replicationSection, synchronizationSection } from './info.js'
import { Master, MASTER } from './master.js'
import { replicaof, slaveof } from './replicaof.js'
import { role } from './role.js'

export const replicationPart: Part = {
  name: 'replication',
  commands: [sync, psync, replconf, replicaof, slaveof, role, failover],
  gates: [goodReplicasGate, staleDataGate],
  info: [replicationSection, synchronizationSection],

  install(engine) {
    const master = engine.rooms.put(MASTER, new Master(engine))
    engine.memory.register({
      purpose: 'replication.backlog',
      limited: false,
      bytes: () => master.stream?.backlog.memory ?? 0,
    })
    const follower = engine.rooms.put(FOLLOWER, new Follower(engine, master))
    const failover = engine.rooms.put(FAILOVER, new Failover(engine, master, follower))
    engine.endOfTurn.push(() => {
      master.endTurn()
      failover.consider()
    })
    answerWait(engine, master)
    followConfig(engine, master, follower)
    if (engine.config.values.replicaof !== null) engine.role = 'replica'
  },

  tick(engine) {
    engine.rooms.get(MASTER).tick()
    const follower = engine.rooms.get(FOLLOWER)
    if (follower.address === null) beginToFollow(engine, follower)
    else follower.tick()
    engine.rooms.get(FAILOVER).consider()
  },

  stop(engine) {
    engine.rooms.get(FOLLOWER).close()
    return Promise.resolve(null)
  },
}

/** As the config file says, when our own data is in. */
function beginToFollow(engine: Engine, follower: Follower): void {
  const { replicaof } = engine.config.values
  if (replicaof !== null && !loadingOf(engine).active) follower.follow(replicaof)
}

/** What replicas have confirmed. */
function answerWait(engine: Engine, master: Master): void {
  engine.acknowledgements = {
    ...engine.acknowledgements,
    get onReplica() {
      return engine.role === 'replica'
    },
    replicas: ({ replicatedTo }) => master.count(({ ackOffset }) => ackOffset >= replicatedTo),
    replicaDisks: ({ replicatedTo }) => master.count(({ diskOffset }) => diskOffset >= replicatedTo),
    request: () => master.requestAcks(),
  }
}

function followConfig({ config }: Engine, master: Master, follower: Follower): void {
  config.onAnyChange(['replica-read-only', 'replica-serve-stale-data'], () => {
    follower.judge()
    return null
  })
  config.onAnyChange(['min-replicas-to-write', 'min-replicas-max-lag'], () => {
    master.judgeGood()
    return null
  })
  config.onChange('repl-backlog-size', () => {
    master.stream?.backlog.trim()
    return null
  })
}
