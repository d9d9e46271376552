/**
 * A backup: files that stay while the server goes on, with the content of one instant.
 *
 *              START               a rewrite begins        its base is there          SEAL
 *     idle ------------> pending --------------> snapshotting ---------> incrementing ------> sealed
 *      ^                    '------------------------+-----------------------'                   |
 *      |                                             | ABORT, or something went wrong            |
 *      |<----------------------- CLEANUP --------- failed                                        |
 *      '------------------------------------------ CLEANUP, or backup-sealed-ttl ----------------'
 *
 * The format is that of the append-only log: a base, what was written since, a manifest. So a backup costs one rewrite and
 * no copy: its files are the log's own, under a second name in `backupdirname`. The instant is that of SEAL and not that
 * of START: many servers can make their bases one after the other, and be sealed together.
 *
 * - With the log on, its next rewrite (or the one under way) makes the base, and SEAL moves the log on to another file.
 * - With the log off, one is kept from START to SEAL. It was nobody's before: unless there already was a log in its
 *   folder, nothing of it stays, and should the server end unawares, its manifest says that it was only lent: a next start
 *   without a log deletes it, lest who turns the log on one day get this one for his data.
 *
 * While a backup is open the log is not rewritten, lest its files be replaced: BGREWRITEAOF is put off until SEAL, and
 * the log grows meanwhile. Where that log is in doubt (a write or a sync failed, `appendonly no`, a master's data took the
 * place of ours) the backup fails, and says why.
 *
 * Not promised: a backup survives the end of the server only when it is sealed. What is left of another, the next start
 * removes.
 */

import type { Engine } from '../../server/engine/engine.js'
import { RoomKey } from '../../server/engine/rooms.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import {
  BACKUP_FOLDER_IN_USE,
  BACKUP_NOT_OVER,
  BACKUP_RUNS,
  BACKUP_WAITS_FOR_CLEANUP,
  NO_BACKUP,
  NOTHING_TO_SEAL,
} from '../../server/resp/errors.js'
import type { Aof } from '../aof/aof.js'
import type { AofFile } from '../aof/manifest.js'
import { loadingOf } from '../loading.js'
import { BackupFolder } from './folder.js'

export const BACKUP = new RoomKey<Backup>('backup')

export type BackupState = 'idle' | 'pending' | 'snapshotting' | 'incrementing' | 'sealed' | 'failed'

const OPEN: ReadonlySet<BackupState> = new Set(['pending', 'snapshotting', 'incrementing'])

export class Backup {
  state: BackupState = 'idle'
  /** Why it failed; '' when it did not. */
  error = ''
  /** Unix ms; 0: never. */
  startMs = 0
  endMs = 0
  readonly folder: BackupFolder
  private base: AofFile | null = null
  /** The log is there for the sake of the backup, in a folder that had nothing in it. */
  private ownsLogFolder = false
  private sealing = false
  /** What a failed one has left is being cleared away. */
  private clearing = false
  /** The log ends because we say so. */
  private endsLog = false

  constructor(
    private readonly engine: Engine,
    private readonly aof: Aof,
  ) {
    this.folder = new BackupFolder(engine, aof.folder)
    aof.onFound.push(() => this.folder.clearLeftovers())
    aof.onStop.push(() => {
      if (!this.endsLog) void this.fail('appendonly is stopped')
    })
  }

  get open(): boolean {
    return OPEN.has(this.state)
  }

  /** The log would be off but for us. */
  private get lent(): boolean {
    return this.aof.state !== 'off' && !this.engine.config.values.appendonly
  }

  start(nested: boolean): void {
    if (this.open || this.clearing) throw BACKUP_RUNS
    if (this.state === 'sealed') throw BACKUP_WAITS_FOR_CLEANUP
    if (!this.folder.isEmpty) throw BACKUP_FOLDER_IN_USE
    this.state = 'pending'
    this.error = ''
    this.startMs = this.engine.clock.wallMs()
    this.endMs = 0
    this.engine.log.notice(`Backup started into ${this.folder.path}`)
    if (!nested) this.begin()
  }

  /** Resolves when the backup is whole and safe on disk. Rejects when it failed. */
  seal(): Promise<void> {
    this.requireSealable()
    this.sealing = true
    return this.finish()
      .catch(async (error: unknown) => {
        await this.fail(systemSentence(error))
        await this.folder.clear()
        throw error
      })
      .finally(() => {
        this.sealing = false
      })
  }

