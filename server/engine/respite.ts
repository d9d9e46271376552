/**
 * Long work on the loop that nobody waits for (the walk of a snapshot, the freeing of the dead) goes on piece by piece,
 * between the turns. While there are clients, half of the time is theirs: after each piece the work rests for as long as
 * that took.
 *
 * To be ready for them is not enough, the loop must sleep. A reply wakes the client, and the kernel likes to wake it on the
 * core that sent it: if the loop worked on there, the client, its reply at hand, would wait for the kernel's next tick,
 * up to 4 ms, though another core were idle (as `perf sched` shows).
 */

import type { Engine } from './engine.js'

export class Respite {
  /** When the next piece may begin, in monotonic us. */
  private untilUs = 0
  /** Commands that had run when the last piece was over. */
  private commandsSeen = 0

  constructor(private readonly engine: Engine) {}

  /** True: no piece now, there will be a turn for it. */
  isOn(nowUs: number): boolean {
    return nowUs < this.untilUs
  }

  /** A piece that began then is over, and there will be another one. True when it rests, as there are clients. */
  take(startUs: number): boolean {
    const { clock, stats } = this.engine
    if (stats.commands === this.commandsSeen) {
      this.engine.wantTurn()
      return false
    }
    this.commandsSeen = stats.commands
    const nowUs = clock.monotonicUs()
    const restUs = nowUs - startUs
    this.untilUs = nowUs + restUs
    clock.after(Math.ceil(restUs / 1000), () => this.engine.wantTurn())
    return true
  }
}
