/**
 * Signals.
 *
 * SIGTERM and SIGINT ask for an orderly end, with the options of `shutdown-on-sigterm` and `shutdown-on-sigint`.
 * A second SIGTERM does not hurry the first: what is being saved would be lost. SIGINT does: somebody at a terminal
 * insists. SIGHUP is for servers that are worried by the end of a terminal; we are not. SIGPIPE is ignored by Node.
 */

import type { Config } from '../config/config.js'
import type { Log } from '../lib/log.js'

/** What CONFIG knows about a signal, in the words of SHUTDOWN. */
export type OnSignal = (options: readonly ('save' | 'nosave' | 'now' | 'force')[], signal: string) => void

export function listenToSignals(config: Config, log: Log, end: OnSignal): void {
  const ask = (signal: 'SIGTERM' | 'SIGINT'): void => {
    log.warning(`Received ${signal} scheduling shutdown...`)
    const { shutdownOnSigterm, shutdownOnSigint } = config.values
    end(signal === 'SIGTERM' ? shutdownOnSigterm : shutdownOnSigint, signal)
  }
  process.on('SIGTERM', ask)
  process.on('SIGINT', ask)
  process.on('SIGHUP', () => undefined)
}
