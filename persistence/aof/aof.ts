/**
 * The append-only file of a server: whether effects are logged, where to, and when the log is rewritten.
 *
 *           CONFIG SET appendonly yes            first base is there
 *     off ----------------------------> waiting ---------------------> on
 *      ^                                   |                            |
 *      '------ CONFIG SET appendonly no ---'----------------------------'
 *
 * Events leave their mark (`scheduled`), the tick decides. The hard parts are elsewhere: appender.ts (what a client
 * is promised), rewriter.ts, loader.ts, manifest.ts.
 */

import type { Written } from '../../server/engine/acknowledgements.js'
import type { Engine } from '../../server/engine/engine.js'
import { EngineAlert } from '../../server/engine/gates.js'
import { RoomKey } from '../../server/engine/rooms.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { loadingOf } from '../loading.js'
import { snapshotRuns } from '../rdb/snapshot-run.js'
import { Appender } from './appender.js'
import { AofFolder } from './folder.js'
import { loadFiles } from './loader.js'
import { remarkOn, withRemark } from './manifest.js'
import { RewriteLimit, growthPercent, hasOutgrown } from './rewrite-rules.js'
import { type LogState, Rewrite, type RewriteOutcome } from './rewriter.js'

export const AOF = new RoomKey<Aof>('append-only file')

/** Tells something of the data as it is now, or ''; heeds it at the start. */
export interface Remarker {
  readonly tell: () => string
  readonly heed: (text: string) => void
}

export class Aof {
  state: LogState = 'off'
  /** A rewrite that is to begin when there is time. */
  scheduled = false
  rewrite: Rewrite | null = null
  /** Resolves when all of the last rewrite is over, what it replaced is deleted, and another may begin. */
  over: Promise<RewriteOutcome> = Promise.resolve('done')
  /** Somebody needs the files as they are: rewrites wait. */
  keepsFiles = false
  /** Told at the start, when it is known which files there are and none has been touched. */
  readonly onFound: (() => Promise<void>)[] = []
  /** Told when effects cease to be logged. */
  readonly onStop: (() => void)[] = []
  /** Rewrites begun, and how many of the last ones failed in a row. */
  rewrites = 0
  failures = 0
  lastStatus: 'ok' | 'err' = 'ok'
  lastDurationMs = -1
  lastEarlyBytes = 0
  /** Bytes of all files now, and after the last rewrite. */
  currentBytes = 0
  baseBytes = 0
  readonly folder: AofFolder
  readonly appender: Appender
  private readonly limit = new RewriteLimit()
  /** Rooms that want to be told something of the data when it is loaded again. */
  readonly remarks: Remarker[] = []
  private attached = false
  /** True between an end that was refused and the next effect: the file is closed. */
  private closed = false

  constructor(private readonly engine: Engine) {
    this.folder = new AofFolder(engine)
    const spares = (): boolean => engine.config.values.noAppendfsyncOnRewrite && this.busy
    this.appender = new Appender(
      engine,
      {
        written: bytes => {
          this.currentBytes += bytes
        },
        troubleChanged: () => this.judge(),
      },
      spares,
    )
  }

  /** Somebody takes a snapshot, or a rewrite is about to end. */
  get busy(): boolean {
    return this.rewrite !== null || snapshotRuns(this.engine).current !== null
  }

  /** A rewrite is to begin when there is time: somebody asked, or what is in doubt on disk has to be written anew. */
  get isDue(): boolean {
    return this.scheduled || this.isDoubtful
  }

  /** The log may lack something on disk, and only another base makes that good. */
  get isDoubtful(): boolean {
    return this.state === 'on' && this.appender.file.doubt !== null
  }

  /** Why commands that write must wait for better times; null: they need not. */
  get trouble(): string | null {
    const { error, doubt } = this.appender.file
    if (this.state === 'off') return null
    return error ?? (this.isDoubtful && this.engine.config.values.appendfsync === 'always' ? doubt : null)
  }

  /** 1 when all that the session wrote is safe on disk. */
  localDisks({ loggedTo }: Written): number {
    return this.state === 'on' && this.appender.synced >= loggedTo ? 1 : 0
  }

  // Beginning and end ---------------------------------------------------------------------------------------

  /** Goes on where the files end. */
  async open(lastBytes: number, mode: 'append' | 'create'): Promise<void> {
    const { folder, engine } = this
    const { incremental } = folder.manifest
    const { name } = incremental[incremental.length - 1]
    const file = await folder.open(name, mode)
    this.appender.adopt(file, lastBytes)
    const verb = mode === 'append' ? 'Opening' : 'Creating'
    engine.log.notice(`${verb} AOF incr file ${name} on server start`)
    this.state = 'on'
    this.attach()
  }

