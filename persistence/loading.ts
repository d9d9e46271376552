/** Data is on its way in: what clients are told meanwhile, which is -LOADING and INFO's loading_* fields. */

import type { Engine } from '../server/engine/engine.js'
import { EngineAlert } from '../server/engine/gates.js'
import type { InfoField } from '../server/engine/part.js'
import { RoomKey } from '../server/engine/rooms.js'
import { percentage, Progress } from './progress.js'

/** What loading is broken off with. */
class LoadingCancelled extends Error {}

export class Loading {
  totalBytes = 0
  loadedBytes = 0
  keysLoaded = 0
  keysExpired = 0
  /** What the data took where it was saved. */
  usedMemory = 0
  /** What there is stays, and is served, until the new data takes its place. */
  aside = false
  private startedMs = 0
  /** The server is not ready before it is done. */
  private starting = false
  private cancelled = false
  private progress: Progress

  constructor(private readonly engine: Engine) {
    this.progress = new Progress(engine)
  }

  get active(): boolean {
    return (this.engine.alert & EngineAlert.loading) !== 0
  }

  /** Whether clients notice or not; also while the server starts and its files are made. */
  get underway(): boolean {
    return this.active || this.aside || this.starting
  }

  /** From here on clients are put off. No key dies meanwhile: what was there when the data was saved is there. */
  begin(totalBytes = 0, aside = false): void {
    const { engine } = this
    this.aside = aside
    engine.setAlert(aside ? EngineAlert.loadingAside : EngineAlert.loading, true)
    if (!aside) engine.keyspace.expiryMode = 'ignore'
    this.startedMs = engine.clock.wallMs()
    this.progress = new Progress(engine)
    this.totalBytes = totalBytes
    this.loadedBytes = 0
    this.keysLoaded = 0
    this.keysExpired = 0
    this.usedMemory = 0
  }

  /** What was broken off is left as it is, half there: nobody may see it, and least of all save it. */
  end(): void {
    if (this.cancelled) return
    this.engine.setAlert(EngineAlert.loading | EngineAlert.loadingAside, false)
    this.aside = false
    this.engine.keyspace.expiryMode = this.engine.role === 'replica' ? 'hide' : 'delete'
  }

  /** The start of the server waits for this work. */
  async start(work: () => Promise<void>): Promise<void> {
    this.starting = true
    await work().finally(() => {
      this.starting = false
    })
  }

  /** The server ends. Only its start can be broken off: others may have to go on when there is no end after all. */
  cancel(): void {
    this.cancelled = this.active && this.starting
  }

  /** To be called after each wait. Throws LoadingCancelled. */
  requireWanted(): void {
    if (this.cancelled) throw new LoadingCancelled('loading was broken off: the server ends')
  }

  /** Lets clients have their turn. Rejects with LoadingCancelled. */
  async turn(): Promise<void> {
    this.requireWanted()
    await new Promise<void>(resolve => this.engine.clock.soon(resolve))
    this.engine.beginTurn()
    this.progress.tell(() => this.line)
  }

  *fields(): Iterable<InfoField> {
    if (!this.active && !this.aside) return
    const { engine, loadedBytes, totalBytes, startedMs } = this
    const elapsedMs = engine.clock.wallMs() - startedMs
    const share = totalBytes === 0 ? 0 : loadedBytes / totalBytes
    const etaSeconds = share === 0 ? 1 : (elapsedMs / share - elapsedMs) / 1000
    yield ['loading_start_time', Math.floor(startedMs / 1000)]
    yield ['loading_total_bytes', totalBytes]
    yield ['loading_rdb_used_mem', this.usedMemory]
    yield ['loading_loaded_bytes', loadedBytes]
    yield ['loading_loaded_perc', (share * 100).toFixed(2)]
    yield ['loading_eta_seconds', Math.floor(etaSeconds)]
  }

  private get line(): string {
    const { loadedBytes, totalBytes, keysLoaded } = this
    const keys = keysLoaded > 0 ? `, ${keysLoaded} keys` : ''
    return `Loading in progress: ${percentage(loadedBytes, totalBytes)} of ${totalBytes} bytes${keys}`
  }
}

const LOADING = new RoomKey<Loading>('loading')

export function loadingOf(engine: Engine): Loading {
  return engine.rooms.find(LOADING) ?? engine.rooms.put(LOADING, new Loading(engine))
}
