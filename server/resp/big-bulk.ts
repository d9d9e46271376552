/**
 * A big bulk on its way: 32 KB or more that did not all come with the read that announced them.
 *
 * In the buffer that a client's other bytes go through it would move whenever the buffer grows, move again when it is
 * stored, and be read in pieces of the size that suits small requests. So it gets memory of its own, which the
 * network reads into directly (`room`), up to the bulk's end and not beyond:
 *
 *      | STRING_HEADER, or nothing | ...... filled ...... | ...... room ...... CR LF |
 *
 * The memory of a giant has the shape of a string's block, and is a gift: who stores the value keeps it, and 512 MB
 * are neither copied nor zeroed.
 *
 * Announcing is not sending. Up to 4 MB the memory is made at once; a giant has to fill so much before it gets all of
 * its own, and of that only the pages that were written to are the process's, and are counted. It is charged to V8, unlike
 * the arena's: what clients leave behind that die half way is collected in time.
 *
 * Words of a request that have come stay here until it has run.
 */

import { copyBytes, Mem, Span } from '../lib/bytes.js'
import { blockBytes, isGiant } from '../memory/arena.js'
import { STRING_HEADER } from '../memory/string-block.js'
import type { Request } from './request.js'

/** Shorter bulks are words like others. */
export const BIG_BULK_MIN = 32 * 1024
/** Room is made at once up to this length. */
const ANNOUNCED_MAX = 4 * 1024 * 1024
/** Memory that is no longer than this serves the next big bulk. */
const KEPT_BYTES = 1024 * 1024
/** What stands behind a bulk. */
const LINE_END = 2

const NOTHING = new Mem(new ArrayBuffer(0))

export class BigBulk {
  private mem = NOTHING
  private start = 0
  /** Bytes of the bulk and of its line end: those that have come, and all of them. 0: none is on its way. */
  private filled = 0
  private whole = 0
  /** Memory of words that are complete, and how much it is. */
  private readonly taken: Mem[] = []
  private takenBytes = 0
  private spare = NOTHING
  /** The longest since the last `trim`. */
  private peak = 0
  private readonly place = new Span(NOTHING, 0, 0)

  get isUnderWay(): boolean {
    return this.whole > 0
  }

  get isComplete(): boolean {
    return this.filled === this.whole
  }

  /** Bytes of it that have come. */
  get pending(): number {
    return this.filled
  }

  /** Whether the request has words that lie here. */
  get hasWords(): boolean {
    return this.taken.length > 0
  }

  /** Bytes of memory in use, and kept for the next. */
  get capacity(): number {
    const used = isGiant(this.mem.length) ? this.start + this.filled : this.mem.length
    return used + this.takenBytes + this.spare.length
  }

  /** Where the next bytes may be read to; null when none is on its way, or it is all there. */
  get room(): Span | null {
    const left = Math.min(this.whole, this.mem.length - this.start) - this.filled
    return left > 0 ? this.place.set(this.mem, this.start + this.filled, left) : null
  }

  /** So many bytes have been announced. */
  begin(length: number): void {
    this.whole = length + LINE_END
    this.filled = 0
    this.start = 0
    const { spare, whole } = this
    if (whole > ANNOUNCED_MAX) this.mem = memory(ANNOUNCED_MAX)
    else if (whole <= spare.length) this.mem = spare
    else this.mem = memory(whole)
    this.spare = NOTHING
    this.peak = Math.max(this.peak, whole)
  }

  /** New bytes have come; answers how many of them belong to the bulk. Those in its `room` are where they should be. */
  add(mem: Mem, start: number, length: number): number {
    const count = Math.min(length, this.whole - this.filled)
    let done = 0
    while (done < count) {
      const { room } = this
      if (room === null) throw new Error('a bulk has outgrown its memory')
      const step = Math.min(count - done, room.length)
      if (mem !== room.mem || start !== room.start) copyBytes(room.mem, room.start, mem, start + done, step)
      this.filled += step
      done += step
      if (this.filled === this.mem.length - this.start && !this.isComplete) this.widen()
    }
    return count
  }

  /** All of it is there: it becomes a word. */
  giveTo(request: Request): void {
    request.push(this.mem, this.start, this.whole - LINE_END)
    this.taken.push(this.mem)
    this.takenBytes += this.mem.length
    this.mem = NOTHING
    this.filled = this.whole = this.start = 0
  }

  /** The request has run. */
  release(): void {
    for (const mem of this.taken) if (mem.length <= KEPT_BYTES) this.spare = mem
    this.taken.length = 0
    this.takenBytes = 0
  }

  /** The first of the bytes that have come, as latin1 text. */
  firstBytes(length: number): string {
    return this.mem.u8.latin1Slice(this.start, this.start + Math.min(length, this.filled))
  }

  /** To be called now and then: gives back what is spare when the client is `idle`, or has needed far less lately. */
  trim(idle: boolean): void {
    if (idle || this.spare.length / 2 > this.peak) this.spare = NOTHING
    this.peak = this.whole
  }

  /** So much has come that the rest will come too. */
  private widen(): void {
    const wide = memory(blockBytes(STRING_HEADER + this.whole))
    wide.isGift = isGiant(wide.length)
    copyBytes(wide, STRING_HEADER, this.mem, this.start, this.filled)
    this.mem = wide
    this.start = STRING_HEADER
  }
}

function memory(bytes: number): Mem {
  return new Mem(new ArrayBuffer((bytes + 7) & ~7))
}
