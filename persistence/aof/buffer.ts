/** Bytes that wait to be written: what is taken goes to the disk while the next ones collect behind it. */

import { Mem, copyBytes } from '../../server/lib/bytes.js'
import { writeInteger } from '../../server/lib/integer.js'

const FIRST_BYTES = 16 * 1024
/** A server that logs nothing holds nothing. */
const NOTHING = new Mem(new ArrayBuffer(0))
/** A larger memory is not kept. */
const KEPT_BYTES = 1 << 20
/** A dollar, a length, and twice CR LF. */
const WORD_FRAME_MAX = 15
const DOLLAR = 36
const CR = 13
const LF = 10

export class WriteBuffer {
  /** Bytes that wait. */
  length = 0
  private mem = NOTHING
  /** The memory of the batch before, when it is back. */
  private spare: Mem | null = null

  /** Bytes of memory held. */
  get capacity(): number {
    return this.mem.length + (this.spare?.length ?? 0)
  }

  add(from: Mem, start: number, length: number): void {
    this.room(length)
    copyBytes(this.mem, this.length, from, start, length)
    this.length += length
  }

  addText(text: string): void {
    this.room(text.length)
    this.length += this.mem.u8.latin1Write(text, this.length)
  }

  /** A word of a command: `$length`, its bytes. */
  addWord(from: Mem, start: number, length: number): void {
    this.room(length + WORD_FRAME_MAX)
    const { u8 } = this.mem
    u8[this.length] = DOLLAR
    const at = lineEnd(u8, writeInteger(length, u8, this.length + 1))
    copyBytes(this.mem, at, from, start, length)
    this.length = lineEnd(u8, at + length)
  }

  /** What waits from this place on. */
  bytesFrom(at: number): Uint8Array {
    return this.mem.u8.subarray(at, this.length)
  }

  /** All that waits in another. */
  append({ mem, length }: WriteBuffer): void {
    this.add(mem, 0, length)
  }

  /** All that waits, as a batch that must be given back. */
  take(): Batch {
    const batch = { mem: this.mem, bytes: this.mem.u8.subarray(0, this.length) }
    this.mem = this.spare ?? NOTHING
    this.spare = null
    this.length = 0
    return batch
  }

  /** The batch has been written. */
  give({ mem }: Batch): void {
    if (mem !== NOTHING && mem.length <= KEPT_BYTES) this.spare = mem
  }

  clear(): void {
    this.length = 0
  }

  private room(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.mem.length) return
    const larger = new Mem(new ArrayBuffer((Math.max(FIRST_BYTES, this.mem.length * 2, needed) + 7) & ~7))
    copyBytes(larger, 0, this.mem, 0, this.length)
    this.mem = larger
  }
}

function lineEnd(u8: Uint8Array, at: number): number {
  u8[at] = CR
  u8[at + 1] = LF
  return at + 2
}

export interface Batch {
  readonly mem: Mem
  readonly bytes: Uint8Array
}
