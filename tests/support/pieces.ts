import { CHECKSUM_BYTES, type DirectPress, type RawPiece } from '../../persistence/rdb/press.js'
import { Mem } from '../../server/lib/bytes.js'

/** A piece as an encoder hands it over. */
export function rawPiece(text: string, marks: readonly number[] = [], last = false): RawPiece {
  const mem = Mem.ofSize(text.length + CHECKSUM_BYTES)
  mem.u8.latin1Write(text)
  return { mem, length: text.length, marks: Uint32Array.from(marks), last }
}

/** What has been written, up to `length`. */
export function bytesOf({ mem }: RawPiece, length: number): Buffer {
  return Buffer.from(mem.u8.subarray(0, length))
}

export function pressed(press: DirectPress, piece: RawPiece): Buffer {
  return bytesOf(piece, press.press(piece))
}
