/**
 * Reads a file of commands, one after the other, into a request: strictly, as nobody else writes there.
 *
 *     file       = { annotation | command }
 *     annotation = "#" { any byte but LF } LF
 *     command    = "*" count CR LF { "$" length CR LF length bytes CR LF }     count times, at least once
 *
 * The file passes through a window of memory, and the words of a request are spans of it, good until the next one. A
 * command that does not fit makes the window larger.
 */

import { Mem, copyBytes } from '../../server/lib/bytes.js'
import type { DiskFile } from '../../server/lib/disk.js'
import type { Request } from '../../server/resp/request.js'
import { ChecksumReader, readChecksumLine, type Summing } from './checksums.js'

/**
 * - `command`: the request holds one; `annotation`: a line was skipped.
 * - `more`: the window ends before the command does; `fill` it.
 * - `wrong`: what stands at `offset` is no command; `false`: a checksum that the section before it does not have.
 */
export type Found = 'command' | 'annotation' | 'more' | 'wrong' | 'false'

const WINDOW_BYTES = 1 << 20
/** Of an annotation, and of the line before a word. */
const LINE_MAX = 1024

const LF = 10
const CR = 13
const HASH = 35
const DOLLAR = 36
const STAR = 42

export class CommandReader {
  private mem = new Mem(new ArrayBuffer(WINDOW_BYTES))
  /** Unread bytes of the window: [at, end). */
  private at = 0
  private end = 0
  /** Where the window's first byte lies in the file. */
  private base: number
  readonly checksums: ChecksumReader
  /** Bytes of the window before this place are summed. */
  private summed = 0

  constructor(
    private readonly file: Pick<DiskFile, 'readAt'>,
    /** Where to begin, and where to end. */
    start: number,
    private readonly limit: number,
    private readonly request: Request,
    summing: Summing = 'never',
  ) {
    this.base = start
    this.checksums = new ChecksumReader(summing, start)
  }

  /** Where the next command begins: all before it has been read. */
  get offset(): number {
    return this.base + this.at
  }

  /** Bytes from there to the end of the file. */
  get left(): number {
    return this.limit - this.offset
  }

  next(): Found {
    if (this.at === this.end) return 'more'
    const first = this.mem.u8[this.at]
    if (first === HASH) return this.annotation()
    return first === STAR ? this.command() : 'wrong'
  }

  /** Reads on behind what the window holds. False at the end of the file. */
  async fill(): Promise<boolean> {
    this.makeRoom()
    const room = Math.min(this.mem.length - this.end, this.limit - this.base - this.end)
    if (room <= 0) return false
    const read = await this.file.readAt(this.base + this.end, this.mem.u8.subarray(this.end, this.end + room))
    this.end += read
    return read > 0
  }

  /** Unread bytes go to the front; what fills the whole window gets a larger one. */
  private makeRoom(): void {
    this.sum()
    if (this.at > 0) this.checksums.tire()
    const rest = this.end - this.at
    const mem = rest * 2 > this.mem.length ? new Mem(new ArrayBuffer(this.mem.length * 2)) : this.mem
    copyBytes(mem, 0, this.mem, this.at, rest)
    this.mem = mem
    this.base += this.at
    this.at = this.summed = 0
    this.end = rest
  }

  private sum(): void {
    this.checksums.take(this.mem.u8, this.summed, this.at)
    this.summed = this.at
  }

  private annotation(): Found {
    const end = this.mem.u8.indexOf(LF, this.at)
    if (end < 0 || end >= this.end) return this.end - this.at > LINE_MAX ? 'wrong' : 'more'
    const sum = readChecksumLine(this.mem.u8, this.at, end + 1)
    if (sum !== null) {
      this.sum()
      if (!this.checksums.accepts(sum, this.base + end + 1)) return 'false'
      this.summed = end + 1
    }
    this.at = end + 1
    return 'annotation'
  }

  private command(): Found {
    const { request, mem } = this
    const line = this.number(this.at + 1)
    if (line !== 'ok') return line
    const count = this.value
    if (count < 1) return 'wrong'
    let at = this.after
    request.clear()
    for (let i = 0; i < count; i++) {
      if (at >= this.end) return 'more'
      if (mem.u8[at] !== DOLLAR) return 'wrong'
      const header = this.number(at + 1)
      if (header !== 'ok') return header
      const start = this.after
      at = start + this.value + 2
      if (at > this.end) return 'more'
      if (mem.u8[at - 2] !== CR || mem.u8[at - 1] !== LF) return 'wrong'
      request.push(mem, start, this.value)
    }
    this.at = at
    return 'command'
  }

  /** What `number` has read: its value, and where the next line begins. */
  private value = 0
  private after = 0

  /** Digits and the end of their line. */
  private number(from: number): 'ok' | 'more' | 'wrong' {
    const { u8 } = this.mem
    let at = from
    let value = 0
    while (at < this.end) {
      const digit = u8[at] - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      at++
    }
    if (at - from > DIGITS_MAX) return 'wrong'
    if (at + 1 >= this.end) return at < this.end && u8[at] !== CR ? 'wrong' : 'more'
    if (at === from || u8[at] !== CR || u8[at + 1] !== LF) return 'wrong'
    this.value = value
    this.after = at + 2
    return 'ok'
  }
}

const DIGITS_MAX = 15
