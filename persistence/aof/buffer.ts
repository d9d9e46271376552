/** Bytes that wait to be written: what is taken goes to the disk while the next ones collect behind it. */

import { Mem, copyBytes } from '../../server/lib/bytes.js'
import { writeInteger } from '../../server/lib/integer.js'

const FIRST_BYTES = 16 * 1024
/** A server that logs nothing holds nothing. */
const NOTHING = new Mem(new ArrayBuffer(0))
/** A larger memory is not kept. */
const KEPT_BYTES = 1 << 20
const SHORT_TEXT_MAX = 24
/** A sign and a number; as many bytes again for what follows. */
const HEADER_MAX = 24
const STAR = 42
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

  /** Short texts are not worth a call into the runtime. */
  addText(text: string): void {
    const { length } = text
    this.room(length)
    if (length > SHORT_TEXT_MAX) {
      this.length += this.mem.u8.latin1Write(text, this.length)
      return
    }
    const { u8 } = this.mem
    for (let i = 0; i < length; i++) u8[this.length++] = text.charCodeAt(i)
  }

  /** What a command begins with: of how many words it is. */
  addCount(words: number): void {
    this.addHeader(STAR, words)
  }

  /** A word of a command: `$length`, its bytes. */
  addWord(from: Mem, start: number, length: number): void {
    this.addHeader(DOLLAR, length)
    this.add(from, start, length)
    this.endLine()
  }

  /** The same, of a text. */
  addTextWord(text: string): void {
    this.addHeader(DOLLAR, text.length)
    this.addText(text)
    this.endLine()
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

  private addHeader(sign: number, count: number): void {
    this.room(HEADER_MAX)
    const { u8 } = this.mem
    u8[this.length] = sign
    this.length = writeInteger(count, u8, this.length + 1)
    this.endLine()
  }

  private endLine(): void {
    this.room(2)
    const { u8 } = this.mem
    u8[this.length++] = CR
    u8[this.length++] = LF
  }

  private room(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.mem.length) return
    const larger = new Mem(new ArrayBuffer((Math.max(FIRST_BYTES, this.mem.length * 2, needed) + 7) & ~7))
    copyBytes(larger, 0, this.mem, 0, this.length)
    this.mem = larger
  }
}

export interface Batch {
  readonly mem: Mem
  readonly bytes: Uint8Array
}
