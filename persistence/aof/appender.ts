/**
 * The appender: effects go in, bytes of incremental files come out.
 *
 * A sink of the journal. During a turn effects collect in a buffer; at its end the buffer goes to the disk as one
 * batch, before the replies go to the clients. Where the disk is quick (disk-pace.ts) and at nothing else, and the batch is
 * not large, the loop writes itself: that takes microseconds, and what a client was answered is in the hands of the kernel.
 *
 *     append -> buffer -> (end of turn) -> write -> [sync] -> replies
 *
 * Else the batch is written off the loop, while the next turns collect the next one. One pump writes batch after batch, so
 * there is never more than one write under way, and the file is always a prefix of the history, perhaps with a torn end.
 *
 *     append -> buffer -> (end of turn) -> batch -> write -> [sync] -> release those who waited for it
 *                ^                           |
 *                '---- the next turns -------'
 *
 * Where nobody waits for the disk the turns of 5 ms share one batch: the kernel has an effect within 5 ms, or after a
 * pause at once.
 *
 * What a client is promised is `appendfsync`:
 *
 * - `always`: its write is safe when it is answered. A quick disk is synced on the loop, at the end of each turn. Else there
 *   is group commit: a session that wrote is held: its reply waits for the sync of its batch, and what it asks next waits
 *   as well. Everybody else goes on; their writes form the next batch. So under load one sync serves many writers. What is
 *   not promised: another client may read a write before it is safe on disk.
 * - `everysec`: nobody waits. A sync is begun once a second, beside the loop, and writes while it is under way go through
 *   the pump: a power cut takes no more than the last second and what came during a sync, the death of the process alone
 *   what the pump has not written yet. When the disk cannot take even the write of a batch for two seconds, writers
 *   are held until it does: they alone, and not the loop.
 * - `no`: the kernel decides what a power cut takes.
 *
 * When a write fails nothing is lost yet: the batch stays and is written again at the same place. Until that
 * succeeds, the file's `error` says why, and commands that write are refused. With `always` the promise cannot be kept:
 * the server ends. After a sync that has failed the later ones prove nothing (see disk.ts): it is tried again each second,
 * whatever the policy, for the status, but nothing counts as safe (`synced`) until the log has a base of a later time, and
 * while there is such a doubt `always` is not promised anew: commands that write are refused.
 *
 * When the server ends, the last batch is the one of that moment. What is written to the data later is not promised to
 * anybody: it stays in the buffer, and who wrote it is held, unless the end is called off and a file comes again.
 */

import type { Engine } from '../../server/engine/engine.js'
import type { JournalSink } from '../../server/engine/journal.js'
import type { Session } from '../../server/engine/session.js'
import type { Mem } from '../../server/lib/bytes.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { type Batch, WriteBuffer } from './write-buffer.js'
import { ChecksumWriter } from './checksums.js'
import { CommitGroup } from './commit-group.js'
import { LogFile, type LogFileObserver } from './log-file.js'
import { Writers } from './writers.js'

/** A sync that nobody waits for. */
const SYNC_INTERVAL_MS = 1000
/** Where nobody waits: how long after the last write effects collect for the next. */
const COLLECT_MS = 5
/** What takes longer than some ten microseconds to be written is not collected, and not written on the loop. */
const COLLECT_BYTES = 256 * 1024
/** A group that does not come back is not waited for any longer, should nothing else bring a turn about. */
const GATHER_MS = 1
const RETRY_MS = 1000
/** A write that takes longer than this holds those who write on. */
const STALL_MS = 2000

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

export class Appender implements JournalSink {
  /** Position, as those of the file, of all that was collected. */
  appended = 0
  readonly file: LogFile
  /** How often writers had to be held because of a slow disk: INFO's aof_delayed_fsync. */
  stalls = 0
  /** For tests: how long to sleep before each write, us. */
  sleepUs = 0

