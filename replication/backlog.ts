/**
 * The stream of effects, kept once for everybody: for the replicas that are being fed, however far behind each is, and
 * for those that will come back after a while and ask for what they missed.
 *
 * A ring of fixed size serves the second purpose but not the first: a replica in full synchronization may be far
 * behind, and a copy of the stream for each costs memory times replicas just when there is least of it. So the stream
 * is a chain of blocks. A reader is a place in the chain. What nobody needs any more is dropped at the front:
 *
 *      start                                    end
 *        |  block  ->  block  ->  block  ->  block  |
 *              ^                     ^
 *           a slow reader         a quick one, and `size` bytes before the end
 *
 * Bytes are written once and stay where they are, so a reader may hand pieces of a block to the wire. A block that was
 * dropped serves again as the last one: in steady state nothing is allocated.
 *
 * What it does not promise: a bound. A reader that stands still holds all that comes after it; who feeds clients bounds
 * what may wait for one (output-limits.ts).
 *
 * Positions count the bytes of the history before them.
 */

import { copyBytes, Mem } from '../server/lib/bytes.js'
import type { Extent } from './history.js'

const BLOCK_BYTES_MIN = 16 * 1024
const BLOCK_BYTES_MAX = 1 << 20
/** A backlog has about so many blocks. */
const BLOCKS = 16

interface Block {
  readonly mem: Mem
  /** Position of its first byte. */
  start: number
  used: number
  next: Block | null
  /** The first mark in it; null: there is none. */
  mark: Mark | null
}

/** A place where a command begins, and the database that the stream speaks of there; -1: it is about to say it. */
export interface Mark {
  readonly position: number
  readonly database: number
}

export class Backlog implements Extent {
  /** Memory of all blocks. */
  memory = 0
  private first: Block
  private last: Block
  private spare: Block | null = null
  private readonly readers = new Set<BacklogReader>()

  /** Begins at a position. `size`: bytes to keep for those who come back. */
  constructor(
    start: number,
    private readonly size: () => number,
  ) {
    this.first = this.last = this.blockAt(start)
  }

  get start(): number {
    return this.first.start
  }

  get end(): number {
    return this.last.start + this.last.used
  }

  add(from: Mem, start: number, length: number): void {
    let done = 0
    while (done < length) {
      const { last } = this
      const count = Math.min(length - done, last.mem.length - last.used)
      copyBytes(last.mem, last.used, from, start + done, count)
      last.used += count
      done += count
      if (last.used === last.mem.length) this.grow()
    }
  }

  /** A command begins at the present end. Once for each block is kept: who reads on later needs a place to begin. */
  mark(database: number): void {
    const { last } = this
    if (last.mark === null) last.mark = { position: this.end, database }
  }

  /** The last mark at or before a position; else the first there is, else the end. */
  markBefore(position: number): Mark {
    let found: Mark | null = null
    for (let block: Block | null = this.first; block !== null; block = block.next) {
      if (block.mark !== null && (found === null || block.mark.position <= position)) found = block.mark
    }
    return found ?? { position: this.end, database: -1 }
  }

  /** All positions become so much higher: it is the end of a longer history. Nobody may be reading. */
  rebase(offset: number): void {
    for (let block: Block | null = this.first; block !== null; block = block.next) block.start += offset
  }

  /** Reads on from a position between `start` and `end`. */
  readFrom(position: number): BacklogReader {
    let block = this.first
    while (block.next !== null && position >= block.start + block.used) block = block.next
    const reader = new BacklogReader(this, block, position)
    this.readers.add(reader)
    return reader
  }

  /** The reader needs nothing more. */
  forget(reader: BacklogReader): void {
    this.readers.delete(reader)
    this.trim()
  }

  /** Drops blocks at the front that neither a reader nor `size` asks for. */
  trim(): void {
    let needed = this.end - this.size()
    for (const { position } of this.readers) needed = Math.min(needed, position)
    while (this.first.next !== null && this.first.next.start <= needed) {
      const dropped = this.first
      this.first = this.first.next
      this.memory -= dropped.mem.length
      this.spare = dropped
    }
  }

  private grow(): void {
    const next = this.blockAt(this.end)
    this.last.next = next
    this.last = next
    this.trim()
  }

  private blockAt(start: number): Block {
    const bytes = blockBytes(this.size())
    const { spare } = this
    this.spare = null
    const mem = spare?.mem.length === bytes ? spare.mem : Mem.ofSize(bytes)
    this.memory += bytes
    return { mem, start, used: 0, next: null, mark: null }
  }
}

function blockBytes(size: number): number {
  const bytes = Math.min(BLOCK_BYTES_MAX, Math.max(BLOCK_BYTES_MIN, Math.floor(size / BLOCKS)))
  return bytes & ~7
}

/** A place in the stream, and what comes next there. */
export class BacklogReader {
  constructor(
    private readonly backlog: Backlog,
    private block: Block,
    public position: number,
  ) {}

  /** Bytes that it has not read. */
  get left(): number {
    return this.backlog.end - this.position
  }

  /** The next bytes that lie together; null at the end. They stay as they are until `advance`. */
  next(): Uint8Array | null {
    if (this.left === 0) return null
    const { block } = this
    const at = this.position - block.start
    if (at === block.used && block.next !== null) {
      this.block = block.next
      return this.next()
    }
    return block.mem.u8.subarray(at, block.used)
  }

  advance(bytes: number): void {
    this.position += bytes
    if (this.position === this.block.start + this.block.mem.length) this.backlog.trim()
  }

  close(): void {
    this.backlog.forget(this)
  }
}
