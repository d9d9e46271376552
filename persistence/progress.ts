/** How far long work has come, as the log tells it: every few seconds, so that short work goes without a word. */

import type { Engine } from '../server/engine/engine.js'

const INTERVAL_MS = 5000

export class Progress {
  private nextMs: number

  constructor(private readonly engine: Pick<Engine, 'clock' | 'log'>) {
    this.nextMs = this.nowMs + INTERVAL_MS
  }

  /** To be called often. */
  tell(line: () => string): void {
    if (this.nowMs < this.nextMs) return
    this.nextMs = this.nowMs + INTERVAL_MS
    this.engine.log.notice(line())
  }

  private get nowMs(): number {
    return this.engine.clock.monotonicUs() / 1000
  }
}

/** As `34.50%`. */
export function percentage(part: number, whole: number): string {
  return `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(2)}%`
}

/** How long work has taken, as `0.125 seconds`. */
export function secondsSince({ clock }: Pick<Engine, 'clock'>, startedUs: number): string {
  return `${((clock.monotonicUs() - startedUs) / 1e6).toFixed(3)} seconds`
}

export function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MB`
}
