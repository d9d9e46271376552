/**
 * The appender: effects go in, bytes of incremental files come out.
 *
 * A sink of the journal. During a turn effects collect in a buffer; at its end the buffer goes to the disk as one
 * batch, off the loop, while the next turns collect the next one. One pump writes batch after batch, so there is
 * never more than one write under way, and the file is always a prefix of the history, perhaps with a torn end.
 *
 *     append -> buffer -> (end of turn) -> batch -> write -> [sync] -> release those who waited for it
 *                ^                           |
 *                '---- the next turns -------'
 *
 * A write costs as much as thirty SETs, and a busy server has thousands of turns a second. So where nobody waits for the
 * disk the turns of 5 ms share one: an effect reaches the kernel at once after a pause, else within 5 ms.
 *
 * What a client is promised is `appendfsync`:
 *
 * - `always`: group commit. A session that wrote is held: its reply waits for the sync of its batch, and what it
 *   asks next waits as well. Everybody else goes on; their writes form the next batch. So under load one sync
 *   serves many writers. What is not promised: another client may read a write before it is safe on disk.
 * - `everysec`: nobody waits. A sync is begun once a second, beside the writes: a power cut takes no more than the last
 *   second and what came during a sync, the death of the process alone the last 5 ms and what came during a write. When
 *   the disk cannot take even the write of a batch for two seconds, writers are held until it does: they alone, and not
 *   the loop.
 * - `no`: the kernel decides what a power cut takes.
 *
 * When a write fails nothing is lost yet: the batch stays and is written again at the same place. Until that
 * succeeds, `error` says why, and commands that write are refused. With `always` the promise cannot be kept:
 * the server ends. A sync that has failed proves that later ones prove nothing (see disk.ts): it is tried again,
 * for the status, and `syncFailed` asks for a rewrite into new files.
 *
 * Positions count bytes from the start of the server, over all files.
 */

import type { Engine } from '../../server/engine/engine.js'
import type { JournalSink } from '../../server/engine/journal.js'
import type { Session } from '../../server/engine/session.js'
import type { Mem } from '../../server/lib/bytes.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { type Batch, WriteBuffer } from './buffer.js'
import { CommitGroup } from './commit-group.js'
import { Writers } from './writers.js'

const SYNC_INTERVAL_MS = 1000
/** Where nobody waits: how long after the last write effects collect for the next, and how many bytes at most. */
const COLLECT_MS = 5
const COLLECT_BYTES = 256 * 1024
/** A group that does not come back is not waited for any longer, should nothing else bring a turn about. */
const GATHER_MS = 1
const RETRY_MS = 1000
/** A write that takes longer than this holds those who write on. */
const STALL_MS = 2000
/** Ms between two lines in the log about the same trouble. */
const COMPLAINT_MS = 30_000

/** What the pump does in one round. */
interface Round {
  readonly batch: Batch
  /** Sessions that wait for it. */
  readonly held: readonly Session[]
  /** Opens the file of the batches behind it. */
  readonly next?: OpenNext
}

/** Null: nothing more is written. When it rejects, the present file goes on. */
export type OpenNext = () => Promise<DiskFile | null>

/** Who wants to know how the appender fares. */
export interface AppenderObserver {
  /** Bytes have reached the kernel. */
  written(bytes: number): void
  /** A sync has failed: what the file holds is uncertain. */
  syncFailed(): void
  /** `error` has come, gone or changed. */
  errorChanged(): void
}

export class Appender implements JournalSink {
  /** Positions: collected, in the hands of the kernel, safe on disk. */
  appended = 0
  written = 0
  synced = 0
  /** Bytes in the present file. */
  fileBytes = 0
  /** Why the last write or sync failed; null when it did not. */
  error: string | null = null
  /** How often writers had to be held because of a slow disk: INFO's aof_delayed_fsync. */
  stalls = 0
  /** For tests: how long to sleep before each write, us. */
  sleepUs = 0