  /** Everything is safe on disk when it resolves. */
  async close(): Promise<void> {
    this.rewrite?.cancel()
    await this.rewrite?.outcome
    await this.appender.end()
    this.closed = true
    await this.remark()
  }

  /** Notes what rooms want to be told of the data, if this is its end. Without that the next start knows less. */
  private async remark(): Promise<void> {
    const { folder, engine } = this
    const { disk, log } = engine
    const last = folder.manifest.incremental.at(-1)
    if (this.state !== 'on' || last === undefined) return
    const text = this.remarks.map(({ tell }) => tell()).find(told => told !== '') ?? ''
    const bytes = (await disk.stat(folder.file(last.name)))?.bytes ?? 0
    const next = withRemark(folder.manifest, bytes, text)
    if (next.remark === null) return
    await folder.write(next).catch((error: unknown) => log.warning(systemSentence(error)))
  }

  /** The log was loaded to its end. */
  heedRemark(lastBytes: number): void {
    const text = remarkOn(this.folder.manifest, lastBytes)
    if (text !== '') for (const { heed } of this.remarks) heed(text)
  }

  /** The end that `close` was for did not come: goes on with the same file. What stands in the way is tried again. */
  private async reopen(): Promise<void> {
    this.closed = false
    const { folder, appender } = this
    const last = folder.manifest.incremental.at(-1)
    if (last === undefined || this.state !== 'on' || appender.file.isOpen) return
    try {
      const file = await folder.open(last.name, 'append')
      const bytes = await file.size()
      if (this.isOvertaken) {
        this.closed = true
        return await file.close()
      }
      appender.adopt(file, bytes)
    } catch (error) {
      this.closed = true
      if (!this.isOvertaken) appender.file.unavailable(error)
      return
    }
    await appender.settle()
  }

  /** The log has another file, or a rewrite is about to give it one: the old file must not displace that. */
  private get isOvertaken(): boolean {
    return this.appender.file.isOpen || this.rewrite !== null
  }

  // Turning on and off --------------------------------------------------------------------------------------

  /**
   * CONFIG SET appendonly yes, or a backup needs a log for a while. Resolves when effects are logged, or that has failed
   * for now.
   */
  async turnOn(): Promise<void> {
    const { log, executor } = this.engine
    if (this.state !== 'off') return
    this.closed = false
    this.state = 'waiting'
    this.scheduled = true
    const other = snapshotRuns(this.engine).current
    if (executor.context.nested) {
      log.warning(
        'AOF was enabled during a transaction. An AOF background was scheduled to start when possible.',
      )
    } else if (this.rewrite !== null) {
      log.warning(
        'AOF was enabled but there is already an AOF rewriting in background. Stopping background AOF and starting ' +
          'a rewrite now.',
      )
      this.rewrite.cancel()
    } else if (other !== null) {
      log.warning(
        'AOF was enabled but there is already another background operation. An AOF background was scheduled to ' +
          'start when possible.',
      )
    } else {
      await this.begin()
    }
  }

  /** CONFIG SET appendonly no. Resolves when what was logged is safe on disk, or that has failed. */
  async turnOff(): Promise<void> {
    this.state = 'off'
    this.scheduled = false
    this.detach()
    for (const tell of this.onStop) tell()
    if (this.rewrite !== null) {
      this.engine.log.notice(
        'Killing running AOF rewrite child: it has no process of its own, it is cancelled',
      )
      this.rewrite.cancel()
    }
    await this.appender.finish()
    this.judge()
  }

  // Rewriting -----------------------------------------------------------------------------------------------

  /** Begins a rewrite. Nobody may be taking a snapshot. Resolves when effects go to the new file, or it has failed. */
  async begin(): Promise<boolean> {
    const { engine, appender, folder } = this
    this.scheduled = false
    this.rewrites++
    engine.log.notice(`Background append only file rewriting started by pid ${engine.facts.pid}`)
    const creation = folder.create()
    const rewrite = new Rewrite(engine, folder, appender, this.state, creation)
    this.rewrite = rewrite
    if (this.state !== 'off') this.attach()
    this.over = rewrite.outcome.then(async outcome => {
      await this.ended(rewrite, outcome)
      return outcome
    })
    return rewrite.begun
  }

  /**
   * Effects from now on go to another incremental file. Resolves when all before is safe on disk in the files so far,
   * rejects when it is not.
   */
  async turnOver(): Promise<void> {
    const { appender, folder, engine } = this
    const upTo = appender.appended
    await new Promise<void>((resolve, reject) => {
      appender.switchTo(async () => {
        try {
          const { name, file } = await folder.openNext()
          engine.log.notice(`Creating AOF incr file ${name}`)
          resolve()
          return file
        } catch (error) {
          reject(new Error(systemSentence(error), { cause: error }))
          throw error
        }
      })
    })
    this.requireSafe(upTo)
  }