  private readonly buffer = new WriteBuffer()
  private readonly checksums: ChecksumWriter
  private rounds: Round[] = []
  private readonly writers = new Writers()
  private readonly group = new CommitGroup()
  private selectedDb = -1
  private stampedSecond = 0
  private pumping: Promise<void> | null = null
  private syncing: Promise<string | null> | null = null
  /** Monotonic ms at which the write under way began; Infinity: none is. */
  private writeSinceMs = Infinity
  private stalled = false
  /** The next write has its time. */
  private willWrite = false
  /** What comes now has no file to go to. */
  private ended = false
  /** Somebody waits for the end of the present file: what it does not take at once is given up. */
  private finishing = false
  /** A promise could not be kept: nothing is written any more. */
  private failed = false

  constructor(
    private readonly engine: Engine,
    observer: LogFileObserver,
    /** True while something else works the disk and `no-appendfsync-on-rewrite` spares it. */
    private readonly spares: () => boolean,
  ) {
    this.file = new LogFile(engine, observer)
    this.checksums = new ChecksumWriter(() => engine.config.values.aofChecksumEnabled)
  }

  /** Bytes of memory that the buffer takes. */
  get memory(): number {
    return this.buffer.capacity
  }

  /** Position up to which all is safe on disk. */
  get synced(): number {
    return this.file.synced
  }

  /** Bytes that wait to be written. */
  get pending(): number {
    return this.appended - this.file.written
  }

  get syncPending(): boolean {
    return this.syncing !== null
  }

  // As a sink of the journal --------------------------------------------------------------------------------

  append(db: number, mem: Mem, start: number, length: number): void {
    const { buffer, engine } = this
    const before = buffer.length
    this.checksums.open(buffer)
    if (engine.config.values.aofTimestampEnabled) this.stamp()
    if (db !== this.selectedDb) this.select(db)
    buffer.add(mem, start, length)
    this.appended += buffer.length - before
    const session = engine.executor.context.session as Session | undefined
    if (session === undefined) return
    session.loggedTo = this.appended
    if (this.stalled || this.ended || engine.config.values.appendfsync === 'always')
      this.writers.wrote(session)
  }

  /** The turn is over: what it wrote goes to the disk, at once where that is quick or somebody waits for it. */
  endTurn(): void {
    if (this.buffer.length > 0 && this.mayServeNow) this.serveNow()
    this.writers.hold()
    if (this.ended) return
    if (this.buffer.length === 0) this.syncBeside()
    else if (this.gathers) this.writeIn(GATHER_MS)
    else if (this.mayCollect) this.writeIn(COLLECT_MS)
    else void this.pump()
  }

  /** Called now and then: the disk may be slow, a sync may be due. */
  tick(): void {
    this.noteStall()
    this.syncBeside()
  }

  // Files ---------------------------------------------------------------------------------------------------

  /** Begins with a file, which is `bytes` long; null: with none. */
  adopt(file: DiskFile | null, bytes: number): void {
    this.file.adopt(file, bytes)
    this.checksums.forget()
    this.ended = false
  }

  /** Effects from now on go to another file. What was appended before still goes to this one, and is made safe first. */
  switchTo(next: OpenNext): void {
    this.rounds.push({ ...this.takeRound(true), next })
    this.beginText()
    void this.pump()
  }

  /** Another text begins: it says itself which database it speaks of, and when. */
  beginText(): void {
    this.checksums.forget()
    this.selectedDb = -1
    this.stampedSecond = 0
  }

  /** Resolves when all that was appended is in the hands of the kernel. Each time round it waits for a write. */
  async settle(): Promise<void> {
    while (this.pumping !== null || this.hasWork) await this.pump()
  }

  /** Ends the present file: resolves when all that was appended is safe on disk, or a last attempt has failed. */
  async finish(): Promise<void> {
    this.finishing = true
    this.switchTo(() => Promise.resolve(null))
    await this.settle()
    this.finishing = false
  }

  /** As `finish`; what comes now waits for another file, should there be one: the server ends. */
  async end(): Promise<void> {
    this.ended = true
    if (!this.failed) await this.finish()
  }

