import type { Histogram } from 'node:perf_hooks'

export interface Latency {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
}

/** Reads a histogram of nanoseconds. */
export function latencyOf(histogram: Histogram): Latency {
  const atMs = (percentile: number): number => histogram.percentile(percentile) / 1e6
  return { p50Ms: atMs(50), p99Ms: atMs(99), p999Ms: atMs(99.9), maxMs: histogram.max / 1e6 }
}
