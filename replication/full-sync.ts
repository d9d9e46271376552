/**
 * Full synchronization: a snapshot for replicas that hold nothing we could go on from.
 *
 * It costs a walk over all data, so replicas share one: whoever waits when it begins. Its instant is a place in the
 * history, and from there on the backlog keeps the stream for them, once for all.
 *
 *  - direct (`repl-diskless-sync`, and all of them can tell its end by a mark): pieces go to the sockets as they are
 *    made. The slowest sets the pace, so that nothing piles up. Who comes later waits for the next one.
 *  - by a file: pieces go to a file, then everybody reads it at a pace of his own. Whoever comes while it is being
 *    written may still join.
 */

import { join } from 'node:path'
import {
  type SnapshotRun,
  type SnapshotSink,
  SnapshotCancelled,
  snapshotRuns,
  writeSnapshot,
} from '../persistence/rdb/snapshot-run.js'
import type { Engine } from '../server/engine/engine.js'
import type { DiskFile } from '../server/lib/disk.js'
import { systemSentence } from '../server/process/system-sentence.js'
import { type Landmark, factsOf } from './restart.js'
import type { Replica } from './replica.js'

/** A file is read in pieces of this size. */
const PIECE_BYTES = 256 * 1024
const MARK_DIGITS = 40

type Form = 'direct' | 'file'

/** What a full synchronization needs of the history. */
export interface SnapshotPlace extends Landmark {
  /** The replica's stream begins there. */
  attach(replica: Replica): void
}

export class FullSyncs {
  private waiting: Replica[] = []
  private current: FullSync | null = null

  constructor(
    private readonly engine: Engine,
    /** The present place in the history; nobody writes between this and the snapshot's instant. */
    private readonly place: () => SnapshotPlace,
  ) {
    engine.onFlushAll.push(() => this.current?.abandon())
  }

  /** A snapshot is being taken. */
  get saving(): boolean {
    return this.current?.saving === true
  }

  add(replica: Replica): void {
    if (this.current?.open === true) this.current.add(replica)
    else this.waiting.push(replica)
    this.engine.wantTurn()
  }

  remove(replica: Replica): void {
    this.waiting = this.waiting.filter(other => other !== replica)
    this.current?.remove(replica)
  }

  /** Begins one when somebody waits, nothing hinders it, and no more company is expected. */
  consider(): void {
    const { engine, waiting } = this
    if (waiting.length === 0 || this.current !== null || snapshotRuns(engine).current !== null) return
    const form = this.form()
    if (form === 'direct' && !this.complete()) return
    this.waiting = []
    const target = form === 'direct' ? 'replicas sockets' : 'disk'
    engine.log.notice(`Starting BGSAVE for SYNC with target: ${target}`)
    const sync = new FullSync(engine, form, this.place())
    this.current = sync
    for (const replica of waiting) sync.add(replica)
    void sync.run().then(() => {
      this.current = null
      engine.wantTurn()
    })
  }

  private form(): Form {
    const direct =
      this.engine.config.values.replDisklessSync && this.waiting.every(({ takesEof }) => takesEof)
    return direct ? 'direct' : 'file'
  }

  /** Who comes too late for a direct one has to wait for its end: it is worth waiting for company. */
  private complete(): boolean {
    const { replDisklessSyncDelay, replDisklessSyncMaxReplicas: enough } = this.engine.config.values
    if (enough > 0 && this.waiting.length >= enough) return true
    return this.engine.nowMs - this.waiting[0].sinceMs >= replDisklessSyncDelay * 1000
  }
}

class FullSync {
  private readonly replicas = new Set<Replica>()
  private snapshot: SnapshotRun | null = null
  private transferring = false
  private isAbandoned = false

  constructor(
    private readonly engine: Engine,
    private readonly form: Form,
    private readonly place: SnapshotPlace,
  ) {}

  /** The snapshot is not whole yet. */
  get saving(): boolean {
    return !this.transferring
  }

  /** Others may still join. */
  get open(): boolean {
    return this.form === 'file' && !this.transferring
  }

