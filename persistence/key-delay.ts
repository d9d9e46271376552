/**
 * The directives rdb-key-save-delay and key-load-delay: so many microseconds more for each key, for tests.
 *
 * A sleep would stall the server, so the delays add up to a debt, and who has one of a millisecond or more waits for it
 * to pass. A negative delay -N is a microsecond for every Nth key.
 */

import type { Clock } from '../server/lib/clock.js'

/** Below this a timer is not worth setting. */
const DEBT_MIN_US = 1000
/** The longest wait at a time: the directive may be changed meanwhile. */
const WAIT_MAX_MS = 50

export class KeyDelay {
  private debtUs = 0

  constructor(
    private readonly clock: Clock,
    private readonly delayUs: () => number,
  ) {}

  /** A key was done. */
  add(): void {
    const delayUs = this.delayUs()
    if (delayUs !== 0) this.debtUs += delayUs > 0 ? delayUs : -1 / delayUs
  }

  /** True when it is time to wait. */
  get due(): boolean {
    if (this.debtUs < DEBT_MIN_US) return false
    if (this.delayUs() === 0) this.debtUs = 0
    return this.debtUs > 0
  }

  /** Waits until nothing is due. `look` is called now and then, and may throw. */
  async pass(look: () => void): Promise<void> {
    while (this.due) {
      await new Promise<void>(resolve => this.wait(resolve))
      look()
    }
  }

  /** Waits for some of the debt to pass, and goes on with `then`. */
  wait(then: () => void): void {
    const sinceUs = this.clock.monotonicUs()
    this.clock.after(Math.min(WAIT_MAX_MS, this.debtUs / 1000), () => {
      this.debtUs = Math.max(0, this.debtUs - (this.clock.monotonicUs() - sinceUs))
      then()
    })
  }
}
