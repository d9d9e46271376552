/** `pidfile`: the process id, for as long as the server runs. */

import type { Config } from '../config/config.js'
import type { Log } from '../lib/log.js'
import type { ProcessFacts } from '../lib/process-facts.js'
import { removeFile, writeTextFile } from '../lib/start-files.js'
import { systemSentence } from './system-sentence.js'

/** Where it is when the server runs in the background and nothing else was said. */
const BACKGROUND_PATH = '/var/run/redis.pid'

export class PidFile {
  private readonly path: string
  private written = false

  constructor(
    { values: { pidfile, daemonize } }: Config,
    private readonly facts: ProcessFacts,
    private readonly log: Log,
  ) {
    this.path = pidfile === '' && daemonize ? BACKGROUND_PATH : pidfile
  }

  /** One that cannot be written is no reason not to run. */
  write(): void {
    if (this.path === '') return
    try {
      writeTextFile(this.path, `${this.facts.pid}\n`)
      this.written = true
    } catch (error) {
      this.log.warning(`Failed to write PID file ${this.path}: ${systemSentence(error)}`)
    }
  }

  remove(): void {
    if (!this.written) return
    this.log.notice('Removing the pid file.')
    removeFile(this.path)
    this.written = false
  }
}
