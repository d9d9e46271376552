/** The keyspace's own life as a part: when keys die by the clock, tables are moved and the dead are freed. */

import type { Engine } from './engine.js'
import { EngineAlert } from './gates.js'
import type { Part } from './part.js'
import { Respite } from './respite.js'

export const upkeep: Part = {
  name: 'upkeep',

  install(engine) {
    followConfig(engine)
    engine.endOfTurn.push(() => {
      if (mayExpire(engine)) noteExpiry(engine, engine.keyspace.expiry.fast(engine.clock))
    })
    // When the replies of this turn are out: nobody waits for the dead.
    const respite = new Respite(engine)
    engine.afterTurn.push(() => {
      freeSome(engine, respite)
    })
  },

  tick(engine) {
    const { keyspace, clock, config } = engine
    const periodUs = 1e6 / config.values.hz
    if (mayExpire(engine)) {
      noteExpiry(engine, keyspace.expiry.slow(clock, periodUs))
      keyspace.fieldExpiry.run(clock, periodUs)
    }
    if (engine.debug.dictResizing) keyspace.upkeep.tables(clock, config.values.activerehashing)
  },
}

function freeSome({ keyspace, clock }: Engine, respite: Respite): void {
  if (keyspace.graveyard.isEmpty) return
  const startUs = clock.monotonicUs()
  if (!respite.isOn(startUs) && keyspace.upkeep.free(clock)) respite.take(startUs)
}

/** While clients are paused, or data is loaded, it stands still; replicas wait for their master's word. */
function mayExpire({ alert, debug, keyspace }: Engine): boolean {
  return (
    (alert & (EngineAlert.paused | EngineAlert.loading)) === 0 &&
    debug.activeExpire &&
    keyspace.expiryMode === 'delete'
  )
}

function noteExpiry(engine: Engine, elapsedUs: number): void {
  if (elapsedUs > 0) engine.latency.record('expire-cycle', elapsedUs, engine.keyspace.now)
}

function followConfig(engine: Engine): void {
  const { config, keyspace } = engine
  const follow = (): null => {
    const { values } = config
    keyspace.expiry.setEffort(values.activeExpireEffort)
    keyspace.lazily.expire = values.lazyfreeLazyExpire
    keyspace.lazily.evict = values.lazyfreeLazyEviction
    keyspace.lazily.overwrite = values.lazyfreeLazyServerDel
    return null
  }
  follow()
  config.onAnyChange(
    ['active-expire-effort', 'lazyfree-lazy-expire', 'lazyfree-lazy-eviction', 'lazyfree-lazy-server-del'],
    follow,
  )
}
