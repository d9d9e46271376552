/** LATENCY DOCTOR: what the spikes look like, and what usually helps. */

import type { Engine } from '../../engine/engine.js'
import type { LatencyEvent } from '../../engine/latency-monitor.js'
import { formatFixed } from '../../lib/double.js'

/** Advice, and the events (or beginnings of their names) that call for it. */
const ADVICE: readonly (readonly [events: readonly string[], advice: string])[] = [
  [['command'], 'SLOWLOG GET shows which commands are slow: look for those whose cost grows with the data.'],
  [
    ['command', 'expire-cycle', 'eviction'],
    'Big values are freed at once unless told otherwise: use UNLINK, and the lazyfree-* settings.',
  ],
  [['expire-cycle'], 'Many keys come due together: spread their times to live a little.'],
  [['aof', 'fsync'], 'The disk is slow: appendfsync everysec asks less of it than always.'],
  [['gc'], 'V8 is short of heap: start Node with a larger --max-semi-space-size. INFO gc has the figures.'],
]

export function diagnosis({ latency }: Engine): string {
  if (latency.thresholdUs === 0) {
    return (
      'The latency monitor is off, so there is nothing to report on. Turn it on with ' +
      'CONFIG SET latency-monitor-threshold <milliseconds>.\n'
    )
  }
  if (latency.events.size === 0)
    return 'No latency spike was seen since the monitor was turned on or reset.\n'
  return `${report(latency.events)}\n${advice([...latency.events.keys()])}`
}

function report(events: ReadonlyMap<string, LatencyEvent>): string {
  const lines = [...events].map(([name, event], i) => `${i + 1}. ${name}: ${summary(event)}\n`)
  return `Latency spikes were seen:\n\n${lines.join('')}`
}

function summary({ samples, max }: LatencyEvent): string {
  const values = samples.map(({ milliseconds }) => milliseconds)
  const average = mean(values)
  const deviation = mean(values.map(value => Math.abs(value - average)))
  const seconds = samples[samples.length - 1].at - samples[0].at
  const period = formatFixed(Math.max(1, seconds) / samples.length, 2)
  return (
    `${samples.length} latency spikes (average ${Math.round(average)}ms, mean deviation ${Math.round(deviation)}ms, ` +
    `period ${period} sec). Worst all time event ${max}ms.`
  )
}

function advice(names: readonly string[]): string {
  const fitting = ADVICE.filter(([events]) =>
    names.some(name => events.some(event => name.startsWith(event))),
  )
  if (fitting.length === 0) return ''
  return `What usually helps:\n\n${fitting.map(([, text]) => `- ${text}\n`).join('')}`
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
