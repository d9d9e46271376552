/**
 * The tick of the server: `hz` times a second, more often while there are many clients (`dynamic-hz`). It holds the
 * process: a server that was told to listen nowhere for a while is still a server.
 */

import type { Config } from './config/config.js'
import type { Clock, Timer } from './lib/clock.js'

/** One round of the tick is there for at most this many clients. */
const CLIENTS_PER_ROUND = 200
const HZ_MAX = 500

/** How often a second to tick: `hz`, doubled until a round has few enough clients to care for. */
export function rounds(hz: number, dynamic: boolean, clients: number): number {
  let rate = hz
  while (dynamic && clients / rate > CLIENTS_PER_ROUND && rate < HZ_MAX) rate *= 2
  return Math.min(rate, HZ_MAX)
}

export class Heartbeat {
  private timer: Timer | null = null
  private rate = 0

  constructor(
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly clients: () => number,
    private readonly beat: () => void,
  ) {
    config.onAnyChange(['hz', 'dynamic-hz'], () => {
      if (this.timer !== null) this.adjust()
      return null
    })
  }

  start(): void {
    this.adjust()
  }

  stop(): void {
    this.timer?.cancel()
    this.timer = null
    this.rate = 0
  }

  private adjust(): void {
    const { hz, dynamicHz } = this.config.values
    const rate = rounds(hz, dynamicHz, this.clients())
    if (rate === this.rate) return
    this.timer?.cancel()
    this.rate = rate
    const beat = (): void => {
      this.adjust()
      this.beat()
    }
    this.timer = this.clock.every(1000 / rate, beat, { ref: true })
  }
}
