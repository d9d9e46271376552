/** Data is on its way in: what clients are told meanwhile, which is -LOADING and INFO's loading_* fields. */

import type { Engine } from '../server/engine/engine.js'
import { EngineAlert } from '../server/engine/gates.js'
import type { InfoField } from '../server/engine/part.js'
import { RoomKey } from '../server/engine/rooms.js'
import { percentage, Progress } from './progress.js'

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
  private progress: Progress

  constructor(private readonly engine: Engine) {
    this.progress = new Progress(engine)
  }

  get active(): boolean {
    return (this.engine.alert & EngineAlert.loading) !== 0
  }

  /** From here on clients are put off. No key dies meanwhile: what was there when the data was saved is there. */
  begin(totalBytes = 0, aside = false): void {
    const { engine } = this
    this.aside = aside
    engine.alert |= aside ? EngineAlert.loadingAside : EngineAlert.loading
    if (!aside) engine.keyspace.expiryMode = 'ignore'
    this.startedMs = engine.clock.wallMs()
    this.progress = new Progress(engine)
    this.totalBytes = totalBytes
    this.loadedBytes = 0
    this.keysLoaded = 0
    this.keysExpired = 0
    this.usedMemory = 0
  }

  end(): void {
    this.engine.alert &= ~(EngineAlert.loading | EngineAlert.loadingAside)
    this.aside = false
    this.engine.keyspace.expiryMode = this.engine.role === 'replica' ? 'hide' : 'delete'
  }

  /** Lets clients have their turn. */
  async turn(): Promise<void> {
    await new Promise<void>(resolve => this.engine.clock.soon(resolve))
    this.engine.beginTurn()
    this.progress.tell(() => this.line)
  }

  private get line(): string {
    const { loadedBytes, totalBytes, keysLoaded } = this
    const keys = keysLoaded > 0 ? `, ${keysLoaded} keys` : ''
    return `Loading in progress: ${percentage(loadedBytes, totalBytes)} of ${totalBytes} bytes${keys}`
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
}

const LOADING = new RoomKey<Loading>('loading')

export function loadingOf(engine: Engine): Loading {
  return engine.rooms.find(LOADING) ?? engine.rooms.put(LOADING, new Loading(engine))
}
