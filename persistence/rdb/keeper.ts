/**
 * Who keeps the data in `dbfilename`: on request (SAVE, BGSAVE, SHUTDOWN), and when a save point is reached.
 *
 * Events only leave their mark (`scheduled`, the count of changes); the tick decides what to do about them. There is
 * one snapshot at a time, whoever takes it: who comes second waits for its turn or is told so.
 *
 * Changes are counted from the instant of the last snapshot that was saved, not from the moment when that was done.
 */

import { dirname, join } from 'node:path'
import type { Engine } from '../../server/engine/engine.js'
import { EngineAlert } from '../../server/engine/gates.js'
import { RoomKey } from '../../server/engine/rooms.js'
import { explainFullDisk, warnOfLittleSpace } from '../free-space.js'
import { loadingOf } from '../loading.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { type AuxFields, encodeNow } from './encoder.js'
import { SnapshotProgress } from './snapshot-progress.js'
import { SnapshotFile } from './snapshot-file.js'
import { SnapshotCancelled, type SnapshotRun, snapshotRuns, writeSnapshot } from './snapshot-run.js'

/** After a failure the next try by a save point, or of a scheduled save, waits so long. */
const RETRY_MS = 5000

/** `saved`; `cancelled`: somebody wanted that; `failed`: the log says why. */
export type Outcome = 'saved' | 'cancelled' | 'failed'

export interface Saving {
  readonly run: SnapshotRun
  readonly startedMs: number
  readonly outcome: Promise<Outcome>
}

export class SnapshotKeeper {
  /** The save under way. */
  saving: Saving | null = null
  /** A save that is to begin when there is time. */
  scheduled = false
  /** How the last save in the background went; a cancelled one does not count. */
  lastStatus: 'ok' | 'err' = 'ok'
  /** Why the last save that failed did so. */
  lastError = ''
  lastSaveMs: number
  lastDurationMs = -1
  lastEarlyBytes = 0
  /** Saves begun in the background. */
  saves = 0
  /** Rooms that want facts of theirs in the file. Asked at the snapshot's instant, before any key is written. */
  readonly auxSources: (() => AuxFields)[] = []
  /** Told that the file is about to be loaded at the start. */
  readonly beforeLoad: (() => void)[] = []
  /** Told of the facts in the file, once all of it was loaded at the start. */
  readonly auxReaders: ((facts: ReadonlyMap<string, string>) => void)[] = []
  private lastTryMs = 0
  /** The count of changes at the instant of what is on disk. */
  private savedDirty = 0
  private readonly progress: SnapshotProgress

  constructor(private readonly engine: Engine) {
    this.progress = new SnapshotProgress(engine)
    this.lastSaveMs = engine.startedAtMs
  }

  get path(): string {
    const { dir, dbfilename } = this.engine.config.values
    return join(dir, dbfilename)
  }

  get hasSavePoints(): boolean {
    return this.engine.config.values.save.length > 0
  }

  /** Changes since the last save. */
  get changes(): number {
    return this.engine.keyspace.dirty - this.savedDirty
  }

  /** What stands at the head of a file that is begun now. */
  aux(): AuxFields {
    return [['aof-base', 0], ...this.auxSources.flatMap(source => source())]
  }

  /** Somebody takes a snapshot, for another purpose or for a file of ours, which may not have its name yet. */
  get busy(): boolean {
    return this.saving !== null || snapshotRuns(this.engine).current !== null
  }

  /** What is in memory is what is on disk. */
  settle(): void {
    this.savedDirty = this.engine.keyspace.dirty
  }

  /** Begins to save in the background. Nobody else may be taking a snapshot. */
  background(): void {
    this.engine.log.notice(`Background saving started by pid ${this.engine.facts.pid}`)
    this.saves++
    const { outcome } = this.begin()
    void outcome.then(result => this.tellBackground(result))
  }

  /** Saves now, or when the snapshot that is being taken is done. */
  async save(): Promise<Outcome> {
    while (this.busy)
      await (this.saving?.outcome ?? snapshotRuns(this.engine).current?.done.catch(() => undefined))
    const { outcome } = this.begin()
    return outcome
  }

