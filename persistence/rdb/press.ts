/**
 * The last steps from the keys to the bytes of the file: strings are compressed, all is summed.
 *
 * Both take longer than the walk itself, and neither has to happen on the loop. So the encoder writes strings as they
 * are and only marks those that are worth compressing, and a press makes a piece of the file of it: in a thread of its
 * own (press-thread.ts), or here and now where that does not pay.
 */

import { LZF, SPECIAL } from '../../server/data/serial/encoding.js'
import { ValueWriter, lengthBytes } from '../../server/data/serial/value-writer.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import { Crc64 } from '../../server/lib/crc64.js'
import { LzfCompressor } from '../../server/lib/lzf.js'

/** Pieces are of about this size, and stand in memory that holds a key more. */
export const PIECE_BYTES = 128 * 1024
export const PIECE_ROOM = PIECE_BYTES + PIECE_BYTES / 4

/** Compression must save this: what Redis asks for, and the bytes that say how long the compressed string is. */
const SAVING_MIN = 8

/** What a checksum takes behind the last piece. */
export const CHECKSUM_BYTES = 8
const NO_MEMORY = Mem.ofSize(0)

/** What an encoder made. */
export interface RawPiece {
  readonly mem: Mem
  /** How many of them count. */
  readonly length: number
  /** Strings to compress, in order: where the length of each begins, and what it is, by turns. */
  readonly marks: Uint32Array<ArrayBuffer>
  /** It ends the file, but for the checksum, for which there is room behind it. */
  readonly last: boolean
}

/** `none`: nothing is behind the last piece, as in a file of commands. `zero`: eight zeros, which say "not computed". */
export type ChecksumForm = 'sum' | 'zero' | 'none'

/** Makes pieces of a file, each where the raw one stands; answers how long they are, in the order in which they came. */
export interface Press {
  press(piece: RawPiece): Promise<number>
}

/**
 * Does it at once. A piece never gets longer: a string that is not shorter by SAVING_MIN, with all that says how it is
 * compressed, stays as it is.
 */
export class DirectPress {
  private readonly crc: Crc64 | null
  private readonly out = new ValueWriter(false)
  private readonly compressor = new LzfCompressor()
  private readonly packed = new Span(Mem.ofSize(0), 0, 0)

  constructor(private readonly form: ChecksumForm) {
    this.crc = form === 'sum' ? new Crc64() : null
  }

  press({ mem, length, marks, last }: RawPiece): number {
    const { out } = this
    const from = new Span(mem, 0, 0)
    out.detach(mem)
    let done = 0
    for (let i = 0; i < marks.length; i += 2) {
      const end = marks[i] + lengthBytes(marks[i + 1]) + marks[i + 1]
      out.bytes(from.set(from.mem, done, marks[i] - done))
      this.string(from.set(from.mem, marks[i], end - marks[i]), marks[i + 1])
      done = end
    }
    out.bytes(from.set(from.mem, done, length - done))
    this.crc?.update(out.written.mem.u8, 0, out.length)
    if (last && this.form !== 'none') out.uint64(this.crc?.value ?? 0n)
    const made = out.detach(NO_MEMORY)
    if (made.mem !== mem) throw new Error('a piece has become longer')
    return made.length
  }

  /** A string, which stands there with its length before it. */
  private string(raw: Span, length: number): void {
    const { out, packed } = this
    if (packed.mem.length < length) packed.mem = Mem.ofSize(length * 2)
    const content = new Span(raw.mem, raw.start + raw.length - length, length)
    packed.length = this.compressor.compress(content, packed.mem, 0, length - SAVING_MIN)
    if (packed.length === 0) {
      out.bytes(raw)
      return
    }
    out.byte(SPECIAL | LZF)
    out.size(packed.length)
    out.size(length)
    out.bytes(packed)
  }
}

/** For little data, and where there are no threads. */
export class LoopPress implements Press {
  private readonly direct: DirectPress

  constructor(form: ChecksumForm) {
    this.direct = new DirectPress(form)
  }

  press(piece: RawPiece): Promise<number> {
    return Promise.resolve(this.direct.press(piece))
  }
}
