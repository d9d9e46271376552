/**
 * A snapshot on its way from our master. It comes in one of two forms: `$<length>`, or `$EOF:<mark>` when the master
 * does not know the length. The mark is 40 random bytes that stand behind the snapshot, and nothing comes behind them
 * before we have spoken.
 */

import type { ByteStream } from '../persistence/rdb/window.js'
import { type Conversation, LinkEnded } from './conversation.js'

const MARK_BYTES = 40
const ANNOUNCEMENT = /^(?:EOF:(.{40})|(\d{1,15}))$/

export class Transfer {
  /** Of the snapshot; -1 when nobody knows. */
  readonly totalBytes: number
  readBytes = 0
  private readonly mark: Buffer | null
  /** What may be the beginning of the mark. */
  private tail = Buffer.alloc(0)
  private whole = false

  /** `line`: the announcement, without its `$`. */
  constructor(
    private readonly conversation: Conversation,
    line: string,
  ) {
    const [, mark, length] = ANNOUNCEMENT.exec(line) ?? []
    if (mark === undefined && length === undefined) throw new Error(`Bad protocol from MASTER: '$${line}'`)
    this.mark = mark === undefined ? null : Buffer.from(mark, 'latin1')
    this.totalBytes = this.mark === null ? Number(length) : -1
    this.whole = this.totalBytes === 0
  }

  /** The next bytes of the snapshot; null when it is whole. */
  async next(): Promise<Buffer | null> {
    while (!this.whole) {
      const bytes = this.take(await this.conversation.bytes())
      this.readBytes += bytes.length
      if (bytes.length > 0) return bytes
    }
    return null
  }

  /** Who reads it says that the snapshot ends here: does it? Resolves when the mark has come. */
  async endsHere(): Promise<boolean> {
    while (!this.whole && this.tail.length < MARK_BYTES) {
      if (this.take(await this.conversation.bytes()).length > 0) return false
    }
    return this.whole
  }

  private take(bytes: Buffer): Buffer {
    if (this.mark !== null) return this.takeUntilMark(bytes, this.mark)
    const wanted = this.totalBytes - this.readBytes
    this.whole = bytes.length >= wanted
    if (bytes.length > wanted) this.conversation.putBack(bytes.subarray(wanted))
    return bytes.subarray(0, wanted)
  }

  private takeUntilMark(bytes: Buffer, mark: Buffer): Buffer {
    const all = Buffer.concat([this.tail, bytes])
    const end = Math.max(0, all.length - MARK_BYTES)
    this.tail = all.subarray(end)
    this.whole = this.tail.equals(mark)
    return all.subarray(0, end)
  }
}

/** The snapshot as it comes, for who reads it without a file between. */
export class TransferStream implements ByteStream {
  readonly name = 'the snapshot of the master'
  private piece: Buffer = Buffer.alloc(0)

  constructor(private readonly transfer: Transfer) {}

  /** A link that breaks ends it too, too early: who reads it notices. */
  async read(into: Uint8Array): Promise<number> {
    if (this.piece.length === 0) this.piece = (await this.next()) ?? Buffer.alloc(0)
    const count = Math.min(into.length, this.piece.length)
    into.set(this.piece.subarray(0, count))
    this.piece = this.piece.subarray(count)
    return count
  }

  private async next(): Promise<Buffer | null> {
    try {
      return await this.transfer.next()
    } catch (error) {
      if (error instanceof LinkEnded) return null
      throw error
    }
  }

  /** Nothing may stand between the snapshot's end and the mark. Throws when something does. */
  async finish(): Promise<void> {
    if (this.piece.length > 0 || !(await this.transfer.endsHere()))
      throw new Error('Replication stream EOF marker is broken')
  }
}
