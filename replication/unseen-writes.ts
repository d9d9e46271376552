/**
 * The writes of a stretch of the backlog, as an append-only file has them.
 *
 * A stream is more than writes: PING and REPLCONF speak to the replicas, PUBLISH to their clients; those are left out.
 * And it says SELECT only when the database changes, so the one in force at the beginning of the stretch must be said
 * first: the walk begins at a mark before it (see Backlog.mark), from where on every SELECT is met.
 */

import { CommandReader } from '../persistence/aof/command-reader.js'
import { readInteger } from '../server/engine/grammar.js'
import { CommandText } from '../server/resp/command-text.js'
import { Request } from '../server/resp/request.js'
import type { Backlog, BacklogReader } from './backlog.js'

/** No writes, and nothing that a file of writes needs. */
const LEFT_OUT = ['ping', 'replconf', 'publish', 'spublish']
/** They keep writes together, and are none. */
const FRAME = ['multi', 'exec']

export class UnseenWrites {
  /** How many have been read. */
  writes = 0
  /** Bytes of the stretch that the backlog does not hold any more. */
  readonly missing: number
  private readonly request = new Request()
  private readonly source: BacklogSource
  private readonly reader: CommandReader
  private database: number
  private stated = -1
  private over = false

  /** `from`: an offset at which a command begins. */
  constructor(
    backlog: Backlog,
    private readonly from: number,
  ) {
    const mark = backlog.markBefore(from)
    this.database = mark.database
    this.missing = Math.max(0, mark.position - from)
    this.source = new BacklogSource(backlog.readFrom(mark.position))
    this.reader = new CommandReader(this.source, mark.position, backlog.end, this.request)
  }

  /** The next writes, about so many bytes; empty at the end. */
  async next(bytes: number): Promise<Buffer> {
    const text = new CommandText()
    while (!this.over && text.length < bytes) {
      const at = this.reader.offset
      const found = this.reader.next()
      if (found === 'command') this.take(at, text)
      else if (found === 'wrong' || !(await this.reader.fill())) this.over = true
    }
    return text.bytes
  }

  close(): void {
    this.source.close()
  }

  /** The command at this offset has been read. */
  private take(at: number, text: CommandText): void {
    const { request } = this
    const name = request.word(0)
    if (name.is('select')) {
      this.database = readInteger(request.word(1))
      return
    }
    if (at < this.from || LEFT_OUT.some(word => name.is(word))) return
    if (!FRAME.some(word => name.is(word))) this.writes++
    if (this.database !== this.stated) text.addSelect(this.database)
    this.stated = this.database
    text.addRequest(request)
  }
}

/** The backlog as what a CommandReader reads from: in order, once. */
class BacklogSource {
  constructor(private readonly reader: BacklogReader) {}

  readAt(_position: number, into: Uint8Array): Promise<number> {
    const piece = this.reader.next()
    const count = Math.min(piece?.length ?? 0, into.length)
    if (piece !== null) into.set(piece.subarray(0, count))
    this.reader.advance(count)
    return Promise.resolve(count)
  }

  close(): void {
    this.reader.close()
  }
}
