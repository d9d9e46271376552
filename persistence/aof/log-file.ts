/**
 * The file that the appender writes, one after another, and how far it has got: in the hands of the kernel, and safe.
 *
 * A write is made behind what was written before. One that fails leaves the position where it is and cuts off what it
 * has left behind, so that the file ends with a whole command also when no further attempt succeeds. `error` says why
 * the last write or sync failed, until one succeeds.
 *
 * Positions count bytes from the start of the server, over all files; what goes to no file counts as well.
 */

import type { Clock } from '../../server/lib/clock.js'
import type { DiskFile } from '../../server/lib/disk.js'
import type { Log } from '../../server/lib/log.js'
import { systemSentence } from '../../server/process/system-sentence.js'

/** Ms between two lines in the log about the same trouble. */
const COMPLAINT_MS = 30_000

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
  private file: DiskFile | null = null
  private isWriting = false
  private complainedMs = -Infinity

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
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
    try {
      await file.writeAt(this.bytes, bytes)
    } catch (error) {
      this.complain('Error writing to the AOF file', error)
      await this.cutBack(file)
      return systemSentence(error)
    }
    this.isWriting = false
    this.written += bytes.length
    this.bytes += bytes.length
    if (this.error !== null) this.log.warning('AOF write error looks solved, Redis can write again.')
    this.setError(null)
    this.observer.written(bytes.length)
    return null
  }

  /** Makes safe what is written. Null, or why it failed. */
  async sync(): Promise<string | null> {
    const upTo = this.written
    this.lastSyncMs = this.nowMs
    try {
      await this.file?.sync()
    } catch (error) {
      this.complain('Fail to fsync the AOF file', error)
      this.observer.syncFailed()
      return systemSentence(error)
    }
    this.synced = Math.max(this.synced, upTo)
    if (!this.isWriting) this.setError(null)
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

  private get nowMs(): number {
    return this.clock.monotonicUs() / 1000
  }

  private async cutBack(file: DiskFile): Promise<void> {
    try {
      if ((await file.size()) > this.bytes) await file.truncate(this.bytes)
    } catch (error) {
      this.log.warning(
        'Could not remove short write from the append-only file.  Redis may refuse to load the AOF the next time ' +
          `it starts.  ftruncate: ${systemSentence(error)}`,
      )
    }
  }

  private complain(what: string, error: unknown): void {
    this.setError(systemSentence(error))
    if (this.nowMs - this.complainedMs < COMPLAINT_MS) return
    this.complainedMs = this.nowMs
    this.log.warning(`${what}: ${systemSentence(error)}`)
  }

  private setError(error: string | null): void {
    if (error === this.error) return
    this.error = error
    this.observer.errorChanged()
  }
}
