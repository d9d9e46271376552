/**
 * A snapshot on its way into a file, or to a replica.
 *
 *     run = writeSnapshot(engine, sink, { aux })   the instant is now
 *     await run.done                               all bytes are with the sink; or it rejects with why not
 *     run.cancel()                                 it rejects with SnapshotCancelled
 *
 * The keys are handed over in slices of a fraction of a millisecond, each after the replies of a turn have gone. What
 * they become goes through a press, in a thread of its own if there is much of it (press.ts), and then to the sink. Both
 * may hold the walk up: no more than HIGH_WATER bytes wait for them, except for those keys that are about to change and
 * cannot. `done` settles only when the sink is at rest, so its owner may close it.
 *
 * There is one snapshot at a time, as there is one epoch: ask `snapshotRuns(engine).current` before.
 */

import type { ValuePieces } from '../../server/data/serial/pieces.js'
import { Snapshot } from '../../server/keyspace/snapshot.js'
import type { Engine } from '../../server/engine/engine.js'
import { RoomKey } from '../../server/engine/rooms.js'
import { KeyDelay } from '../key-delay.js'
import { type AuxFields, RdbEncoder } from './encoder.js'
import { type ChecksumForm, LoopPress, type Press, type RawPiece } from './press.js'
import { ThreadPress } from './thread-press.js'

/** Takes the bytes of a snapshot in order. */
export interface SnapshotSink {
  /** Takes a piece, which is the sink's from now on. Resolves when it has been written. Called one after the other. */
  write(bytes: Uint8Array): Promise<void>
  /** True when it has no use for a piece any more that it has written. */
  readonly returnsMemory?: boolean
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
  'checksum' | 'length' | 'heldBytes' | 'begin' | 'announce' | 'entry' | 'take' | 'end'
>

export class SnapshotCancelled extends Error {}

/** A client waits so much longer, at most, for its turn. */
const SLICE_US = 300
/** Less data than this is not worth a thread. */
const THREAD_MIN_BYTES = 4 << 20
/** Pieces are of about this size. */
const PIECE_BYTES = 256 * 1024
/** A piece that was larger is not used again. */
const SPARE_BYTES_MAX = 2 * PIECE_BYTES
/** With so much waiting for press and sink the walk rests. */
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
    const bytes = (): number => this.current?.bufferBytes ?? 0
    engine.memory.register({ purpose: 'snapshot.buffers', limited: false, bytes })
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
  /** Bytes that the sink has written. */
  bytes = 0
  /** Bytes on their way through the press to the sink. */
  pendingBytes = 0
  private readonly press: Press
  /** Memory for pieces to come. */
  private readonly spares: ArrayBuffer[] = []
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
    this.press = pressFor(engine, encoder.checksum)
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

  /** Goes on for as long as clients may be kept waiting. */
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
    if (this.encoder.length > 0) this.send(this.encoder.take(this.spares.pop()))
  }

  private complete(): void {
    this.snapshot.end()
    this.send(this.encoder.end())
    this.state = 'ending'
    this.finish()
  }

  private send(piece: RawPiece): void {
    this.pendingBytes += piece.length
    const pressed = this.press.press(piece)
    pressed.catch(() => undefined)
    this.written = this.written.then(async () => {
      if (this.failure === null) await this.deliver(await pressed)
      this.pendingBytes -= piece.length
      this.engine.wantTurn()
    })
    this.written.catch((error: unknown) => this.fail(error))
  }

  private async deliver(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.sink.write(bytes)
    this.bytes += bytes.length
    const { buffer } = bytes
    if (this.sink.returnsMemory === true && buffer.byteLength <= SPARE_BYTES_MAX) this.spares.push(buffer)
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
    this.press.end()
    if (this.failure !== null) throw this.failure
  }
}

/** A base of commands needs no press worth a thread. */
function pressFor({ threads, keyspace }: Engine, checksum: ChecksumForm): Press {
  const worth = checksum !== 'none' && keyspace.arena.used >= THREAD_MIN_BYTES
  return threads !== null && worth ? new ThreadPress(threads, checksum) : new LoopPress(checksum)
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
