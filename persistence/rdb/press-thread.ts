/**
 * A press in a thread of its own: see press.ts.
 *
 * One thread serves all snapshots of a server, one after the other. It takes 2 ms of the loop's time to start, and 60 ms
 * beside it until what it does is compiled: just when the clients feel the beginning of a snapshot. So where there is
 * data for it, it is started ahead of the first snapshot, and stays for the next.
 */

import type { Mem } from '../../server/lib/bytes.js'
import type { Thread, Threads } from '../../server/lib/threads.js'
import type { ChecksumForm, Press, RawPiece } from './press.js'

/** A piece, in memory that the thread shares. */
export interface PressTask extends Omit<RawPiece, 'mem'> {
  readonly bytes: SharedArrayBuffer
  readonly form: ChecksumForm
  /** The number of the file of which this is a piece: another one than before is a new file. */
  readonly file: number
}

export class PressThread {
  private thread: Thread<PressTask, number> | null = null
  private files = 0

  constructor(private readonly threads: Threads) {}

  /** Starts the thread, if there is none. */
  start(): void {
    this.thread ??= this.threads.start(new URL('./press-program.js', import.meta.url))
  }

  /** A press for the next file, when the pieces of the one before have all been asked for. */
  press(form: ChecksumForm): Press {
    const file = this.files++
    return {
      press: ({ mem, length, marks, last }) =>
        this.ask({ bytes: shared(mem), length, marks, last, form, file }),
    }
  }

  private async ask(task: PressTask): Promise<number> {
    this.start()
    const thread = this.thread!
    try {
      return await thread.ask(task)
    } catch (error) {
      // The next snapshot gets a new one.
      thread.end()
      if (this.thread === thread) this.thread = null
      throw error
    }
  }
}

function shared({ dv: { buffer } }: Mem): SharedArrayBuffer {
  if (buffer instanceof SharedArrayBuffer) return buffer
  throw new Error('a piece for a thread stands in shared memory')
}
