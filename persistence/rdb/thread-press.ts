/** A press in a thread of its own: see press.ts. The thread lives as long as its snapshot. */

import type { Thread, Threads } from '../../server/lib/threads.js'
import type { ChecksumForm, Press, RawPiece } from './press.js'

export interface PressTask extends RawPiece {
  readonly form: ChecksumForm
}

export interface PressAnswer {
  readonly bytes: ArrayBuffer
  readonly length: number
}

export class ThreadPress implements Press {
  private readonly thread: Thread<PressTask, PressAnswer>

  constructor(
    threads: Threads,
    private readonly form: ChecksumForm,
  ) {
    this.thread = threads.start(new URL('./press-program.js', import.meta.url))
  }

  async press(piece: RawPiece): Promise<Uint8Array<ArrayBuffer>> {
    const task = { ...piece, form: this.form }
    const { bytes, length } = await this.thread.ask(task, [piece.bytes, piece.marks.buffer])
    return Buffer.from(bytes, 0, length)
  }

  end(): void {
    this.thread.end()
  }
}
