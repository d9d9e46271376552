/**
 * Data is on its way in: what clients are told meanwhile (-LOADING, and INFO's loading_* fields), and how the work is
 * cut into slices, so that they are told it soon.
 */

import type { Engine } from '../server/engine/engine.js'
import { EngineAlert } from '../server/engine/gates.js'
import type { InfoField } from '../server/engine/part.js'
import { RoomKey } from '../server/engine/rooms.js'

/** Work between two looks at the clients. */
const SLICE_US = 5000

export class Loading {
  private startedMs = 0
  private totalBytes = 0
  private loadedBytes = 0
  private baseBytes = 0
  private sliceEndUs = 0

  constructor(private readonly engine: Engine) {}

  get active(): boolean {
    return (this.engine.alert & EngineAlert.loading) !== 0
  }

  /** From here on clients are put off. Time stands still for keys: what was due when the log was written was there. */
  begin(totalBytes: number): void {
    const { engine } = this
    engine.alert |= EngineAlert.loading
    engine.keyspace.expiryMode = 'ignore'
    this.startedMs = engine.clock.wallMs()
    this.totalBytes = totalBytes
    this.loadedBytes = 0
    this.baseBytes = 0
    this.beginSlice()
  }

  end(): void {
    this.engine.alert &= ~EngineAlert.loading
    this.engine.keyspace.expiryMode = 'delete'
  }

  /** So many bytes of the present file have been read. */
  progress(bytesOfFile: number): void {
    this.loadedBytes = this.baseBytes + bytesOfFile
  }

  /** Another file follows. */
  nextFile(): void {
    this.baseBytes = this.loadedBytes
  }

  /** True when it is time for `pause`. */
  get sliceOver(): boolean {
    return this.engine.clock.monotonicUs() >= this.sliceEndUs
  }

  /** Lets clients have their turn. */
  async pause(): Promise<void> {
    const { clock } = this.engine
    await new Promise<void>(resolve => clock.soon(resolve))
    this.beginSlice()
  }

  *fields(): Iterable<InfoField> {
    if (!this.active) return
    const { engine, loadedBytes, totalBytes, startedMs } = this
    const elapsedMs = engine.clock.wallMs() - startedMs
    const share = totalBytes === 0 ? 0 : loadedBytes / totalBytes
    const etaSeconds = share === 0 ? 1 : (elapsedMs / share - elapsedMs) / 1000
    yield ['loading_start_time', Math.floor(startedMs / 1000)]
    yield ['loading_total_bytes', totalBytes]
    yield ['loading_rdb_used_mem', 0]
    yield ['loading_loaded_bytes', loadedBytes]
    yield ['loading_loaded_perc', (share * 100).toFixed(2)]
    yield ['loading_eta_seconds', Math.floor(etaSeconds)]
  }

  private beginSlice(): void {
    this.engine.beginTurn()
    this.sliceEndUs = this.engine.clock.monotonicUs() + SLICE_US
  }
}

const LOADING = new RoomKey<Loading>('loading')

export function loadingOf(engine: Engine): Loading {
  return engine.rooms.find(LOADING) ?? engine.rooms.put(LOADING, new Loading(engine))
}
