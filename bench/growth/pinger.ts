import { once } from 'node:events'
import { join } from 'node:path'
import { forkHelper } from '../helper-process.js'
import type { Latency } from '../latency.js'

export type PingReport = Latency & {
  readonly pings: number
  /** The longest time for which the pinging process itself was kept waiting: the error of `maxMs`. */
  readonly hiccupMs: number
}

const PROGRAM = join(import.meta.dirname, 'ping-process.ts')

/** Pings a server while `work` is done, from a process of its own that nothing else keeps busy. */
export async function pingDuring(port: number, work: () => Promise<void>): Promise<PingReport> {
  const child = forkHelper(PROGRAM, [`${port}`])
  const lost = once(child, 'exit').then(() => Promise.reject(new Error('the pinging process ended early')))
  try {
    await Promise.race([once(child, 'message'), lost])
    await Promise.race([work(), lost])
    child.send('stop')
    const [report] = (await Promise.race([once(child, 'message'), lost])) as [PingReport]
    return report
  } finally {
    child.kill()
  }
}
