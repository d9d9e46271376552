import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Traffic } from './driver.js'
import type { Job } from './workload.js'

/** Against a port where nobody listens any more it would try for ever. */
const TIMEOUT_MS = 300_000
const OUTPUT_MAX = 64 << 20

export async function redisBenchmark(port: number, job: Job): Promise<Traffic> {
  const options = ['-p', port, '-n', job.requests, '-c', job.clients]
  const shape = ['-P', job.pipeline, '-r', job.keyspace]
  const { stdout } = await promisify(execFile)(
    'redis-benchmark',
    [...options, ...shape, ...job.words].map(String),
    {
      timeout: TIMEOUT_MS,
      maxBuffer: OUTPUT_MAX,
      encoding: 'latin1',
    },
  )
  return parseReport(stdout)
}

/**
 * Reads redis-benchmark's full report, not `--csv`: the comma-separated form leaves out p99.9, which stands in
 * the list of percentiles only.
 *
 *     200000 requests completed in 0.15 seconds
 *     99.902% <= 1.887 milliseconds (cumulative count 199856)
 *     throughput summary: 1307189.62 requests per second
 *     latency summary (msec):
 *             avg       min       p50       p95       p99       max
 *           0.544     0.184     0.511     0.823     1.079     2.159
 */
export function parseReport(text: string): Traffic {
  const [, , p50Ms, , p99Ms, maxMs] = numbersIn(find(text, /^ *avg +min +p50 +p95 +p99 +max *\n(.*)$/m))
  return {
    requests: Number(find(text, /(\d+) requests completed in/)),
    requestsPerSecond: Number(find(text, /throughput summary: ([\d.]+) requests per second/)),
    ...{ p50Ms, p99Ms, p999Ms: percentileMs(text, 99.9), maxMs },
  }
}

/** The list climbs in halving steps and has 99.902 but not 99.9: the first step that reaches it is an upper bound. */
function percentileMs(text: string, wanted: number): number {
  const list = find(text, /Latency by percentile distribution:\n([^]*?)\n\n/)
  const steps = list.split('\n').map(numbersIn)
  const step = steps.find(([percent]) => percent >= wanted)
  if (step === undefined) throw new Error(`redis-benchmark's list of percentiles ends before ${wanted}`)
  return step[1]
}

function numbersIn(text: string): number[] {
  return (text.match(/\d+(\.\d+)?/g) ?? []).map(Number)
}

function find(text: string, pattern: RegExp): string {
  const match = pattern.exec(text)
  if (match === null) throw new Error(`redis-benchmark did not report ${pattern.source}:\n${text}`)
  return match[1]
}
