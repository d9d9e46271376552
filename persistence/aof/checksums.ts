/**
 * Checksums in a file of commands (`aof-checksum-enabled`). A flipped bit within a value makes another value, and nobody
 * would notice: commands have no checksum of their own. So a line comes every few KB, which Redis skips as a remark:
 *
 *     line   =  "#CRC:" 16 hex digits [CR] LF
 *
 * It is the CRC-64 of the *section*: of all bytes between the line of that kind before it, or the beginning of the
 * commands, and itself. Zero checks nothing and only begins a section, as where a server goes on with a file that it
 * knows nothing of.
 *
 * What is not promised: that the end is covered. The last section of a server that was killed has no line.
 */

import { Crc64 } from '../../server/lib/crc64.js'
import type { WriteBuffer } from './write-buffer.js'

/** A section that has come to this gets its line. */
const SECTION_BYTES = 4096
const NONE = 0n
/** The longest and the shortest there is, with the end of the line. */
const LINE_MAX = 23
const LINE_MIN = 22

/** A line that says this checksum. */
export function checksumLine(sum: bigint): string {
  return `#CRC:${sum.toString(16).padStart(16, '0')}\r\n`
}

/** What a line says; null when it is about something else. */
export function readChecksumLine(u8: Buffer, start: number, end: number): bigint | null {
  if (end - start > LINE_MAX || end - start < LINE_MIN) return null
  const [, digits] = /^#CRC:([0-9a-fA-F]{16})\r?\n$/.exec(u8.latin1Slice(start, end)) ?? []
  return digits === undefined ? null : BigInt(`0x${digits}`)
}

/** Writes the lines of a text that passes through a buffer. */
export class ChecksumWriter {
  private readonly crc = new Crc64()
  /** Of the section, without those that are still in the buffer. */
  private bytes = 0
  /** Where bytes begin in the buffer that are not summed yet; -1: there is no section. */
  private from = -1

  constructor(private readonly enabled: () => boolean) {}

  /** Something is about to be put into the buffer. */
  open(buffer: WriteBuffer): void {
    if (this.from >= 0 || !this.enabled()) return
    buffer.addText(checksumLine(NONE))
    this.crc.reset()
    this.bytes = 0
    this.from = buffer.length
  }

  /** Whether so much is in the buffer that it should be sealed before it is taken. */
  isDue(buffer: WriteBuffer): boolean {
    return this.from >= 0 && buffer.length - this.from >= SECTION_BYTES
  }

  /** A command has ended. `last`: nothing more comes in this text. */
  seal(buffer: WriteBuffer, last: boolean): void {
    if (this.from < 0) return
    const closes = last || !this.enabled()
    const added = buffer.bytesFrom(this.from)
    this.crc.update(added)
    this.bytes += added.length
    if (this.bytes > 0 && (closes || this.bytes >= SECTION_BYTES)) {
      buffer.addText(checksumLine(this.crc.value))
      this.crc.reset()
      this.bytes = 0
    }
    this.from = closes ? -1 : buffer.length
  }

  /** The buffer was sealed, and taken. */
  taken(): void {
    if (this.from > 0) this.from = 0
  }

  /** What comes next is another text, or the buffer was emptied. */
  forget(): void {
    this.from = -1
  }
}

/** Whether sections are summed: `never`, `always`, or `marked`: only while there are lines. */
export type Summing = 'never' | 'marked' | 'always'

/** Checks the lines of a text that is read in order. */
export class ChecksumReader {
  /** Lines that were true. */
  lines = 0
  private readonly crc = new Crc64()
  private sums: boolean

  constructor(
    private readonly summing: Summing,
    /** Where the section begins in the file. */
    public sectionAt: number,
  ) {
    this.sums = summing !== 'never'
  }

  take(u8: Uint8Array, start: number, end: number): void {
    if (this.sums && end > start) this.crc.update(u8, start, end - start)
  }

  /** So much has been read without any line: perhaps there are none. */
  tire(): void {
    if (this.summing === 'marked' && this.lines === 0) this.sums = false
  }

  /** A line has been read; false when it is not true. `after`: where the next section begins. */
  accepts(sum: bigint, after: number): boolean {
    if (this.summing === 'never') return true
    if (sum !== NONE && this.sums && sum !== this.crc.value) return false
    if (sum !== NONE && this.sums) this.lines++
    this.sums = true
    this.crc.reset()
    this.sectionAt = after
    return true
  }
}
