import { isInstalled } from '../server/program.js'
import type { Driver } from './driver.js'
import { generate } from './generator.js'
import { redisBenchmark } from './redis-benchmark.js'

export interface NamedDriver {
  readonly name: string
  readonly drive: Driver
}

/** redis-benchmark where it is installed, since everybody knows it; else our own. */
export function availableDriver(): NamedDriver {
  return isInstalled('redis-benchmark')
    ? { name: 'redis-benchmark', drive: redisBenchmark }
    : { name: "the bench's own generator", drive: generate }
}
