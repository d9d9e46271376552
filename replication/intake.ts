/**
 * How the snapshot of a master becomes our data: `repl-diskless-load`.
 *
 *  - by a file (`disabled`): the snapshot goes to our disk; when it is whole, what we have is flushed and the file is
 *    loaded. Until then the old data stays, and is all there is when the link breaks. The file takes the place of ours.
 *  - directly (`on-empty-db` when there is nothing to lose, `flushdb`): it is loaded as it comes. When the link breaks
 *    nothing is left.
 *  - aside (`swapdb`): it is loaded as it comes, beside what we have, which it replaces at one instant when it is whole.
 *    That takes the memory of both. If what we have is an earlier instant of the same history, it is served meanwhile;
 *    of another one it would be a lie, and clients get -LOADING.
 *
 * When the data is in, all of it is the named instant of the master's history, whatever has become of the link: the
 * next one may go on from there.
 */

import { join } from 'node:path'
import { AOF } from '../persistence/aof/aof.js'
import { type Loading, loadingOf } from '../persistence/loading.js'
import type { LoadOptions, LoadReport } from '../persistence/rdb/keyspace-receiver.js'
import { KEEPER } from '../persistence/rdb/keeper.js'
import { loadRdb, loadRdbFile } from '../persistence/rdb/load.js'
import { RdbError } from '../persistence/rdb/rdb-error.js'
import type { Engine } from '../server/engine/engine.js'
import { Database } from '../server/keyspace/database.js'
import { systemSentence } from '../server/process/system-sentence.js'
import type { Conversation } from './conversation.js'
import { EMPTY_MASTERS } from './empty-master.js'
import type { Place } from './history.js'
import type { Master } from './master.js'
import { SnapshotSum } from './snapshot-sum.js'
import { Transfer, TransferStream } from './transfer.js'

export type IntakeForm = 'file' | 'direct' | 'aside'

type DisklessLoad = Engine['config']['values']['replDisklessLoad']

export function intakeForm(mode: DisklessLoad, keys: number): IntakeForm {
  if (mode === 'swapdb') return 'aside'
  return mode === 'flushdb' || (mode === 'on-empty-db' && keys === 0) ? 'direct' : 'file'
}

/** Keys live on until the master says that they died. */
const AS_THEY_ARE: LoadOptions = { keepExpired: true }

export class Intake {
  /** What has come of the snapshot; null before it is announced. */
  transfer: Transfer | null = null
  private readonly loading: Loading

  constructor(
    private readonly engine: Engine,
    private readonly master: Master,
    private readonly conversation: Conversation,
    /** Of which instant of its history it is. */
    private readonly instant: Place,
    /** Told when the data begins to be loaded. */
    private readonly loads: () => void,
  ) {
    this.loading = loadingOf(engine)
  }

  /** Resolves to the database that the stream speaks of, when our data is the master's. */
  async run(): Promise<number> {
    const line = await this.conversation.line()
    if (line.startsWith('-')) throw new Error(`MASTER aborted replication with an error: ${line.slice(1)}`)
    if (!line.startsWith('$'))
      throw new Error(
        `Bad protocol from MASTER, the first byte is not '$' (we received '${line}'), are you sure the host and port are right?`,
      )
    const form = intakeForm(this.engine.config.values.replDisklessLoad, this.engine.keyspace.keys)
    const transfer = new Transfer(this.conversation, line.slice(1))
    this.transfer = transfer
    this.announce(transfer, form)
    await this.engine.rooms
      .get(EMPTY_MASTERS)
      .examine(this.conversation, this.master.history, this.instant.replid)
    const { aux } = await (form === 'file' ? this.byFile(transfer) : this.byStream(transfer, form))
    this.master.adopt(this.instant.replid, this.instant.offset)
    resumeLog(this.engine)
    return Math.max(0, Number(aux.get('repl-stream-db') ?? 0))
  }

  private announce({ totalBytes }: Transfer, form: IntakeForm): void {
    const what = totalBytes < 0 ? 'streamed RDB' : `${totalBytes} bytes`
    const where = form === 'file' ? 'to disk' : 'to parser'
    this.engine.log.notice(`MASTER <-> REPLICA sync: receiving ${what} from master ${where}`)
  }

  // By a file -------------------------------------------------------------------------------------------------

  private async byFile(transfer: Transfer): Promise<LoadReport> {
    const { disk, config, facts, runId } = this.engine
    const path = join(config.values.dir, `temp-${facts.pid}-${runId.slice(0, 8)}.sync.rdb`)
    try {
      await this.store(transfer, path)
      const report = await this.replace(() => loadRdbFile(this.engine, path, AS_THEY_ARE))
      await this.keepFile(path)
      return report
    } finally {
      await disk.unlink(path).catch(() => undefined)
    }
  }

