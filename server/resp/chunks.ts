/** Output memory, lent for as long as a reply is under way: thousands of idle connections hold none. */

import { Mem } from '../lib/bytes.js'

/** As large as Redis' own static reply buffer: most turns of a connection fit. */
export const CHUNK_BYTES = 16 * 1024
/** What a reply goes on in when it does not fit its first chunk. */
export const LARGE_CHUNK_BYTES = 4 * CHUNK_BYTES
/** 4 MiB, for good. */
const KEPT = 256
/** 64 MiB, for as long as they are used: one is out for every client that is answered in the same turn. */
const KEPT_MOST = 4096
/** 16 MiB, for as long as they are used: who asks for long ranges turn after turn needs no new memory for them. */
const KEPT_LARGE = 256

export class ChunkPool {
  /** Bytes of memory out on loan: replies that are being written or sent. */
  lent = 0
  /** How many they were when everything had been flushed. */
  private lentAfterFlush = 0
  /** With one from the beginning: an array that has held no object yet is of another kind for V8. */
  private readonly free = [new Mem(new ArrayBuffer(CHUNK_BYTES))]
  private readonly freeLarge: Mem[] = []
  private tookLarge = false
  /** How many small ones have not been out since everything was flushed. */
  private spare = 0

  /** Bytes of replies that nobody has tried to send yet: most of them will be gone at the end of the turn. */
  get fresh(): number {
    return Math.max(0, this.lent - this.lentAfterFlush)
  }

  /** Everything has been flushed: what is still out waits for slow clients. Chunks out of use go, one a turn. */
  flushed(): void {
    this.lentAfterFlush = this.lent
    if (!this.tookLarge) this.freeLarge.pop()
    this.tookLarge = false
    if (this.spare > KEPT) this.free.pop()
    this.spare = this.free.length
  }

  take(bytes = CHUNK_BYTES): Mem {
    const chunk = this.takeOne(bytes)
    this.lent += chunk.length
    return chunk
  }

  /** Takes back what a reply writer has handed over, if it came from here. */
  giveBack({ mem, shared }: { readonly mem: Mem; readonly shared?: boolean }): void {
    if (shared !== true) this.give(mem)
  }

  give(chunk: Mem): void {
    this.lent -= chunk.length
    if (chunk.length === CHUNK_BYTES && this.free.length < KEPT_MOST) this.free.push(chunk)
    if (chunk.length === LARGE_CHUNK_BYTES && this.freeLarge.length < KEPT_LARGE) this.freeLarge.push(chunk)
  }

  private takeOne(bytes: number): Mem {
    if (bytes <= CHUNK_BYTES) return this.takeSmall()
    this.tookLarge = true
    const kept = bytes === LARGE_CHUNK_BYTES ? this.freeLarge.pop() : undefined
    return kept ?? new Mem(new ArrayBuffer((bytes + 7) & ~7))
  }

  private takeSmall(): Mem {
    const chunk = this.free.pop()
    if (chunk === undefined) return new Mem(new ArrayBuffer(CHUNK_BYTES))
    if (this.free.length < this.spare) this.spare = this.free.length
    return chunk
  }
}
