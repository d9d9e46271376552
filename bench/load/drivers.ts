import { isInstalled } from '../server/program.js'
import type { Driver } from './driver.js'
import { generate } from './generator.js'
import { redisBenchmark } from './redis-benchmark.js'
import type { Job } from './workload.js'

export interface NamedDriver {
  readonly name: string
  readonly drive: Driver
}

/** redis-benchmark where it is installed, since everybody knows it, and the job is one of its kind; else our own. */
export function availableDriver(): NamedDriver {
  return isInstalled('redis-benchmark')
    ? { name: 'redis-benchmark', drive: (port, job) => (isPlain(job) ? redisBenchmark : generate)(port, job) }
    : { name: "the bench's own generator", drive: generate }
}

/** One command, with random numbers in it. */
function isPlain({ others, keyspace }: Job): boolean {
  return others === undefined && keyspace !== 'counted'
}