  private file: DiskFile | null = null
  private readonly buffer = new WriteBuffer()
  private rounds: Round[] = []
  private readonly writers = new Writers()
  private readonly group = new CommitGroup()
  private selectedDb = -1
  private stampedSecond = 0
  private pumping: Promise<void> | null = null
  private syncing: Promise<void> | null = null
  private lastSyncMs = 0
  /** Monotonic ms at which the write under way began; Infinity: none is. */
  private writeSinceMs = Infinity
  private stalled = false
  /** Monotonic ms of the last write, and whether the next one has its time. */
  private wroteMs = -Infinity
  private willWrite = false
  private complainedMs = -Infinity
  private ending = false
  /** A promise could not be kept: nothing is written any more. */
  private failed = false

  constructor(
    private readonly engine: Engine,
    private readonly observer: AppenderObserver,
    /** True while something else works the disk and `no-appendfsync-on-rewrite` spares it. */
    private readonly spares: () => boolean,
  ) {}

  /** Bytes of memory that the buffer takes. */
  get memory(): number {
    return this.buffer.capacity
  }

  /** Bytes that wait to be written. */
  get pending(): number {
    return this.appended - this.written
  }

  get syncPending(): boolean {
    return this.syncing !== null
  }

  // As a sink of the journal --------------------------------------------------------------------------------

  append(db: number, mem: Mem, start: number, length: number): void {
    const { buffer, engine } = this
    const before = buffer.length
    if (engine.config.values.aofTimestampEnabled) this.stamp()
    if (db !== this.selectedDb) this.select(db)
    buffer.add(mem, start, length)
    this.appended += buffer.length - before
    const session = engine.executor.context.session as Session | undefined
    if (session === undefined) return
    session.loggedTo = this.appended
    if (this.stalled || engine.config.values.appendfsync === 'always') this.writers.wrote(session)
  }

  /** The turn is over: what it wrote goes to the disk, at once where somebody waits for it. */
  endTurn(): void {
    this.writers.hold()
    if (this.buffer.length === 0) this.syncBeside()
    else if (this.gathers) this.writeIn(GATHER_MS)
    else if (this.mayCollect) this.writeIn(COLLECT_MS)
    else this.pump()
  }

  /** Called now and then: the disk may be slow, a sync may be due. */
  tick(): void {
    this.noteStall()
    this.syncBeside()
  }

  // Files ---------------------------------------------------------------------------------------------------

  /** Begins with a file, which is `bytes` long; null: with none. */
  adopt(file: DiskFile | null, bytes: number): void {
    this.file = file
    this.fileBytes = bytes
    this.lastSyncMs = this.nowMs
  }

  /** Effects from now on go to another file. What was appended before still goes to this one, and is made safe first. */
  switchTo(next: OpenNext): void {
    this.rounds.push({ ...this.takeRound(), next })
    this.beginText()
    this.pump()
  }

  /** Another text begins: it says itself which database it speaks of, and when. */
  beginText(): void {
    this.selectedDb = -1
    this.stampedSecond = 0
  }

  /** Resolves when all that was appended is in the hands of the kernel. */
  async settle(): Promise<void> {
    while (this.pumping !== null || this.buffer.length > 0) {
      this.pump()
      await this.pumping
    }
  }

  /** Ends the present file: resolves when all that was appended is safe on disk. */
  async finish(): Promise<void> {
    this.switchTo(() => Promise.resolve(null))
    await this.settle()
  }

  /** As `finish`, but what the disk does not take at once is given up: the server ends. */
  async end(): Promise<void> {
    this.ending = true
    if (!this.failed) await this.finish()
    this.ending = false
  }

  /** Ends the present file, and forgets what was not written yet. */
  async abandon(): Promise<void> {
    this.written += this.buffer.length
    this.buffer.clear()
    await this.finish()
  }