  /** Throws when not all up to this position is safe on disk. */
  requireSafe(upTo: number): void {
    const { synced, file } = this.appender
    if (synced < upTo)
      throw new Error(`the append-only file is not safe on disk: ${file.error ?? file.doubt ?? 'not synced'}`)
  }

  tick(nowMs: number): void {
    this.appender.tick()
    if (this.mayRewrite && (this.isDue ? !this.limited(nowMs) : this.outgrown(nowMs))) void this.begin()
    else if (this.closed && this.rewrite === null && this.needsFile) void this.reopen()
  }

  private get mayRewrite(): boolean {
    const { busy, keepsFiles, engine } = this
    return !busy && !keepsFiles && !loadingOf(engine).active && !engine.executor.context.nested
  }

  /** Effects wait for a file, or clients for one that can be made safe. */
  private get needsFile(): boolean {
    return this.appender.pending > 0 || this.appender.file.error !== null
  }

  endTurn(): void {
    this.appender.endTurn()
  }

  private outgrown(nowMs: number): boolean {
    const { autoAofRewritePercentage: percentage, autoAofRewriteMinSize: minBytes } =
      this.engine.config.values
    const { currentBytes, baseBytes } = this
    if (this.state !== 'on' || !hasOutgrown({ currentBytes, baseBytes, percentage, minBytes })) return false
    if (this.limited(nowMs)) return false
    const growth = growthPercent(currentBytes, baseBytes)
    this.engine.log.notice(`Starting automatic rewriting of AOF on ${growth}% growth`)
    return true
  }

  private limited(nowMs: number): boolean {
    return this.limit.holds(this.failures, nowMs, minutes =>
      this.engine.log.warning(
        `Background AOF rewrite has repeatedly failed and triggered the limit, will retry in ${minutes} minutes`,
      ),
    )
  }

  private async ended(rewrite: Rewrite, outcome: RewriteOutcome): Promise<void> {
    const { engine, appender } = this
    this.lastDurationMs = engine.clock.wallMs() - rewrite.startedMs
    this.lastEarlyBytes = rewrite.earlyBytes
    if (outcome !== 'cancelled') this.lastStatus = outcome === 'done' ? 'ok' : 'err'
    if (outcome === 'failed') this.failures++
    if (outcome === 'done') {
      this.failures = 0
      if (this.state === 'waiting' && rewrite.state === 'waiting') this.state = 'on'
      appender.file.rebase(rewrite.from)
      appender.tellWaiting()
      if (engine.config.values.appendonly) await this.keep()
      this.currentBytes = rewrite.baseBytes + (this.state === 'on' ? appender.file.bytes : 0)
      this.baseBytes = this.currentBytes
      await this.folder.deleteHistory()
    } else {
      await this.dropCollected()
    }
    this.rewrite = null
  }

  /** Somebody wants this log: it may have been there for the sake of a backup only. */
  async keep(): Promise<void> {
    await this.folder.keep().catch((error: unknown) => this.engine.log.warning(systemSentence(error)))
  }

  /** What was collected for a base that did not come. */
  private async dropCollected(): Promise<void> {
    const { folder, engine } = this
    if (this.state === 'on' || (await engine.disk.stat(folder.file(folder.temporaryIncremental))) === null)
      return
    if (this.state === 'waiting') {
      this.detach()
      await this.appender.abandon()
      this.scheduled = true
    }
    engine.log.notice(`Removing the temp incr aof file ${folder.temporaryIncremental} in the background`)
    await folder.discard(folder.temporaryIncremental)
  }

  // Loading again -------------------------------------------------------------------------------------------

  /** DEBUG LOADAOF: the data becomes what the files say. Rejects when they cannot be loaded. */
  async reload(): Promise<void> {
    const { engine, folder, appender, attached } = this
    const loading = loadingOf(engine)
    loading.begin()
    this.detach()
    try {
      await appender.settle()
      for (const db of engine.keyspace.databases) db.flush(false)
      await folder.read()
      const { lastBytes } = await loadFiles(engine, folder)
      if (this.state === 'on') appender.file.bytes = lastBytes
      engine.log.warning('Append Only File loaded by DEBUG LOADAOF')
    } catch (error) {
      engine.log.warning(systemSentence(error))
      throw error
    } finally {
      loading.end()
      appender.beginText()
      if (attached) this.attach()
    }
  }

  // Inside --------------------------------------------------------------------------------------------------

  private attach(): void {
    if (!this.attached) this.engine.journal.attach(this.appender)
    this.attached = true
  }

  private detach(): void {
    this.engine.journal.detach(this.appender)
    this.attached = false
  }

  /** Keeps the alert of the gate that refuses writes. */
  judge(): void {
    this.engine.setAlert(EngineAlert.diskError, this.trouble !== null)
  }
}
