/** The base of a log: a snapshot, or with `aof-use-rdb-preamble no` the commands that make each key. */

import type { Engine } from '../../server/engine/engine.js'
import { SnapshotFile } from '../rdb/snapshot-file.js'
import { type SnapshotRun, type SnapshotSink, writeSnapshot } from '../rdb/snapshot-run.js'
import type { BaseForm } from './manifest.js'
import { PlainEncoder } from './plain-encoder.js'

/** The form that is wanted now. */
export function baseForm({ config }: Engine): BaseForm {
  return config.values.aofUseRdbPreamble ? 'rdb' : 'aof'
}

/** Where a base is written, until it has its name. */
export function baseFile({ config, disk, facts }: Engine, path: string): SnapshotFile {
  return new SnapshotFile(disk, path, facts.pid, () => config.values.aofRewriteIncrementalFsync)
}

/** Begins to write one. The instant is now; nobody else may be taking a snapshot. */
export function writeBase(engine: Engine, form: BaseForm, sink: SnapshotSink): SnapshotRun {
  const encoder = form === 'aof' ? new PlainEncoder(engine) : undefined
  return writeSnapshot(engine, sink, { aux: [['aof-base', 1]], encoder })
}