  // The pump ------------------------------------------------------------------------------------------------

  /** True when there is so little since so short a time that a write of its own does not pay. */
  private get mayCollect(): boolean {
    if (this.buffer.length >= COLLECT_BYTES || this.writers.waiting > 0) return false
    return this.engine.config.values.appendfsync !== 'always' && this.nowMs - this.wroteMs < COLLECT_MS
  }

  /** True when more writers are about to come for the next sync. */
  private get gathers(): boolean {
    return this.group.gathers(this.writers.waiting, this.nowMs)
  }

  private writeIn(ms: number): void {
    if (this.willWrite) return
    this.willWrite = true
    this.engine.clock.after(ms, () => {
      this.willWrite = false
      if (this.gathers) this.writeIn(ms)
      else if (this.buffer.length > 0) this.pump()
    })
  }

  /** To be called when there is something to write. */
  private pump(): void {
    this.pumping ??= this.writeRounds()
  }

  private async writeRounds(): Promise<void> {
    do await this.finishRound(this.rounds.shift() ?? this.takeRound())
    while (this.rounds.length > 0 || (this.buffer.length > 0 && !this.gathers))
    this.pumping = null
    if (this.buffer.length > 0) this.writeIn(GATHER_MS)
    this.syncBeside()
  }

  private takeRound(): Round {
    return { batch: this.buffer.take(), held: this.writers.take() }
  }

  private async finishRound({ batch, held, next }: Round): Promise<void> {
    const written = await this.writeBatch(batch)
    this.buffer.give(batch)
    if (written && this.engine.config.values.appendfsync === 'always') await this.syncForGood(held.length)
    for (const session of held) session.release()
    if (next !== undefined) await this.change(next)
    this.syncBeside()
    this.tellWaiting()
  }

  /** False when it was given up. */
  private async writeBatch({ bytes }: Batch): Promise<boolean> {
    const { file, engine } = this
    if (file === null) this.written += bytes.length
    if (file === null || bytes.length === 0) return false
    if (this.sleepUs > 0) await this.pause(this.sleepUs / 1000)
    const startedUs = engine.clock.monotonicUs()
    this.writeSinceMs = this.nowMs
    this.wroteMs = this.nowMs
    while (!(await this.writeOnce(file, bytes))) {
      if (this.ending) return false
      await this.pause(RETRY_MS)
    }
    this.writeSinceMs = Infinity
    this.stalled = false
    this.written += bytes.length
    this.fileBytes += bytes.length
    this.observer.written(bytes.length)
    engine.latency.record('aof-write', engine.clock.monotonicUs() - startedUs, engine.keyspace.now)
    return true
  }

  /** Always at the same place: what a failed attempt has left there is written over. */
  private async writeOnce(file: DiskFile, bytes: Uint8Array): Promise<boolean> {
    try {
      await file.writeAt(this.fileBytes, bytes)
    } catch (error) {
      this.complain(`Error writing to the AOF file: ${systemSentence(error)}`, error)
      await this.cutBack(file)
      if (this.engine.config.values.appendfsync !== 'always') return false
      return this.giveUp(
        "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
      )
    }
    if (this.error !== null) this.engine.log.warning('AOF write error looks solved, Redis can write again.')
    this.setError(null)
    return true
  }

  /** So that the file ends with a whole command also when no further attempt succeeds. */
  private async cutBack(file: DiskFile): Promise<void> {
    try {
      if ((await file.size()) > this.fileBytes) await file.truncate(this.fileBytes)
    } catch (error) {
      this.engine.log.warning(
        'Could not remove short write from the append-only file.  Redis may refuse to load the AOF the next time ' +
          `it starts.  ftruncate: ${systemSentence(error)}`,
      )
    }
  }

