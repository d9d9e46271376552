/**
 * A snapshot on its way from our master into a file of ours, to be loaded when it is whole: until then the old data
 * stays, and is all there is when the link breaks.
 *
 * It comes in one of two forms: `$<length>`, or `$EOF:<mark>` when the master does not know the length. The mark is 40
 * random bytes that stand behind the snapshot, and nothing comes behind them before we have spoken.
 */

import { join } from 'node:path'
import type { Engine } from '../server/engine/engine.js'

const MARK_BYTES = 40

export class Transfer {
  /** What is still expected; -1 when nobody knows. */
  readonly totalBytes: number
  readBytes = 0
  /** Bytes that the disk has not taken yet. */
  pendingBytes = 0
  readonly path: string
  private readonly mark: Buffer | null
  /** What may be the beginning of the mark. */
  private tail = Buffer.alloc(0)
  private written: Promise<void>
  private append: (bytes: Buffer) => Promise<void> = () => Promise.resolve()
  private end: () => Promise<void> = () => Promise.resolve()

  /** `line`: the announcement, without its `$`. */
  constructor(
    private readonly engine: Engine,
    line: string,
  ) {
    this.mark = line.startsWith('EOF:') ? Buffer.from(line.slice(4), 'latin1') : null
    this.totalBytes = this.mark === null ? Number(line) : -1
    this.path = join(
      engine.config.values.dir,
      `temp-${engine.facts.pid}-${engine.runId.slice(0, 8)}.sync.rdb`,
    )
    this.written = this.open()
    this.written.catch(() => undefined)
  }

  /** Takes bytes. When the snapshot is whole: the bytes behind it; else null. */
  take(bytes: Buffer): Buffer | null {
    if (this.mark !== null) return this.takeUntilMark(bytes, this.mark)
    const wanted = this.totalBytes - this.readBytes
    this.keep(bytes.subarray(0, wanted))
    return bytes.length >= wanted ? bytes.subarray(wanted) : null
  }

  /** Resolves when the disk has taken what it was given so far. */
  finished(): Promise<void> {
    return this.written
  }

  /** Ends the file: resolves when all is in it. */
  async finish(): Promise<void> {
    await this.written
    await this.end()
  }

  async discard(): Promise<void> {
    await this.written.catch(() => undefined)
    await this.end().catch(() => undefined)
    await this.engine.disk.unlink(this.path).catch(() => undefined)
  }

  private takeUntilMark(bytes: Buffer, mark: Buffer): Buffer | null {
    const all = Buffer.concat([this.tail, bytes])
    const end = Math.max(0, all.length - MARK_BYTES)
    this.keep(all.subarray(0, end))
    this.tail = all.subarray(end)
    return this.tail.equals(mark) ? Buffer.alloc(0) : null
  }

  private keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.readBytes += bytes.length
    this.pendingBytes += bytes.length
    this.written = this.written.then(async () => {
      await this.append(bytes)
      this.pendingBytes -= bytes.length
    })
    this.written.catch(() => undefined)
  }

  private async open(): Promise<void> {
    const file = await this.engine.disk.open(this.path, 'create')
    this.append = bytes => file.append(bytes)
    this.end = () => {
      this.end = () => Promise.resolve()
      return file.close()
    }
  }
}
