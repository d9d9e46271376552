/**
 * LATENCY GRAPH: the spikes of one event as columns of text, oldest left, tallest at the top.
 *
 *      command - high 500 ms, low 101 ms (all time high 500 ms)
 *      ----------------------------------------------------------
 *         #
 *        _|
 *       _||
 *      _|||
 *
 *      4321
 *      ssss
 *
 * Below each column stands how long ago it was, read downwards.
 */

import type { LatencyEvent } from '../../engine/latency-monitor.js'

const ROWS = 4
/** Marks of the top of a column that ends in the lower, middle or upper part of its row. */
const TOPS = ['_', 'o', '#'] as const
const RULE = '-'.repeat(80)

export function latencyGraph(name: string, { samples, max }: LatencyEvent, nowS: number): string {
  const heights = samples.map(({ milliseconds }) => milliseconds)
  const high = Math.max(...heights)
  const low = Math.min(...heights)
  const columns = samples.map(({ at, milliseconds }) => [
    ...column(share(milliseconds, low, high)),
    ' ',
    ...age(Math.max(0, nowS - at)).split(''),
  ])
  return `${name} - high ${high} ms, low ${low} ms (all time high ${max} ms)\n${RULE}\n${turned(columns)}\n`
}

/** Where a value stands between the lowest and the highest: 0 to 1. */
function share(value: number, low: number, high: number): number {
  return high === low ? 0 : (value - low) / (high - low)
}

/** The column from its top row to its bottom row. */
function column(height: number): string[] {
  const steps = ROWS * TOPS.length - 1
  const step = Math.round(height * steps)
  const full = Math.floor(step / TOPS.length)
  return Array.from({ length: ROWS }, (_, row) => {
    const level = ROWS - 1 - row
    if (level > full) return ' '
    return level < full ? '|' : TOPS[step % TOPS.length]
  })
}

/** Columns side by side, as lines. */
function turned(columns: readonly (readonly string[])[]): string {
  const height = Math.max(...columns.map(one => one.length))
  return Array.from({ length: height }, (_, row) => columns.map(one => one[row] ?? ' ').join('')).join('\n')
}

function age(seconds: number): string {
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}
