/**
 * The engine's time. Both clocks are read when a turn begins; the monotonic one again when it goes on with another
 * connection, and after every command or row of hot commands: the end of one is the beginning of the next. What
 * commands see as "now" is `keyspace.now`, derived here, which stands still while a command runs. The wall clock
 * costs as much as the rest of a connection's turn, and need not be asked fifty times in a millisecond.
 */

import type { Clock } from '../lib/clock.js'
import type { Keyspace } from '../keyspace/keyspace.js'

export class TurnClock {
  /** Monotonic us of the last look. */
  private lookedUs = 0
  /** How far the wall clock is ahead of the monotonic one, in us. */
  private wallAheadUs = 0

  constructor(
    private readonly clock: Clock,
    private readonly keyspace: Keyspace,
  ) {}

  /** Looks at both clocks. */
  begin(): void {
    this.lookedUs = this.clock.monotonicUs()
    this.wallAheadUs = this.clock.wallMs() * 1000 - this.lookedUs
    this.setNow()
    this.keyspace.access.setNow(this.keyspace.now)
  }

  /** Microseconds since the last look. */
  lap(): number {
    const before = this.lookedUs
    this.lookedUs = this.clock.monotonicUs()
    this.setNow()
    return this.lookedUs - before
  }

  /** Monotonic ms of the last look. */
  get nowMs(): number {
    return this.lookedUs / 1000
  }

  private setNow(): void {
    this.keyspace.now = Math.floor((this.lookedUs + this.wallAheadUs) / 1000)
  }
}
