/**
 * The rewrite: a new base from a snapshot, and an incremental file that begins at the same instant.
 *
 *     instant   the snapshot begins; effects after it go to a new incremental file, which the manifest names
 *     base      is written beside, under a temporary name
 *     swap      the base gets its name; the manifest names it and that one incremental file, the rest is history
 *     end       history is deleted
 *
 * A crash at any moment leaves a manifest whose files hold everything: before the swap the old ones and the new
 * incremental, after it the new two. A rewrite that fails leaves an incremental file more, and no harm.
 *
 * While the log is being turned on there is nothing yet that effects could be added to. They are collected in a
 * temporary file, which gets its number with the swap; when the rewrite fails it is worth nothing.
 */

import type { Engine } from '../../server/engine/engine.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { explainFullDisk, warnOfLittleSpace } from '../free-space.js'
import type { SnapshotFile } from '../rdb/snapshot-file.js'
import { SnapshotCancelled, type SnapshotRun } from '../rdb/snapshot-run.js'
import type { Appender } from './appender.js'
import { baseFile, baseForm, writeBase } from './base.js'
import type { AofFolder } from './folder.js'
import { type BaseForm, type Manifest, withBase, withIncremental, withoutRewritten } from './manifest.js'

/**
 * What becomes of effects: `off`: nothing; `on`: they are logged; `waiting`: they are collected until the first base
 * is there.
 */
export type LogState = 'off' | 'waiting' | 'on'

export type RewriteOutcome = 'done' | 'failed' | 'cancelled'

export class Rewrite {
  readonly startedMs: number
  /** Resolves when all is over. */
  readonly outcome: Promise<RewriteOutcome>
  /** The new incremental file is there, or is not needed. */
  readonly begun: Promise<boolean>
  /** Position in what was appended: the base holds all before it. */
  readonly from: number
  /** Bytes of the new base. */
  baseBytes = 0
  private readonly form: BaseForm
  private readonly run: SnapshotRun
  private readonly file: Promise<SnapshotFile>

  /** The instant is now. Nobody else may be taking a snapshot. */
  constructor(
    private readonly engine: Engine,
    private readonly folder: AofFolder,
    private readonly appender: Appender,
    readonly state: LogState,
    /** Resolves when the folder is there. */
    private readonly creation: Promise<void>,
  ) {
    this.form = baseForm(engine)
    const { base } = withBase(folder.manifest, folder.prefix, this.form)
    const old = folder.manifest.base
    if (old !== null) void warnOfLittleSpace(engine, folder.file(old.name))
    this.startedMs = engine.clock.wallMs()
    this.file = creation.then(() => baseFile(engine, folder.file(base?.name ?? '')))
    const sink = { write: async (bytes: Uint8Array) => (await this.file).write(bytes) }
    this.run = writeBase(engine, this.form, sink)
    this.begun = state === 'off' ? Promise.resolve(true) : this.turnOver()
    this.from = appender.appended
    this.outcome = this.see()
  }

  /** Memory of entries that were written before their turn. */
  get earlyBytes(): number {
    return this.run.earlyBytes
  }

  cancel(): void {
    this.run.cancel()
  }

  /** Effects from this instant on go to the new incremental file. */
  private turnOver(): Promise<boolean> {
    return new Promise(resolve => {
      this.appender.switchTo(async () => {
        try {
          const file = await this.openIncremental()
          resolve(true)
          return file
        } catch (error) {
          resolve(false)
          this.run.cancel()
          throw error
        }
      })
    })
  }

  private async openIncremental(): Promise<DiskFile> {
    const { folder, engine } = this
    await this.creation
    if (this.state === 'waiting') {
      const name = folder.temporaryIncremental
      engine.log.notice(`Creating AOF incr file ${name} on background rewrite`)
      return folder.open(name, 'create')
    }
    const { name, file } = await folder.openNext()
    engine.log.notice(`Creating AOF incr file ${name} on background rewrite`)
    return file
  }

  private async see(): Promise<RewriteOutcome> {
    const { log } = this.engine
    try {
      await this.run.done
      this.baseBytes = this.run.bytes
      if (!(await this.begun)) return await this.fail('failed')
      await (await this.file).commit()
      log.notice('Background AOF rewrite terminated with success')
      await this.swap()
      return 'done'
    } catch (error) {
      if (error instanceof SnapshotCancelled) return this.fail((await this.begun) ? 'cancelled' : 'failed')
      log.warning(systemSentence(error))
      const outcome = await this.fail('failed')
      await explainFullDisk(this.engine, this.folder.path, error, this.run.bytes)
      return outcome
    }
  }

  private async fail(outcome: RewriteOutcome): Promise<RewriteOutcome> {
    await this.file.then(file => file.discard()).catch(() => undefined)
    this.engine.log.warning(
      outcome === 'failed'
        ? 'Background AOF rewrite terminated with error'
        : 'Background AOF rewrite cancelled',
    )
    return outcome
  }

  private async swap(): Promise<void> {
    const { folder, engine, state } = this
    let next: Manifest = withBase(folder.manifest, folder.prefix, this.form)
    if (state === 'waiting') next = await this.nameIncremental(next)
    await folder.write(withoutRewritten(next, state === 'off' ? 0 : 1))
    engine.log.notice('Background AOF rewrite finished successfully')
  }

  /** The temporary incremental file gets its number. */
  private async nameIncremental(manifest: Manifest): Promise<Manifest> {
    const { folder, engine } = this
    const next = withIncremental(manifest, folder.prefix)
    const { name } = next.incremental[next.incremental.length - 1]
    await engine.disk.rename(folder.file(folder.temporaryIncremental), folder.file(name))
    const temporary = folder.temporaryIncremental
    engine.log.notice(`Successfully renamed the temporary AOF incr file ${temporary} into ${name}`)
    return next
  }
}
