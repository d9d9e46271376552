/**
 * The stretch of a file that is in memory while it is read.
 *
 * Values are read synchronously, but their bytes come when the disk gives them. So a part is read on trial: when the
 * window ends in the middle of it, `take` throws STARVED, the reader goes back to the beginning of the part, more
 * bytes are fetched, and the part is read anew. The window doubles for a part that is larger than itself, so a byte is
 * looked at twice on average at most. What was read stays where it is until more is fetched: spans of one part are good
 * until the next.
 */

import { Mem, Span } from '../../server/lib/bytes.js'
import { Crc64 } from '../../server/lib/crc64.js'
import type { ByteSource } from '../../server/data/serial/value-reader.js'

/** The window has no more bytes: fetch some. */
export const STARVED = new Error('the window has no more bytes')

/** Where the bytes come from. */
export interface ByteStream {
  /** For messages: the path of a file. */
  readonly name: string
  /** Fills `into` as far as there are bytes; answers how many: 0 at the end. */
  read(into: Uint8Array): Promise<number>
}

export const WINDOW_BYTES = 1 << 20

export class Window implements ByteSource {
  /** Where the window begins in the file. */
  private base = 0
  private at = 0
  private marked = 0
  private summed = 0
  private readonly crc = new Crc64()

  private constructor(
    private mem: Mem,
    private end: number,
    private readonly sums: boolean,
  ) {}

  /** An empty window, to be filled. `sums`: the checksum will be asked for. */
  static empty(sums: boolean): Window {
    return new Window(Mem.ofSize(WINDOW_BYTES), 0, sums)
  }

  /** A window on all there is. */
  static on(bytes: Uint8Array, sums: boolean): Window {
    return new Window(Mem.copyOf(bytes), bytes.length, sums)
  }

  /** The place in the file of the next byte. */
  get offset(): number {
    return this.base + this.at
  }

  /** The CRC-64 of all bytes read but the last few: a checksum does not cover itself. */
  checksumBefore(last: number): bigint {
    this.sum(this.at - last)
    return this.crc.value
  }

  take(count: number): Span {
    if (count > this.end - this.at) throw STARVED
    const taken = new Span(this.mem, this.at, count)
    this.at += count
    return taken
  }

  /** A part begins here. */
  mark(): void {
    this.marked = this.at
  }

  /** Back to the beginning of the part. */
  rewind(): void {
    this.at = this.marked
  }

  /** Fetches more; false when there is no more. */
  async fill(stream: ByteStream): Promise<boolean> {
    this.shift()
    const count = await stream.read(this.mem.u8.subarray(this.end, this.mem.length))
    this.end += count
    return count > 0
  }

  /** Drops what was read, and makes sure that half the window is free. */
  private shift(): void {
    this.sum(this.at)
    const left = this.end - this.at
    const target = left * 2 > this.mem.length ? Mem.ofSize(this.mem.length * 2) : this.mem
    target.u8.set(this.mem.u8.subarray(this.at, this.end))
    this.mem = target
    this.base += this.at
    this.end = left
    this.at = this.marked = this.summed = 0
  }

  private sum(end: number): void {
    if (this.sums) this.crc.update(this.mem.u8, this.summed, end - this.summed)
    this.summed = end
  }
}
