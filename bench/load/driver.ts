import type { Latency } from '../latency.js'
import type { Job } from './workload.js'

/** What a load generator saw of a server. */
export interface Traffic extends Latency {
  /** Sent and answered; a generator may round up to whole pipelines. */
  readonly requests: number
  readonly requestsPerSecond: number
}

/** Puts one job's load on the server at a port of this machine. */
export type Driver = (port: number, job: Job) => Promise<Traffic>