  /** The old file is finished for good before the new one gets its first byte. */
  private async change(open: OpenNext): Promise<void> {
    const { file } = this
    await this.syncing
    if (file !== null) await this.sync(file)
    try {
      const next = await open()
      await file?.close().catch(() => undefined)
      this.adopt(next, 0)
    } catch (error) {
      this.engine.log.warning(systemSentence(error))
    }
  }

  // Syncing -------------------------------------------------------------------------------------------------

  /** What `always` promises. Nothing else is under way then. */
  private async syncForGood(writers: number): Promise<void> {
    const { file, engine } = this
    if (file === null || this.spares()) return
    const startedUs = engine.clock.monotonicUs()
    await this.syncing
    const failed = await this.sync(file)
    const tookUs = engine.clock.monotonicUs() - startedUs
    this.group.answered(writers, tookUs / 1000, this.nowMs)
    engine.latency.record('aof-fsync-always', tookUs, engine.keyspace.now)
    if (failed !== null) {
      await this.giveUp(
        `Can't persist AOF for fsync error when the AOF fsync policy is 'always': ${failed}. Exiting...`,
      )
    }
  }

  /** Begins a sync beside the writes when one is due. */
  private syncBeside(): void {
    const { file, engine } = this
    const policy = engine.config.values.appendfsync
    if (file === null || this.syncing !== null || policy === 'no' || this.written === this.synced) return
    if (policy === 'always' ? this.pumping !== null : this.nowMs - this.lastSyncMs < SYNC_INTERVAL_MS) return
    if (this.spares()) return
    this.syncing = this.sync(file).then(() => {
      this.syncing = null
      this.tellWaiting()
    })
  }

  /** Null, or why it failed. */
  private async sync(file: DiskFile): Promise<string | null> {
    const upTo = this.written
    this.lastSyncMs = this.nowMs
    try {
      await file.sync()
    } catch (error) {
      this.complain(`Fail to fsync the AOF file: ${systemSentence(error)}`, error)
      this.observer.syncFailed()
      return systemSentence(error)
    }
    this.synced = Math.max(this.synced, upTo)
    if (this.writeSinceMs === Infinity) this.setError(null)
    return null
  }

  /** Somebody may wait for what is safe now (WAITAOF). */
  private tellWaiting(): void {
    for (const tell of this.engine.onConfirmed) tell()
  }

  // Inside --------------------------------------------------------------------------------------------------

  private get nowMs(): number {
    return this.engine.clock.monotonicUs() / 1000
  }

  private noteStall(): void {
    if (this.stalled || this.nowMs - this.writeSinceMs < STALL_MS || this.error !== null) return
    this.stalled = true
    this.stalls++
    this.engine.log.notice(
      'Writing to the AOF file is taking too long (disk is busy?). Clients that write wait for it.',
    )
  }

  private select(db: number): void {
    const digits = `${db}`
    this.buffer.addText(`*2\r\n$6\r\nSELECT\r\n$${digits.length}\r\n${digits}\r\n`)
    this.selectedDb = db
  }

  private stamp(): void {
    const second = Math.floor(this.engine.keyspace.now / 1000)
    if (second <= this.stampedSecond) return
    this.stampedSecond = second
    this.buffer.addText(`#TS:${second}\r\n`)
  }

  private complain(sentence: string, error: unknown): void {
    this.setError(systemSentence(error))
    if (this.nowMs - this.complainedMs < COMPLAINT_MS) return
    this.complainedMs = this.nowMs
    this.engine.log.warning(sentence)
  }

  private setError(error: string | null): void {
    if (error === this.error) return
    this.error = error
    this.observer.errorChanged()
  }

  /** Never resolves: who was promised that the write is safe must not be told so. */
  private giveUp(reason: string): Promise<never> {
    this.engine.log.warning(reason)
    this.failed = true
    this.engine.fail(reason)
    return new Promise(() => undefined)
  }

  private pause(ms: number): Promise<void> {
    return new Promise(resolve => void this.engine.clock.after(ms, resolve))
  }
}
