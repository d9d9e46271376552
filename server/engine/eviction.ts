/**
 * Memory is full: keys go until `maxmemory` holds.
 *
 * Room is made before a command runs, not after: a command that finds none and would take more is refused with -OOM.
 * How much is to be freed is settled at the beginning, and then only what the keyspace itself gives back counts. A
 * key that goes also makes output grow (its DEL, notifications, invalidations); were that held against the limit,
 * evicting would call for more evicting until nothing is left.
 *
 * Making room must not hold up the client that happens to ask: `maxmemory-eviction-tenacity` says how long it may
 * take. What is left is done in pieces between the turns of the loop, and commands run meanwhile, above the limit.
 * What is dead but not freed yet goes before anything that lives.
 *
 * The data stands still, whatever memory says, while it is being loaded, while clients are paused, and on a replica,
 * which has what its master has.
 */

import { EvictionChoice } from '../keyspace/eviction.js'
import type { Engine } from './engine.js'
import { EngineAlert } from './gates.js'
import type { Part } from './part.js'

/** `enough`: the limit holds, or nothing may be evicted now. `running`: the rest follows. `none`: nothing can go. */
export type Room = 'enough' | 'running' | 'none'

/** Victims, or slices of the dead, between two looks at the clock. */
const STEPS_PER_LOOK = 16
const DEAD_PER_STEP = 64

/** How long one call may take, in us: up to 500 us in even steps, then 15 % more with each. */
export function timeLimitUs(tenacity: number): number {
  if (tenacity >= 100) return Infinity
  return tenacity <= 10 ? tenacity * 50 : 500 * 1.15 ** (tenacity - 10)
}

class Eviction {
  private readonly choice: EvictionChoice
  private goesOn = false

  constructor(private readonly engine: Engine) {
    this.choice = new EvictionChoice(engine.keyspace)
  }

  makeRoom(): Room {
    if (!this.isAllowed()) return 'enough'
    const { memory, config } = this.engine
    const excess = memory.limited - config.values.maxmemory
    const room = excess <= 0 || config.values.maxmemory === 0 ? 'enough' : this.free(excess)
    this.keepTime(room !== 'enough')
    return room
  }

  /** Makes room between the turns of the loop. */
  goOnLater(): void {
    if (this.goesOn) return
    this.goesOn = true
    const { engine } = this
    engine.clock.soon(() => {
      this.goesOn = false
      engine.beginTurn()
      this.makeRoom()
    })
  }

  private isAllowed(): boolean {
    const { engine } = this
    if ((engine.alert & EngineAlert.loading) !== 0 || engine.pause.active) return false
    return engine.role === 'master' || !engine.config.values.replicaIgnoreMaxmemory
  }

  private free(excess: number): Room {
    const { engine } = this
    const { arena } = engine.keyspace
    const startUs = engine.clock.monotonicUs()
    const deadlineUs = startUs + timeLimitUs(engine.config.values.maxmemoryEvictionTenacity)
    const target = arena.used - excess
    let room: Room = 'enough'
    for (let steps = 1; room === 'enough' && arena.used > target; steps++) {
      if (!this.step()) room = 'none'
      else if (steps % STEPS_PER_LOOK === 0 && engine.clock.monotonicUs() > deadlineUs) room = 'running'
    }
    if (room === 'running') this.goOnLater()
    engine.latency.record('eviction-cycle', engine.clock.monotonicUs() - startUs, engine.keyspace.now)
    return room
  }

  /** Frees something; false when there is nothing that may go. */
  private step(): boolean {
    const { keyspace, config } = this.engine
    if (!keyspace.graveyard.isEmpty) {
      keyspace.graveyard.slice(DEAD_PER_STEP)
      return true
    }
    const victim = this.choice.choose(config.values.maxmemoryPolicy, config.values.maxmemorySamples)
    if (victim === null) return false
    victim.db.evict(keyspace.copyKey(victim.ref))
    return true
  }

  private keepTime(over: boolean): void {
    const { stats, clock } = this.engine
    const sinceUs = stats.overMemorySinceUs
    if (over === (sinceUs !== null)) return
    const nowUs = clock.monotonicUs()
    if (sinceUs !== null) stats.overMemoryUs += nowUs - sinceUs
    stats.overMemorySinceUs = over ? nowUs : null
  }
}

function limitChanged(engine: Engine, eviction: Eviction): void {
  const { maxmemory } = engine.config.values
  engine.setAlert(EngineAlert.memory, maxmemory > 0)
  if (maxmemory === 0 || engine.memory.used <= maxmemory) return
  engine.log.warning(
    `WARNING: the new maxmemory value set via CONFIG SET (${maxmemory}) is smaller than the current memory usage ` +
      `(${engine.memory.used}). This will result in key eviction and/or the inability to accept new write commands ` +
      'depending on the maxmemory-policy.',
  )
  eviction.goOnLater()
}

export const evictionPart: Part = {
  name: 'eviction',
  install(engine) {
    const eviction = new Eviction(engine)
    engine.makeRoom = () => eviction.makeRoom() !== 'none'
    engine.setAlert(EngineAlert.memory, engine.config.values.maxmemory > 0)
    engine.config.onChange('maxmemory', () => {
      limitChanged(engine, eviction)
      return null
    })
  },
}
