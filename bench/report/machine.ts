import { availableParallelism, cpus, loadavg, release } from 'node:os'

/** Where and when: figures of two machines, or of two days, are not for comparing. */
export interface Machine {
  readonly date: string
  readonly cpu: string
  readonly cores: number
  readonly kernel: string
  readonly node: string
  /** Load average of the last minute before the run: above 0 the neighbours were working. */
  readonly loadBefore: number
}

export function thisMachine(): Machine {
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    kernel: release(),
    node: process.version,
    loadBefore: loadavg()[0],
  }
}
