/**
 * Who spent the time: the durations of commands, from few looks at the clock.
 *
 * One look costs 35 ns, a twelfth of a pipelined GET. So commands of the hot kind (small, all alike) share: up
 * to 16 of them in a row are timed together and each gets an equal part. Anything else is timed alone, and so is
 * everything while somebody watches closely (a slow-log threshold under a millisecond, the latency monitor).
 */

import type { TableEntry } from './table.js'

const SHARES_MAX = 16

export class Stopwatch {
  /** latency-tracking: keep a histogram per command. */
  tracking = true
  private readonly entries = new Array<TableEntry | null>(SHARES_MAX).fill(null)
  private count = 0

  /** A hot command ran. True when it is time to settle. */
  share(entry: TableEntry): boolean {
    this.entries[this.count] = entry
    return ++this.count === SHARES_MAX
  }

  get unsettled(): boolean {
    return this.count > 0
  }

  /** Divides `microseconds` among the commands since the last settling. */
  settle(microseconds: number): void {
    const { count, entries, tracking } = this
    const part = microseconds / count
    this.count = 0
    for (let i = 0; i < count; i++) entries[i]!.stats.record(part, tracking)
  }
}
