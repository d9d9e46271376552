/** LATENCY: the spikes over latency-monitor-threshold, by what caused them, one sample a second at most. */

import type { Context } from './context.js'

const SAMPLES_MAX = 160

export interface LatencySample {
  /** Unix seconds. */
  readonly at: number
  milliseconds: number
}

export interface LatencyEvent {
  readonly samples: LatencySample[]
  /** The worst ever, in ms. */
  max: number
}

export class LatencyMonitor {
  /** 0: off. */
  thresholdUs = 0
  readonly events = new Map<string, LatencyEvent>()

  /** The context's command took this long. */
  command(ctx: Context, microseconds: number): void {
    this.record(ctx.command.has('fast') ? 'fast-command' : 'command', microseconds, ctx.now)
  }

  /** Something took this long: kept when it is over the threshold. */
  record(event: string, microseconds: number, nowMs: number): void {
    if (this.thresholdUs === 0 || microseconds < this.thresholdUs) return
    this.add(event, Math.floor(microseconds / 1000), Math.floor(nowMs / 1000))
  }

  /** Forgets these events (all when none is named); answers how many there were. */
  reset(names: readonly string[]): number {
    let count = 0
    for (const name of names.length > 0 ? names : [...this.events.keys()])
      if (this.events.delete(name)) count++
    return count
  }

  private add(name: string, milliseconds: number, at: number): void {
    const event = this.events.get(name) ?? { samples: [], max: 0 }
    this.events.set(name, event)
    event.max = Math.max(event.max, milliseconds)
    const last = event.samples.at(-1)
    if (last?.at === at) {
      last.milliseconds = Math.max(last.milliseconds, milliseconds)
      return
    }
    event.samples.push({ at, milliseconds })
    if (event.samples.length > SAMPLES_MAX) event.samples.shift()
  }
}
