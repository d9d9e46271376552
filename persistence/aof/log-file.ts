/**
 * The file that the appender writes, one after another, and how far it has got: in the hands of the kernel, and safe.
 *
 * A write is made behind what was written before. One that fails leaves the position where it is and cuts off what it
 * has left behind, so that the file ends with a whole command also when no further attempt succeeds. `error` says why
 * the last write or the last sync failed, until one succeeds. What such a sync should have saved stays in `doubt` for
 * longer (safe-prefix.ts).
 *
 * Positions count bytes from the start of the server, over all files; what goes to no file counts as well.
 */

import type { Engine } from '../../server/engine/engine.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { DiskPace } from './disk-pace.js'
import { SafePrefix } from './safe-prefix.js'

/** Ms between two lines in the log about the same trouble. */
const COMPLAINT_MS = 30_000
/** What is believed of a disk, us: the page cache takes what is written; a sync has to prove itself. */
const WRITE_US = 0
const SYNC_US = 2000

/** Who wants to know how the file fares. */
export interface LogFileObserver {
  /** Bytes have reached the kernel. */
  written(bytes: number): void
  /** `error` or `doubt` has come, gone or changed. */
  troubleChanged(): void
}

export class LogFile {
  /** Position: in the hands of the kernel. */
  written = 0
  /** Bytes in the present file. */
  bytes = 0
  /** Monotonic ms at which the last sync began, or the file came. */
  lastSyncMs = 0
  /** Monotonic ms of the last write. */
  lastWriteMs = -Infinity
  readonly writePace = new DiskPace(WRITE_US)
  readonly syncPace = new DiskPace(SYNC_US)
  private readonly prefix = new SafePrefix()
  private file: DiskFile | null = null
  /** Why the last write, the last sync failed, and why some of it is in doubt; null when it is not so. */
  private writeError: string | null = null
  private syncError: string | null = null
  private doubtReason: string | null = null
  private complainedMs = -Infinity

  constructor(
    private readonly engine: Engine,
    private readonly observer: LogFileObserver,
  ) {}

  get isOpen(): boolean {
    return this.file !== null
  }

  /** Position: safe on disk. */
  get synced(): number {
    return this.prefix.safe
  }

  /** There is something that no sync has covered yet. */
  get isUnsynced(): boolean {
    return this.prefix.covered < this.written || this.syncFailed
  }

  /** The last sync failed: another has to show that the disk is well again. */
  get syncFailed(): boolean {
    return this.syncError !== null
  }

  /** Why the last write or sync failed; null when it did not. */
  get error(): string | null {
    return this.writeError ?? this.syncError
  }

  /** Why not all that was written can become safe where it is; null when it can. */
  get doubt(): string | null {
    return this.doubtReason
  }

  /** Goes on with a file, which is `bytes` long; null: with none. */
  adopt(file: DiskFile | null, bytes: number): void {
    this.file = file
    this.bytes = bytes
    this.lastSyncMs = this.nowMs
    if (file !== null && this.writeError !== null) this.setWriteError(null)
  }

  /** Bytes that go to no file. */
  skip(bytes: number): void {
    if (bytes === 0) return
    this.written += bytes
    this.prefix.gaveUp(this.written)
    this.setDoubt(this.writeError ?? 'some of it was not written')
    this.setWriteError(null)
  }

  /** Tries once. Null, or why it failed. */
  async write(bytes: Uint8Array): Promise<string | null> {
    const { file } = this
    if (file === null) throw new Error('there is no file to write to')
    const startedUs = this.nowUs
    try {
      await file.writeAt(this.bytes, bytes)
    } catch (error) {
      this.noteWriteFailure('Error writing to the AOF file', error)
      await this.cutBack(file)
      return systemSentence(error)
    }
    if (this.writeError !== null) {
      this.engine.log.warning('AOF write error looks solved, Redis can write again.')
      this.setWriteError(null)
    }
    this.hasWritten(bytes.length, startedUs)
    return null
  }