  /** Ends the present file, and forgets what was not written yet. */
  async abandon(): Promise<void> {
    this.file.skip(this.buffer.length)
    this.buffer.clear()
    this.checksums.forget()
    await this.finish()
  }

  // On the loop ---------------------------------------------------------------------------------------------

  /** True when the loop itself may do what the policy wants. */
  private get mayServeNow(): boolean {
    if (this.ended || this.pumping !== null || this.writers.waiting > 0) return false
    if (this.syncsEach && !this.file.syncPace.isQuick(this.nowMs)) return false
    return this.mayWriteNow(this.buffer.length)
  }

  /** True when the disk does nothing else, and is expected to take so many bytes at once. */
  private mayWriteNow(bytes: number): boolean {
    if (this.syncing !== null || this.sleepUs > 0 || bytes > COLLECT_BYTES) return false
    return this.file.isOpen && this.file.writePace.isQuick(this.nowMs)
  }

  /** Every batch is to be made safe before its writers hear of it. */
  private get syncsEach(): boolean {
    return this.engine.config.values.appendfsync === 'always' && !this.spares()
  }

  /** What fails is left to the pump. */
  private serveNow(): void {
    const { buffer, checksums, file } = this
    this.seal()
    if (!file.writeSync(buffer.bytes)) return
    buffer.clear()
    checksums.taken()
    if (!this.syncsEach || this.syncNow()) this.writers.excuse()
    this.syncBeside()
  }

  /** False when it failed: the server ends, and the pump never goes on. */
  private syncNow(): boolean {
    const failed = this.file.syncSync()
    if (failed === null) this.tellWaiting()
    else this.pumping = this.giveUp(cannotPersist(failed))
    return failed === null
  }

  // The pump ------------------------------------------------------------------------------------------------

  /** True when there is so little since so short a time that a write of its own does not pay. */
  private get mayCollect(): boolean {
    if (this.buffer.length >= COLLECT_BYTES || this.writers.waiting > 0) return false
    return (
      this.engine.config.values.appendfsync !== 'always' && this.nowMs - this.file.lastWriteMs < COLLECT_MS
    )
  }

  /** True when more writers are about to come for the next sync. */
  private get gathers(): boolean {
    return this.group.gathers(this.writers.waiting, this.nowMs)
  }

  private get hasWork(): boolean {
    return this.rounds.length > 0 || (this.buffer.length > 0 && !this.ended)
  }

  private writeIn(ms: number): void {
    if (this.willWrite) return
    this.willWrite = true
    this.engine.clock.after(ms, () => {
      this.willWrite = false
      if (this.gathers) this.writeIn(ms)
      else if (this.hasWork) void this.pump()
    })
  }

  /** To be called when there is work. Resolves when there is none, or it may wait for more writers. */
  private pump(): Promise<void> {
    return (this.pumping ??= this.writeRounds())
  }

  private async writeRounds(): Promise<void> {
    do await this.finishRound(this.rounds.shift() ?? this.takeRound())
    while (this.hasWork && (this.rounds.length > 0 || !this.gathers))
    this.pumping = null
    if (this.hasWork) this.writeIn(GATHER_MS)
    this.syncBeside()
  }

  /** `last`: what comes later is another text. */
  private takeRound(last = false): Round {
    this.seal(last)
    this.checksums.taken()
    return { batch: this.buffer.take(), held: this.writers.take() }
  }

  private async finishRound({ batch, held, next }: Round): Promise<void> {
    const written = await this.writeBatch(batch)
    this.buffer.give(batch)
    if (written && this.syncsEach) await this.syncForGood(held.length)
    // Who wrote in the turn that is not over yet waits for the next round, though he was held for this one.
    this.writers.hold()
    for (const session of held) session.release()
    if (next !== undefined) await this.change(next)
    this.syncBeside()
    this.tellWaiting()
  }

