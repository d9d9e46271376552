import { Crc64 } from '../server/lib/crc64.js'

const SUM_BYTES = 8

/**
 * Whether a snapshot that has come is the one that was made: it ends with the CRC-64 of all before. Who has a file of it
 * asks before letting go of the data it is to replace; when it is loaded it is too late.
 */
export class SnapshotSum {
  private readonly crc = new Crc64()
  /** What may be the sum. */
  private tail = Buffer.alloc(0)

  add(piece: Buffer): void {
    const all = piece.length < SUM_BYTES ? Buffer.concat([this.tail, piece]) : piece
    if (all === piece) this.crc.update(this.tail)
    const end = Math.max(0, all.length - SUM_BYTES)
    this.crc.update(all, 0, end)
    this.tail = Buffer.from(all.subarray(end))
  }

  /** A sum of 0 stands for none: `rdbchecksum no`. */
  get holds(): boolean {
    if (this.tail.length < SUM_BYTES) return false
    const sum = this.tail.readBigUInt64LE()
    return sum === 0n || sum === this.crc.value
  }
}