  /** Tries once, on the loop. False: it is to be tried again beside it, over what this has left behind. */
  writeSync(bytes: Uint8Array): boolean {
    if (this.file === null || this.writeError !== null) return false
    const startedUs = this.nowUs
    try {
      this.file.writeAtSync(this.bytes, bytes)
    } catch {
      return false
    }
    this.hasWritten(bytes.length, startedUs)
    return true
  }

  /** Makes safe what is written. Null, or why it failed. */
  async sync(): Promise<string | null> {
    const upTo = this.written
    const startedUs = this.beginSync()
    try {
      await this.file?.sync()
    } catch (error) {
      return this.noteSyncFailure(error)
    }
    this.hasSynced(upTo, startedUs)
    return null
  }

  /** As `sync`, on the loop; nothing else is under way. */
  syncSync(): string | null {
    const startedUs = this.beginSync()
    try {
      this.file?.syncSync()
    } catch (error) {
      return this.noteSyncFailure(error)
    }
    this.hasSynced(this.written, startedUs)
    return null
  }

  /** There is no file, and there should be one. */
  unavailable(error: unknown): void {
    this.noteWriteFailure('Error opening the AOF file', error)
  }

  /** The log has a base now, safe on disk, that holds all before this position. */
  rebase(position: number): void {
    this.prefix.rebased(position)
    if (this.prefix.inDoubt) return
    this.setSyncError(null)
    this.setDoubt(null)
  }

  /** Another file takes its place. Rejects when there is none: then this one goes on. */
  async replace(open: () => Promise<DiskFile | null>): Promise<void> {
    const next = await open()
    await this.file?.close().catch(() => undefined)
    this.prefix.fileEnded(this.written)
    this.adopt(next, 0)
  }

  private get nowUs(): number {
    return this.engine.clock.monotonicUs()
  }

  private get nowMs(): number {
    return this.nowUs / 1000
  }

  private hasWritten(bytes: number, startedUs: number): void {
    this.written += bytes
    this.bytes += bytes
    this.lastWriteMs = this.nowMs
    this.took('aof-write', this.writePace, startedUs)
    this.observer.written(bytes)
  }

  private beginSync(): number {
    this.lastSyncMs = this.nowMs
    return this.nowUs
  }

  private hasSynced(upTo: number, startedUs: number): void {
    this.prefix.synced(upTo)
    if (this.syncError !== null) this.setSyncError(null)
    this.took(
      this.engine.config.values.appendfsync === 'always' ? 'aof-fsync-always' : null,
      this.syncPace,
      startedUs,
    )
  }

  /** `event`: that of the latency monitor, where somebody waited for it. */
  private took(event: string | null, pace: DiskPace, startedUs: number): void {
    const { latency, keyspace } = this.engine
    const { nowUs } = this
    const us = nowUs - startedUs
    pace.took(us, nowUs / 1000)
    if (event !== null) latency.record(event, us, keyspace.now)
  }

  private noteSyncFailure(error: unknown): string {
    const reason = systemSentence(error)
    this.prefix.failed()
    this.setSyncError(reason)
    this.setDoubt(reason)
    this.complain('Fail to fsync the AOF file', reason)
    return reason
  }

  private noteWriteFailure(what: string, error: unknown): void {
    const reason = systemSentence(error)
    this.setWriteError(reason)
    this.complain(what, reason)
  }

  private async cutBack(file: DiskFile): Promise<void> {
    try {
      if ((await file.size()) > this.bytes) await file.truncate(this.bytes)
    } catch (error) {
      this.engine.log.warning(
        'Could not remove short write from the append-only file.  Redis may refuse to load the AOF the next time ' +
          `it starts.  ftruncate: ${systemSentence(error)}`,
      )
    }
  }

  private complain(what: string, reason: string): void {
    if (this.nowMs - this.complainedMs < COMPLAINT_MS) return
    this.complainedMs = this.nowMs
    this.engine.log.warning(`${what}: ${reason}`)
  }

  private setWriteError(reason: string | null): void {
    this.writeError = reason
    this.observer.troubleChanged()
  }

  private setSyncError(reason: string | null): void {
    this.syncError = reason
    this.observer.troubleChanged()
  }

  private setDoubt(reason: string | null): void {
    this.doubtReason = reason
    this.observer.troubleChanged()
  }
}