  private async store(transfer: Transfer, path: string): Promise<void> {
    const file = await this.engine.disk.open(path, 'create')
    const sum = new SnapshotSum()
    try {
      for (let piece = await transfer.next(); piece !== null; piece = await transfer.next()) {
        sum.add(piece)
        await file.append(piece)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    if (this.engine.config.values.rdbchecksum && !sum.holds)
      throw new Error('The snapshot of the MASTER is damaged: its checksum is wrong. The old data is kept')
  }

  /** What is on disk is what is in memory; where nothing is to be on disk (`rdb-del-sync-files`), it is not kept. */
  private async keepFile(path: string): Promise<void> {
    const { rooms, config, disk } = this.engine
    const { rdbDelSyncFiles, appendonly, save } = config.values
    const keeper = rooms.find(KEEPER)
    if (keeper === null || (rdbDelSyncFiles && !appendonly && save.length === 0)) return
    await disk.rename(path, keeper.path)
    keeper.settle()
  }

  // As it comes -----------------------------------------------------------------------------------------------

  private async byStream(transfer: Transfer, form: 'direct' | 'aside'): Promise<LoadReport> {
    const stream = new TransferStream(transfer)
    const load = async (options: LoadOptions): Promise<LoadReport> => {
      const report = await loadRdb(this.engine, stream, options)
      await stream.finish()
      return report
    }
    try {
      return await (form === 'direct' ? this.replace(() => load(AS_THEY_ARE)) : this.loadAside(load))
    } finally {
      this.engine.keyspace.dirty++
    }
  }

  /** Our data goes, then the master's comes. */
  private async replace(load: () => Promise<LoadReport>): Promise<LoadReport> {
    const { engine, loading } = this
    engine.log.notice('MASTER <-> REPLICA sync: Flushing old data')
    this.master.forget()
    await this.suspendLog()
    this.begin()
    try {
      this.empty()
      return await load()
    } catch (error) {
      this.complain(error)
      this.empty()
      throw error
    } finally {
      loading.end()
    }
  }

  private async loadAside(load: (options: LoadOptions) => Promise<LoadReport>): Promise<LoadReport> {
    const { engine, master, loading, instant } = this
    const { keyspace, log } = engine
    const fresh = keyspace.databases.map(({ index }) => new Database(keyspace, index))
    const functions: Uint8Array[] = []
    const addFunction = (code: Uint8Array): void => void functions.push(code.slice())
    keyspace.aside = fresh
    this.begin(instant.replid === master.history.replid)
    try {
      const report = await load({ ...AS_THEY_ARE, databases: fresh, addFunction })
      await this.suspendLog()
      master.forget()
      log.notice('MASTER <-> REPLICA sync: Swapping active DB with loaded DB')
      keyspace.exchangeAll(fresh)
      engine.functions.clear()
      for (const code of functions) engine.functions.add(code)
      log.notice('MASTER <-> REPLICA sync: Discarding old DB in background')
      return report
    } catch (error) {
      this.complain(error)
      log.notice('MASTER <-> REPLICA sync: Discarding temporary DB in background')
      throw error
    } finally {
      for (const db of fresh) db.flush(true)
      keyspace.aside = []
      loading.end()
    }
  }

  // Both ------------------------------------------------------------------------------------------------------

  private begin(aside = false): void {
    const { engine, loading, transfer } = this
    this.loads()
    engine.log.notice('MASTER <-> REPLICA sync: Loading DB in memory')
    loading.begin(Math.max(0, transfer?.totalBytes ?? 0), aside)
  }

  private empty(): void {
    const { keyspace, functions, config } = this.engine
    keyspace.flush(keyspace.databases, config.values.replicaLazyFlush)
    functions.clear()
  }

  private complain(error: unknown): void {
    const { log } = this.engine
    if (error instanceof RdbError)
      log.warning(`Internal error in RDB reading offset ${error.offset} -> ${error.reason}`)
    log.warning(`Failed trying to load the MASTER synchronization DB: ${systemSentence(error)}`)
  }

  /** A file that is being written speaks of data that is about to go. */
  private async suspendLog(): Promise<void> {
    const { rooms } = this.engine
    const keeper = rooms.find(KEEPER)
    keeper?.cancel()
    await keeper?.saving?.outcome
    const aof = rooms.find(AOF)
    if (aof !== null && aof.state !== 'off') await aof.turnOff()
  }
}

/** Effects are logged again, on the base of the data that there is now. */
export function resumeLog({ rooms, config }: Engine): void {
  const aof = rooms.find(AOF)
  if (aof !== null && config.values.appendonly && aof.state === 'off') void aof.turnOn()
}