  add(replica: Replica): void {
    const { replid, offset } = this.place
    this.replicas.add(replica)
    this.place.attach(replica)
    replica.ackOffset = offset
    if (replica.modern) replica.say(`+FULLRESYNC ${replid} ${offset}\r\n`)
    replica.enter(this.form === 'file' ? 'snapshot' : 'direct')
  }

  remove(replica: Replica): void {
    if (this.replicas.delete(replica) && this.replicas.size === 0) this.snapshot?.cancel()
  }

  /** All that it would bring has been flushed: its replicas ask again, and get the little that there is now. */
  abandon(): void {
    if (!this.saving) return
    this.isAbandoned = true
    this.snapshot?.cancel()
  }

  /** Resolves when it is over for everybody. Who did not get all is cut off, and will ask again. */
  async run(): Promise<void> {
    try {
      await (this.form === 'direct' ? this.sendDirectly() : this.sendByFile())
    } catch (error) {
      this.complain(error)
      for (const replica of [...this.replicas]) this.engine.kill(replica.session)
    }
  }

  private complain(error: unknown): void {
    const { log } = this.engine
    if (this.isAbandoned) log.notice('Background transfer cancelled: all data was flushed')
    else if (error instanceof SnapshotCancelled && this.form === 'direct')
      log.warning(
        'Diskless rdb transfer, last replica dropped, killing fork child: it has no process of its own, it is cancelled',
      )
    else if (error instanceof SnapshotCancelled)
      log.notice('Background transfer cancelled: no replica waits for it')
    else log.warning(`SYNC failed. BGSAVE failed: ${systemSentence(error)}`)
  }

  private async sendDirectly(): Promise<void> {
    const { random, log, facts } = this.engine
    const mark = Buffer.from(random.hex(MARK_DIGITS), 'latin1')
    log.notice(`Background RDB transfer started by pid ${facts.pid}`)
    const writing = this.write({ write: bytes => this.deliver(bytes) })
    void this.deliver(Buffer.from(`$EOF:${mark.toString('latin1')}\r\n`, 'latin1'))
    await writing
    await this.deliver(mark)
    log.warning(`Diskless rdb transfer, done reading from pipe, ${this.replicas.size} replicas still up.`)
    for (const replica of this.replicas) this.finish(replica, 'settling')
  }

  private async deliver(bytes: Uint8Array): Promise<void> {
    await Promise.all([...this.replicas].map(replica => replica.deliver(bytes)))
  }

  private async sendByFile(): Promise<void> {
    const { engine } = this
    const path = join(
      engine.config.values.dir,
      `temp-${engine.facts.pid}-${engine.runId.slice(0, 8)}.repl.rdb`,
    )
    const opening = engine.disk.open(path, 'create')
    try {
      const bytes = await this.write({ write: async piece => (await opening).append(piece) })
      this.transferring = true
      const file = await opening
      await Promise.all([...this.replicas].map(replica => this.sendFile(replica, file, bytes)))
    } finally {
      await opening.then(file => file.close()).catch(() => undefined)
      await engine.disk.unlink(path).catch(() => undefined)
    }
  }

  private async sendFile(replica: Replica, file: DiskFile, bytes: number): Promise<void> {
    replica.enter('transfer')
    await replica.deliver(Buffer.from(`$${bytes}\r\n`, 'latin1'))
    for (let position = 0; position < bytes && !replica.isGone;) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, bytes - position))
      position += await file.readAt(position, piece)
      await replica.deliver(piece)
    }
    this.finish(replica, 'online')
  }

  private finish(replica: Replica, state: 'settling' | 'online'): void {
    if (replica.isGone) return
    this.engine.log.notice(`Synchronization with replica ${replica.name} succeeded`)
    replica.enter(replica.introduction.snapshotOnly ? 'done' : state)
  }

  /** Resolves to the length of the snapshot. */
  private async write(sink: SnapshotSink): Promise<number> {
    this.snapshot = writeSnapshot(this.engine, sink, { aux: [...factsOf(this.place), ['aof-base', 0]] })
    await this.snapshot.done
    return this.snapshot.bytes
  }
}
