/** Replication as a part of the server. */

import { loadingOf } from '../persistence/loading.js'
import type { Part } from '../server/engine/part.js'
import type { Engine } from '../server/engine/engine.js'
import { psync, replconf, sync } from './commands.js'
import { Failover, FAILOVER } from './failover.js'
import { failover } from './failover-command.js'
import { Farewell, FAREWELL } from './farewell.js'
import { Follower, FOLLOWER } from './follower.js'
import { goodReplicasGate, replicasGate, staleDataGate } from './gates.js'
import { fullSyncSection, replicationSection, shutdownSection, synchronizationSection } from './info.js'
import { Master, MASTER, NOTHING_COUNTED } from './master.js'
import { rememberHistory } from './restart.js'
import { replicaof, slaveof } from './replicaof.js'
import { role } from './role.js'
import { safetySection } from './safety.js'

export const replicationPart: Part = {
  name: 'replication',
  commands: [sync, psync, replconf, replicaof, slaveof, role, failover],
  gates: [goodReplicasGate, staleDataGate, replicasGate],
  info: [replicationSection, safetySection, synchronizationSection, fullSyncSection, shutdownSection],

  install(engine) {
    const master = engine.rooms.put(MASTER, new Master(engine))
    registerMemory(engine, master)
    const follower = engine.rooms.put(FOLLOWER, new Follower(engine, master))
    const failover = engine.rooms.put(FAILOVER, new Failover(engine, master, follower))
    const farewell = engine.rooms.put(FAREWELL, new Farewell(engine, master))
    engine.abortShutdown = () => farewell.abort()
    engine.endOfTurn.push(() => {
      master.endTurn()
      failover.consider()
      farewell.consider()
    })
    answerWait(engine, master)
    engine.onConfirmed.push(() => follower.link?.diskMoved())
    followConfig(engine, master, follower)
    if (engine.config.values.replicaof !== null) engine.role = 'replica'
    rememberHistory(engine, master)
    engine.onResetStats.push(() => {
      Object.assign(master.counts, NOTHING_COUNTED)
      follower.receivedBytes = 0
    })
  },

  start(engine) {
    engine.rooms.get(MASTER).endToLoad()
    return Promise.resolve()
  },

  tick(engine) {
    engine.rooms.get(MASTER).tick()
    const follower = engine.rooms.get(FOLLOWER)
    if (follower.address === null) beginToFollow(engine, follower)
    else follower.tick()
    engine.rooms.get(FAILOVER).consider()
    engine.rooms.get(FAREWELL).consider()
  },

  beforeStop: (engine, options) => engine.rooms.get(FAREWELL).say(options),

  stop(engine) {
    engine.rooms.get(FOLLOWER).close()
    return Promise.resolve(null)
  },
}

/** As the config file says, when our own data is in. */
function beginToFollow(engine: Engine, follower: Follower): void {
  const { replicaof } = engine.config.values
  if (replicaof !== null && !loadingOf(engine).underway) follower.follow(replicaof)
}

/** One stream for all: what is kept beyond the backlog's own size is there for replicas that are behind. */
function registerMemory({ memory, config }: Engine, master: Master): void {
  const bytes = (): number => master.stream?.backlog.memory ?? 0
  const beyond = (): number =>
    master.replicas.size === 0 ? 0 : Math.max(0, bytes() - config.values.replBacklogSize)
  memory.register({ purpose: 'replication.backlog', limited: false, bytes: () => bytes() - beyond() })
  memory.register({ purpose: 'clients.slaves', limited: false, bytes: beyond })
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
