/**
 * The writes of a stretch of the backlog, as an append-only file has them.
 *
 * A stream is more than writes: PING and REPLCONF speak to the replicas, PUBLISH to their clients; those are left out.
 * And it says SELECT only when the database changes, so the one in force at the beginning of the stretch must be said
 * first: the walk begins at a mark before it (see Backlog.mark), from where on every SELECT is met.
 */

import { CommandReader } from '../persistence/aof/command-reader.js'
import { readInteger } from '../server/engine/grammar.js'
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
    const pieces: Buffer[] = []
    let sum = 0
    while (!this.over && sum < bytes) {
      const at = this.reader.offset
      const found = this.reader.next()
      if (found === 'command') sum += this.take(at, pieces)
      else if (found === 'wrong' || !(await this.reader.fill())) this.over = true
    }
    return Buffer.concat(pieces)
  }

  close(): void {
    this.source.close()
  }

  /** Answers how many bytes were taken of the command at this offset. */
  private take(at: number, pieces: Buffer[]): number {
    const { request } = this
    const [name] = request.words
    if (name.is('select')) {
      this.database = readInteger(request.words[1])
      return 0
    }
    if (at < this.from || LEFT_OUT.some(word => name.is(word))) return 0
    if (!FRAME.some(word => name.is(word))) this.writes++
    const command = encode(request)
    const all = this.database === this.stated ? [command] : [select(this.database), command]
    this.stated = this.database
    pieces.push(...all)
    return command.length
  }
}

function encode({ words, count }: Request): Buffer {
  const pieces: Uint8Array[] = [Buffer.from(`*${count}\r\n`)]
  for (let i = 0; i < count; i++)
    pieces.push(Buffer.from(`$${words[i].length}\r\n`), words[i].bytes(), Buffer.from('\r\n'))
  return Buffer.concat(pieces)
}

function select(database: number): Buffer {
  const digits = `${database}`
  return Buffer.from(`*2\r\n$6\r\nSELECT\r\n$${digits.length}\r\n${digits}\r\n`)
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
