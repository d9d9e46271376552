/**
 * What is said on a link before the stream runs: we ask, the master answers with a line; then, perhaps, it sends a
 * snapshot. Bytes wait here until they are asked for.
 */

import type { Mem } from '../server/lib/bytes.js'

const LF = 10
/** No master says more in a line. */
const LINE_MAX = 64 * 1024
/** With so much that nobody has asked for, no more is wanted. */
const HIGH_WATER = 8 << 20

export class Conversation {
  private input = Buffer.alloc(0)
  private later: Buffer[] = []
  private laterBytes = 0
  private wake: (() => void) | null = null
  private over = false

  /** `flow`: whether more is wanted at present. */
  constructor(
    private readonly write: (bytes: Uint8Array) => void,
    private readonly flow: (wanted: boolean) => void,
  ) {}

  /** Somebody waits for what the other side will send. */
  get isAwaited(): boolean {
    return this.wake !== null
  }

  hear(mem: Mem, start: number, length: number): void {
    this.later.push(Buffer.from(mem.u8.subarray(start, start + length)))
    this.laterBytes += length
    if (this.laterBytes > HIGH_WATER) this.flow(false)
    this.wake?.()
  }

  /** Nothing more will come: who waits is told so. */
  end(): void {
    this.over = true
    this.wake?.()
  }

  async ask(...words: readonly string[]): Promise<string> {
    this.say(...words)
    return this.line()
  }

  say(...words: readonly string[]): void {
    const bulks = words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
    this.write(Buffer.from(`*${words.length}\r\n${bulks.join('')}`))
  }

  /** The next line that is not empty: those are signs of life. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.input.indexOf(LF)
      if (end < 0) {
        if (this.input.length > LINE_MAX) throw new Error('Bad protocol from MASTER: a line without an end')
        this.input = Buffer.concat([this.input, await this.more()])
      } else {
        const line = this.input.toString('latin1', 0, end).trimEnd()
        this.input = this.input.subarray(end + 1)
        if (line !== '') return line
      }
    }
  }

  /** The next bytes, at least one. */
  async bytes(): Promise<Buffer> {
    return this.input.length > 0 ? this.rest() : this.more()
  }

  /** These were too many. */
  putBack(bytes: Buffer): void {
    this.input = Buffer.concat([bytes, this.input])
  }

  /** All that has come. */
  rest(): Buffer {
    const bytes = this.laterBytes === 0 ? this.input : Buffer.concat([this.input, ...this.takeLater()])
    this.input = Buffer.alloc(0)
    return bytes
  }

  private async more(): Promise<Buffer> {
    while (this.laterBytes === 0) {
      if (this.over) throw new LinkEnded('the link has ended')
      await new Promise<void>(resolve => {
        this.wake = resolve
      })
      this.wake = null
    }
    return Buffer.concat(this.takeLater())
  }

  private takeLater(): Buffer[] {
    const { later } = this
    if (this.laterBytes > HIGH_WATER) this.flow(true)
    this.later = []
    this.laterBytes = 0
    return later
  }
}

/** Somebody has ended the link, and has said why if there was anything to say. */
export class LinkEnded extends Error {}