  /** False when it was given up. */
  private async writeBatch({ bytes }: Batch): Promise<boolean> {
    const { file } = this
    if (!file.isOpen) file.skip(bytes.length)
    if (!file.isOpen || bytes.length === 0) return false
    if (this.mayWriteNow(bytes.length) && file.writeSync(bytes)) return true
    if (this.sleepUs > 0) await this.pause(this.sleepUs / 1000)
    this.writeSinceMs = this.nowMs
    const written = await this.writeAtLast(bytes)
    this.writeSinceMs = Infinity
    this.stalled = false
    return written
  }

  /** Tries until it succeeds; false when it is given up. */
  private async writeAtLast(bytes: Uint8Array): Promise<boolean> {
    while ((await this.file.write(bytes)) !== null) {
      if (this.engine.config.values.appendfsync === 'always') {
        await this.giveUp(
          "Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...",
        )
      }
      if (this.finishing) {
        this.engine.log.warning(`The AOF file is closed without its last ${bytes.length} bytes`)
        this.file.skip(bytes.length)
        return false
      }
      await this.pause(RETRY_MS)
    }
    return true
  }

  /** The old file is finished for good before the new one gets its first byte. */
  private async change(open: OpenNext): Promise<void> {
    if (this.file.isOpen) await this.sync()
    try {
      await this.file.replace(open)
      if (this.file.isOpen) this.ended = false
    } catch (error) {
      this.engine.log.warning(systemSentence(error))
    }
  }

  // Syncing -------------------------------------------------------------------------------------------------

  /** What `always` promises. Nothing else is under way then. */
  private async syncForGood(writers: number): Promise<void> {
    const startedMs = this.nowMs
    const failed = await this.sync()
    if (failed !== null) await this.giveUp(cannotPersist(failed))
    this.group.answered(writers, this.nowMs - startedMs, this.nowMs)
  }

  /** Begins a sync beside the writes when one is due. */
  private syncBeside(): void {
    const { file } = this
    if (!file.isOpen || this.syncing !== null || !file.isUnsynced || !this.isSyncDue || this.spares()) return
    void this.sync().then(() => this.tellWaiting())
  }

  private get isSyncDue(): boolean {
    const { file, engine, pumping, nowMs } = this
    const policy = engine.config.values.appendfsync
    if (policy === 'always' && !file.syncFailed) return pumping === null
    return (policy !== 'no' || file.syncFailed) && nowMs - file.lastSyncMs >= SYNC_INTERVAL_MS
  }

  /** One at a time: the kernel tells one sync only what it has lost, and another beside it would succeed. */
  private async sync(): Promise<string | null> {
    while (this.syncing !== null) await this.syncing
    this.syncing = this.file.sync()
    return this.syncing.finally(() => (this.syncing = null))
  }

  /** Somebody may wait for what is safe now (WAITAOF). */
  tellWaiting(): void {
    for (const tell of this.engine.onConfirmed) tell()
  }

  // Inside --------------------------------------------------------------------------------------------------

  /** `last`: what comes later is another text. */
  private seal(last = false): void {
    const { buffer, checksums } = this
    const before = buffer.length
    checksums.seal(buffer, last)
    this.appended += buffer.length - before
  }

  private get nowMs(): number {
    return this.engine.clock.monotonicUs() / 1000
  }

  private noteStall(): void {
    if (this.stalled || this.nowMs - this.writeSinceMs < STALL_MS || this.file.error !== null) return
    this.stalled = true
    this.stalls++
    this.engine.log.notice(
      'Writing to the AOF file is taking too long (disk is busy?). Clients that write wait for it.',
    )
  }

  private select(db: number): void {
    this.buffer.addSelect(db)
    this.selectedDb = db
  }

  private stamp(): void {
    const second = Math.floor(this.engine.keyspace.now / 1000)
    if (second <= this.stampedSecond) return
    this.stampedSecond = second
    this.buffer.addText(`#TS:${second}\r\n`)
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

function cannotPersist(reason: string): string {
  return `Can't persist AOF for fsync error when the AOF fsync policy is 'always': ${reason}. Exiting...`
}
