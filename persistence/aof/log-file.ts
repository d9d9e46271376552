/**
 * The file that the appender writes, one after another, and how far it has got: in the hands of the kernel, and safe.
 *
 * A write is made behind what was written before. One that fails leaves the position where it is and cuts off what it
 * has left behind, so that the file ends with a whole command also when no further attempt succeeds. `error` says why
 * the last write or sync failed, until one succeeds.
 *
 * Positions count bytes from the start of the server, over all files; what goes to no file counts as well.
 */

import type { Engine } from '../../server/engine/engine.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { DiskPace } from './disk-pace.js'

/** Ms between two lines in the log about the same trouble. */
const COMPLAINT_MS = 30_000
/** What is believed of a disk, us: the page cache takes what is written; a sync has to prove itself. */
const WRITE_US = 0
const SYNC_US = 2000

/** Who wants to know how the file fares. */
export interface LogFileObserver {
  /** Bytes have reached the kernel. */
  written(bytes: number): void
  /** A sync has failed: what the file holds is uncertain. */
  syncFailed(): void
  /** `error` has come, gone or changed. */
  errorChanged(): void
}

export class LogFile {
  /** Positions: in the hands of the kernel, safe on disk. */
  written = 0
  synced = 0
  /** Bytes in the present file. */
  bytes = 0
  /** Why the last write or sync failed; null when it did not. */
  error: string | null = null
  /** Monotonic ms at which the last sync began, or the file came. */
  lastSyncMs = 0
  /** Monotonic ms of the last write. */
  lastWriteMs = -Infinity
  readonly writePace = new DiskPace(WRITE_US)
  readonly syncPace = new DiskPace(SYNC_US)
  private file: DiskFile | null = null
  private isWriting = false
  private complainedMs = -Infinity

  constructor(
    private readonly engine: Engine,
    private readonly observer: LogFileObserver,
  ) {}

  get isOpen(): boolean {
    return this.file !== null
  }

  /** Goes on with a file, which is `bytes` long; null: with none. */
  adopt(file: DiskFile | null, bytes: number): void {
    this.file = file
    this.bytes = bytes
    this.lastSyncMs = this.nowMs
  }

  /** Bytes that go to no file. */
  skip(bytes: number): void {
    this.written += bytes
  }

  /** Tries once. Null, or why it failed. */
  async write(bytes: Uint8Array): Promise<string | null> {
    const { file } = this
    if (file === null) throw new Error('there is no file to write to')
    this.isWriting = true
    const startedUs = this.nowUs
    try {
      await file.writeAt(this.bytes, bytes)
    } catch (error) {
      this.complain('Error writing to the AOF file', error)
      await this.cutBack(file)
      return systemSentence(error)
    }
    this.isWriting = false
    if (this.error !== null) this.engine.log.warning('AOF write error looks solved, Redis can write again.')
    this.setError(null)
    this.hasWritten(bytes.length, startedUs)
    return null
  }

  /** Tries once, on the loop. False: it is to be tried again beside it, over what this has left behind. */
  writeSync(bytes: Uint8Array): boolean {
    if (this.file === null || this.error !== null) return false
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
    if (!this.isWriting) this.setError(null)
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
    this.complain('Error opening the AOF file', error)
  }

  /** Another file takes its place. Rejects when there is none: then this one goes on. */
  async replace(open: () => Promise<DiskFile | null>): Promise<void> {
    const { file } = this
    const next = await open()
    await file?.close().catch(() => undefined)
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
    this.synced = Math.max(this.synced, upTo)
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
    this.complain('Fail to fsync the AOF file', error)
    this.observer.syncFailed()
    return systemSentence(error)
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

  private complain(what: string, error: unknown): void {
    this.setError(systemSentence(error))
    if (this.nowMs - this.complainedMs < COMPLAINT_MS) return
    this.complainedMs = this.nowMs
    this.engine.log.warning(`${what}: ${systemSentence(error)}`)
  }

  private setError(error: string | null): void {
    if (error === this.error) return
    this.error = error
    this.observer.errorChanged()
  }
}
