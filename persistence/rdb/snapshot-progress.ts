/** Tells the log how far the snapshot under way has come, whoever takes it. */

import type { Engine } from '../../server/engine/engine.js'
import { megabytes, percentage, Progress } from '../progress.js'
import { type SnapshotRun, snapshotRuns } from './snapshot-run.js'

export class SnapshotProgress {
  private run: SnapshotRun | null = null
  private progress: Progress

  constructor(private readonly engine: Engine) {
    this.progress = new Progress(engine)
  }

  tick(): void {
    const run = snapshotRuns(this.engine).current
    if (run !== this.run) {
      this.run = run
      this.progress = new Progress(this.engine)
    }
    if (run !== null) this.progress.tell(() => lineOf(run))
  }
}

function lineOf({ keysSaved, keysTotal, bytes }: SnapshotRun): string {
  const share = percentage(keysSaved, keysTotal)
  return `Snapshot in progress: ${keysSaved} of ${keysTotal} keys (${share}), ${megabytes(bytes)} written`
}
