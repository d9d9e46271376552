/** Commands that wait to be written: what is taken goes to the disk while the next ones collect behind it. */

import type { Mem } from '../../server/lib/bytes.js'
import { CommandText, KEPT_BYTES, NOTHING } from '../../server/resp/command-text.js'

export class WriteBuffer extends CommandText {
  /** The memory of the batch before, when it is back. */
  private spare: Mem | null = null

  /** Bytes of memory held. */
  get capacity(): number {
    return this.mem.length + (this.spare?.length ?? 0)
  }

  /** What waits from this place on. */
  bytesFrom(at: number): Uint8Array {
    return this.mem.u8.subarray(at, this.length)
  }

  /** All that waits, as a batch that must be given back. */
  take(): Batch {
    const batch = { mem: this.mem, bytes: this.bytes }
    this.mem = this.spare ?? NOTHING
    this.spare = null
    this.length = 0
    return batch
  }

  /** The batch has been written. */
  give({ mem }: Batch): void {
    if (mem !== NOTHING && mem.length <= KEPT_BYTES) this.spare = mem
  }
}

export interface Batch {
  readonly mem: Mem
  readonly bytes: Uint8Array
}