  /** Resolves when nothing of it is left. */
  abort(reason = 'aborted by user'): Promise<void> {
    if (!this.open) throw NO_BACKUP
    return this.fail(reason)
  }

  /** Resolves when nothing of it is left. */
  async cleanUp(): Promise<void> {
    this.state = 'idle'
    this.error = ''
    this.startMs = this.endMs = 0
    await this.folder.clear()
  }

  requireSealable(): void {
    if (this.state !== 'incrementing' || this.sealing) throw NOTHING_TO_SEAL
  }

  requireOver(): void {
    if (this.open) throw BACKUP_NOT_OVER
  }

  tick(nowMs: number): void {
    const { state, aof } = this
    const ttlMs = this.engine.config.values.backupSealedTtl * 1000
    if (state === 'pending') this.begin()
    else if (state === 'incrementing' && aof.appender.file.error !== null)
      void this.fail(aof.appender.file.error)
    else if (state === 'sealed' && ttlMs > 0 && nowMs - this.endMs >= ttlMs) void this.cleanUp()
  }

  // The base ------------------------------------------------------------------------------------------------

  /** With the rewrite under way, if it makes a log; else with one of our own, when nobody else is taking a snapshot. */
  private begin(): void {
    const { aof, engine } = this
    if (aof.rewrite === null || aof.state === 'off') {
      if (aof.busy || loadingOf(engine).active || engine.executor.context.nested) return
      this.beginRewrite()
    }
    this.state = 'snapshotting'
    aof.keepsFiles = true
    const { over } = aof
    void over.then(outcome => {
      if (this.state !== 'snapshotting' || aof.over !== over) return
      void (outcome === 'done'
        ? this.pinBase()
        : this.fail(`the append-only file rewrite was not done: ${outcome}`))
    })
  }

  private beginRewrite(): void {
    const { aof } = this
    if (aof.state !== 'off') {
      void aof.begin()
      return
    }
    this.ownsLogFolder = !this.engine.disk.existsSync(aof.folder.manifestPath)
    if (this.ownsLogFolder) aof.folder.lend()
    void aof.turnOn()
  }

  private async pinBase(): Promise<void> {
    const { base } = this.aof.folder.manifest
    try {
      if (base === null) throw new Error('the append-only file has no base')
      await this.folder.pin([base])
    } catch (error) {
      return this.fail(systemSentence(error))
    }
    // Called off meanwhile: what has been pinned since is in nobody's way.
    if (this.state !== 'snapshotting') return this.folder.clear()
    this.base = base
    this.state = 'incrementing'
    this.engine.log.notice(`Backup has its base ${base.name}`)
  }

  // The end -------------------------------------------------------------------------------------------------

  /** Everything logged before this call is in the backup, and nothing after it. */
  private async finish(): Promise<void> {
    const { aof, folder, base } = this
    const { incremental } = aof.folder.manifest
    const endMs = this.engine.clock.wallMs()
    if (this.lent) await this.endLog()
    else await aof.turnOver()
    await folder.pin(incremental)
    if (this.state !== 'incrementing' || base === null) throw new Error(this.error)
    await folder.describe(base, incremental)
    this.state = 'sealed'
    this.endMs = endMs
    await this.giveBack()
    this.engine.log.notice(`Backup sealed in ${folder.path}`)
  }

  /** The log that was kept for us ends: all of it is safe on disk. */
  private async endLog(): Promise<void> {
    const { aof } = this
    const upTo = aof.appender.appended
    this.endsLog = true
    await aof.turnOff().finally(() => {
      this.endsLog = false
    })
    aof.requireSafe(upTo)
  }

  private async fail(reason: string): Promise<void> {
    if (!this.open) return
    this.state = 'failed'
    this.error = reason
    this.engine.log.warning(`Backup failed: ${reason}`)
    this.clearing = true
    // Before the log may delete its own: by those the next start would know what is left here.
    await this.folder.clear()
    await this.giveBack()
    this.clearing = false
  }

  /** The log is again as if there were no backup. */
  private async giveBack(): Promise<void> {
    const { aof, ownsLogFolder } = this
    this.ownsLogFolder = false
    this.base = null
    aof.keepsFiles = false
    if (this.lent) await aof.turnOff()
    if (!ownsLogFolder || aof.state !== 'off') return
    await aof.over
    if (aof.state === 'off') await aof.folder.erase()
  }
}
