/**
 * A snapshot on its way into a file, or to a replica.
 *
 *     run = writeSnapshot(engine, sink, { aux })   the instant is now
 *     await run.done                               all bytes are with the sink; or it rejects with why not
 *     run.cancel()                                 it rejects with SnapshotCancelled
 *
 * The keys are handed over in slices of a fraction of a millisecond, each after the replies of a turn have gone, and
 * while there are clients to serve half of the time is theirs (respite.ts). What the keys become goes through a press, in a thread of
 * its own if there is much of it (press.ts), and then to the sink. Both may hold the walk up: no more than a window of
 * bytes waits for them, except for those keys that are about to change and cannot. `done` settles only when the sink is
 * at rest, so its owner may close it.
 *
 * The window is one piece while there are clients: a thread with more to do than that keeps its core for a whole tick of
 * the kernel, 4 ms, and where cores are few it is the loop's or a client's that it keeps. One piece is pressed in half a
 * millisecond, while the clients have their half of the time. When nobody asks for anything the window opens, piece by
 * piece, as that of a TCP connection does.
 *
 * There is one snapshot at a time, as there is one epoch: ask `snapshotRuns(engine).current` before.
 */

import type { ValuePieces } from '../../server/data/serial/pieces.js'
import type { Mem } from '../../server/lib/bytes.js'
import { Snapshot } from '../../server/keyspace/snapshot.js'
import type { Engine } from '../../server/engine/engine.js'
import { Respite } from '../../server/engine/respite.js'
import { RoomKey } from '../../server/engine/rooms.js'
import { KeyDelay } from '../key-delay.js'
import { type AuxFields, RdbEncoder } from './encoder.js'
import { LoopPress, PIECE_BYTES, PIECE_ROOM, type Press, type RawPiece } from './press.js'
import { PressThread } from './press-thread.js'

/** Takes the bytes of a snapshot in order. */
export interface SnapshotSink {
  /**
   * Takes a piece. Resolves when it has been written, and its memory is free for the next. Called one after the other.
   */
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
  'checksum' | 'length' | 'heldBytes' | 'begin' | 'announce' | 'entry' | 'take' | 'end'
>

export class SnapshotCancelled extends Error {}

/** A client waits so much longer, at most, for its turn. */
const SLICE_US = 500
/** Less data than this is not worth a thread, and less than that not one that is started ahead. */
const THREAD_MIN_BYTES = 4 << 20
const AHEAD_MIN_BYTES = 32 << 20
/** Memory larger than this is not used again. */
const SPARE_BYTES_MAX = 2 * PIECE_ROOM
/** The window: with more waiting for press and sink the walk rests. Where there are no clients it opens to this. */
const WINDOW_BYTES_MAX = 1 << 20

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
  private readonly thread: PressThread | null

  constructor(private readonly engine: Engine) {
    this.thread = engine.threads === null ? null : new PressThread(engine.threads)
    engine.afterTurn.push(() => this.current?.slice())
    const bytes = (): number => this.current?.bufferBytes ?? 0
    engine.memory.register({ purpose: 'snapshot.buffers', limited: false, bytes })
  }

  begin(
    sink: SnapshotSink,
    { aux = [], encoder = new RdbEncoder(this.engine) }: SnapshotOptions,
  ): SnapshotRun {
    const run = new SnapshotRun(this.engine, sink, aux, encoder, this.pressFor(encoder))
    this.current = run
    const over = (): void => {
      this.current = null
    }
    void run.done.then(over, over)
    this.engine.wantTurn()
    return run
  }

  /**
   * Starts the thread of the snapshots to come, where there is data for it, in a quiet moment: while keys pour in, or have just
   * come, its start would take a core from the loop or its clients.
   */
  prepare(): void {
    const { keyspace, stats } = this.engine
    if (stats.isCalm && keyspace.arena.used >= AHEAD_MIN_BYTES) this.thread?.start()
  }

  /** A base of commands needs no press worth a thread. */
  private pressFor({ checksum }: SnapshotEncoder): Press {
    const worth = checksum !== 'none' && this.engine.keyspace.arena.used >= THREAD_MIN_BYTES
    return this.thread !== null && worth ? this.thread.press(checksum) : new LoopPress(checksum)
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
  private windowBytes = PIECE_BYTES
  private readonly respite: Respite
  /** Memory for pieces to come. */
  private readonly spares: Mem[] = []
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
    private readonly press: Press,
  ) {
    this.respite = new Respite(engine)
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

  /** Goes on for a slice, unless it has to wait. */
  slice(): void {
    if (this.state !== 'walking' || this.waiting || this.isHeldUp) return
    const { clock } = this.engine
    const startUs = clock.monotonicUs()
    if (this.respite.isOn(startUs)) return
    for (;;) {
      if (this.delay.due) return this.waitForDelay()
      if (this.walked) return this.complete()
      this.walked = !this.snapshot.step()
      if (this.encoder.length >= PIECE_BYTES) this.flush()
      if (this.isHeldUp) return
      if (clock.monotonicUs() >= startUs + SLICE_US) break
    }
    if (this.respite.take(startUs)) this.windowBytes = PIECE_BYTES
  }

  private get isHeldUp(): boolean {
    return this.pendingBytes >= this.windowBytes
  }

  private waitForDelay(): void {
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
      if (this.failure === null) await this.deliver(piece.mem, await pressed)
      this.pendingBytes -= piece.length
      this.windowBytes = Math.min(WINDOW_BYTES_MAX, this.windowBytes + PIECE_BYTES)
      this.engine.wantTurn()
    })
    this.written.catch((error: unknown) => this.fail(error))
  }

  private async deliver(mem: Mem, length: number): Promise<void> {
    await this.sink.write(mem.first(length))
    this.bytes += length
    if (mem.length <= SPARE_BYTES_MAX) this.spares.push(mem)
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
