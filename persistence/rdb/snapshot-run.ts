/**
 * A snapshot on its way into a file, or to a replica.
 *
 *     run = writeSnapshot(engine, sink, { aux })   the instant is now
 *     await run.done                               all bytes are with the sink; or it rejects with why not
 *     run.cancel()                                 it rejects with SnapshotCancelled
 *
 * The keys are handed over in slices of about a millisecond, each after the replies of a turn have gone. A sink that
 * is slow holds the walk up: no more than HIGH_WATER bytes wait for it, except for those keys that are about to change
 * and cannot. `done` settles only when the sink is at rest, so its owner may close it.
 *
 * There is one snapshot at a time, as there is one epoch: ask `snapshotRuns(engine).current` before.
 */

import type { ValuePieces } from '../../server/data/serial/pieces.js'
import { Snapshot } from '../../server/keyspace/snapshot.js'
import type { Engine } from '../../server/engine/engine.js'
import { RoomKey } from '../../server/engine/rooms.js'
import { KeyDelay } from '../key-delay.js'
import { type AuxFields, RdbEncoder } from './encoder.js'

/** Takes the bytes of a snapshot in order. */
export interface SnapshotSink {
  /** Takes a piece, which is the sink's from now on. Resolves when it has been written. Called one after the other. */
  write(bytes: Uint8Array): Promise<void>
}

export interface SnapshotOptions {
  /** Facts besides the usual ones: `aof-base`, `repl-id` ... */
  readonly aux?: AuxFields
  /** Writes another form than RDB. */
  readonly encoder?: SnapshotEncoder
}

/** What turns keys into bytes: RdbEncoder, unless somebody brings another. */
export type SnapshotEncoder = Pick<
  RdbEncoder,
  'length' | 'heldBytes' | 'begin' | 'announce' | 'entry' | 'take' | 'end'
>

export class SnapshotCancelled extends Error {}

const SLICE_US = 1000
/** Pieces are of about this size. */
const PIECE_BYTES = 256 * 1024
/** With so much waiting for the sink the walk rests. */
const HIGH_WATER = 4 << 20

/** Begins a snapshot of this instant. Throws when there is one already. */
export function writeSnapshot(
  engine: Engine,
  sink: SnapshotSink,
  options: SnapshotOptions = {},
): SnapshotRun {
  return snapshotRuns(engine).begin(sink, options)
}

/** The snapshot under way, if there is one, and how it gets its time. */
export class SnapshotRuns {
  current: SnapshotRun | null = null

  constructor(private readonly engine: Engine) {
    engine.afterTurn.push(() => this.current?.slice())
  }

  begin(
    sink: SnapshotSink,
    { aux = [], encoder = new RdbEncoder(this.engine) }: SnapshotOptions,
  ): SnapshotRun {
    const run = new SnapshotRun(this.engine, sink, aux, encoder)
    this.current = run
    const over = (): void => {
      this.current = null
    }
    void run.done.then(over, over)
    this.engine.wantTurn()
    return run
  }
}

const RUNS = new RoomKey<SnapshotRuns>('snapshots')

export function snapshotRuns(engine: Engine): SnapshotRuns {
  return engine.rooms.find(RUNS) ?? engine.rooms.put(RUNS, new SnapshotRuns(engine))
}

export class SnapshotRun {
  /** All bytes are with the sink. */
  readonly done: Promise<void>
  /** Bytes handed to the sink, and those of them that it has not written yet. */
  bytes = 0
  pendingBytes = 0
  private readonly snapshot: Snapshot
  private readonly delay: KeyDelay
  /** Settles when the sink has written all it has. */
  private written: Promise<void> = Promise.resolve()
  private state: 'walking' | 'ending' | 'over' = 'walking'
  private waiting = false
  /** All keys are handed over. */
  private walked = false
  private failure: Error | null = null
  private finish!: () => void

  constructor(
    private readonly engine: Engine,
    private readonly sink: SnapshotSink,
    aux: AuxFields,
    private readonly encoder: SnapshotEncoder,
  ) {
    this.delay = new KeyDelay(engine.clock, () => engine.config.values.rdbKeySaveDelay)
    this.encoder.begin(aux)
    for (const { index, size, volatile } of engine.keyspace.databases) {
      if (size > 0) this.encoder.announce(index, size, volatile)
    }
    this.snapshot = new Snapshot(engine.keyspace, (database, ref) => this.save(database, ref))
    this.done = new Promise<void>(resolve => {
      this.finish = resolve
    }).then(() => this.settle())
  }

  get keysTotal(): number {
    return this.snapshot.keysTotal
  }

  get keysSaved(): number {
    return this.snapshot.keysSaved
  }

  /** Memory of the entries that were written before their turn: what a copy on write would have copied. */
  get earlyBytes(): number {
    return this.snapshot.earlyBytes
  }

  /** Memory that the snapshot takes at this moment. */
  get bufferBytes(): number {
    const { encoder, snapshot, pendingBytes } = this
    return encoder.length + encoder.heldBytes + snapshot.keptBytes + pendingBytes
  }

  cancel(): void {
    this.fail(new SnapshotCancelled('the snapshot was cancelled'))
  }

  /** Goes on for about a millisecond. */
  slice(): void {
    if (this.state !== 'walking' || this.waiting || this.pendingBytes > HIGH_WATER) return
    const { clock } = this.engine
    const deadlineUs = clock.monotonicUs() + SLICE_US
    for (;;) {
      if (this.delay.due) return this.rest()
      if (this.walked) return this.complete()
      this.walked = !this.snapshot.step()
      if (this.encoder.length >= PIECE_BYTES) this.flush()
      if (this.pendingBytes > HIGH_WATER) return
      if (clock.monotonicUs() >= deadlineUs) break
    }
    this.engine.wantTurn()
  }

  private rest(): void {
    this.waiting = true
    this.flush()
    this.delay.wait(() => {
      this.waiting = false
      this.engine.wantTurn()
    })
  }

  private save(database: number, ref: number): ValuePieces | null {
    const pieces = this.encoder.entry(database, ref)
    this.delay.add()
    if (this.encoder.length >= PIECE_BYTES) this.flush()
    return pieces
  }

  private flush(): void {
    if (this.encoder.length > 0) this.send(this.encoder.take())
  }

  private complete(): void {
    this.snapshot.end()
    this.send(this.encoder.end())
    this.state = 'ending'
    this.finish()
  }

  private send(piece: Buffer): void {
    this.bytes += piece.length
    this.pendingBytes += piece.length
    this.written = this.written.then(async () => {
      if (this.failure === null) await this.sink.write(piece)
      this.pendingBytes -= piece.length
      this.engine.wantTurn()
    })
    this.written.catch((error: unknown) => this.fail(error))
  }

  private fail(error: unknown): void {
    if (this.state === 'over' || this.failure !== null) return
    this.failure = asError(error)
    this.snapshot.end()
    this.state = 'ending'
    this.finish()
  }

  private async settle(): Promise<void> {
    await this.written.catch((error: unknown) => {
      this.failure ??= asError(error)
    })
    this.state = 'over'
    if (this.failure !== null) throw this.failure
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
