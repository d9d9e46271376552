/** Output memory, lent for as long as a reply is under way: thousands of idle connections hold none. */

import { Mem } from '../lib/bytes.js'

/** As large as Redis' own static reply buffer: most turns of a connection fit. */
export const CHUNK_BYTES = 16 * 1024
const KEPT = 256

export class ChunkPool {
  private readonly free: Mem[] = []

  take(bytes = CHUNK_BYTES): Mem {
    if (bytes <= CHUNK_BYTES) return this.free.pop() ?? new Mem(new ArrayBuffer(CHUNK_BYTES))
    return new Mem(new ArrayBuffer((bytes + 7) & ~7))
  }

  give(chunk: Mem): void {
    if (chunk.length === CHUNK_BYTES && this.free.length < KEPT) this.free.push(chunk)
  }
}