  /** Saves while the world stands still; false when that failed, and the log says why. */
  saveNow(): boolean {
    const { engine } = this
    try {
      engine.disk.writeFileAtomicallySync(this.path, encodeNow(engine, this.aux()))
    } catch (error) {
      this.lastError = `Write error saving DB on disk: ${systemSentence(error)}`
      engine.log.warning(this.lastError)
      return false
    }
    engine.log.notice('DB saved on disk')
    this.saved(engine.keyspace.dirty)
    return true
  }

  /** False when nothing was under way. */
  cancel(): boolean {
    this.saving?.run.cancel()
    return this.saving !== null
  }

  tick(nowMs: number): void {
    this.progress.tick()
    if (this.busy || loadingOf(this.engine).active) return
    const rested = nowMs - this.lastTryMs > RETRY_MS || this.lastStatus === 'ok'
    if (!rested) return
    if (this.scheduled || this.reachedSavePoint(nowMs)) {
      this.scheduled = false
      this.background()
    }
  }

  /** Keeps the alert of the gate that refuses writes. */
  judge(): void {
    const { engine } = this
    const denies =
      this.lastStatus === 'err' && this.hasSavePoints && engine.config.values.stopWritesOnBgsaveError
    engine.setAlert(EngineAlert.snapshotError, denies)
  }

  private reachedSavePoint(nowMs: number): boolean {
    const { config, log } = this.engine
    const reached = config.values.save.find(
      ({ seconds, changes }) => this.changes >= changes && nowMs - this.lastSaveMs > seconds * 1000,
    )
    if (reached !== undefined)
      log.notice(`${reached.changes} changes in ${reached.seconds} seconds. Saving...`)
    return reached !== undefined
  }

  private begin(): Saving {
    const { engine } = this
    void warnOfLittleSpace(engine, this.path)
    const { dirty } = engine.keyspace
    const startedMs = engine.clock.wallMs()
    this.lastTryMs = startedMs
    const incremental = () => engine.config.values.rdbSaveIncrementalFsync
    const file = new SnapshotFile(engine.disk, this.path, engine.facts.pid, incremental)
    const run = writeSnapshot(engine, file, { aux: this.aux() })
    const outcome = this.see(run, file).then(result => this.ended(result, startedMs, dirty))
    this.saving = { run, startedMs, outcome }
    return this.saving
  }

  /** The file is there, or it is not. */
  private async see(run: SnapshotRun, file: SnapshotFile): Promise<Outcome> {
    try {
      await run.done
      await file.commit()
      this.engine.log.notice('DB saved on disk')
      return 'saved'
    } catch (error) {
      await file.discard()
      if (error instanceof SnapshotCancelled) return 'cancelled'
      this.lastError = systemSentence(error)
      this.engine.log.warning(this.lastError)
      await explainFullDisk(this.engine, dirname(this.path), error, run.bytes)
      return 'failed'
    }
  }

  private ended(outcome: Outcome, startedMs: number, dirty: number): Outcome {
    const { clock } = this.engine
    this.lastDurationMs = clock.wallMs() - startedMs
    this.lastEarlyBytes = this.saving?.run.earlyBytes ?? 0
    this.saving = null
    if (outcome === 'saved') this.saved(dirty)
    return outcome
  }

  /** What there was at so many changes is on disk. */
  private saved(dirty: number): void {
    this.lastSaveMs = this.engine.clock.wallMs()
    this.savedDirty = dirty
    this.lastStatus = 'ok'
    this.judge()
  }

  /** Only a failure that nobody waited for makes the server refuse writes: who waited has been told. */
  private tellBackground(outcome: Outcome): void {
    const { log } = this.engine
    if (outcome === 'saved') log.notice('Background saving terminated with success')
    else if (outcome === 'cancelled') log.notice('Background saving cancelled')
    else {
      log.warning('Background saving error')
      this.lastStatus = 'err'
      this.judge()
    }
  }
}

export const KEEPER = new RoomKey<SnapshotKeeper>('snapshot keeper')
