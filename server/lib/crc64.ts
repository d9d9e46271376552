/**
 * CRC-64 with Jones' polynomial: the checksum of RDB files and of DUMP.
 *
 * Bit by bit it costs 64 steps per word; a table per byte position lets eight bytes go in one step ("slicing by
 * eight"): the checksum so far is added to the eight bytes, and each of the eight results is looked up in the
 * table that knows how the byte develops over the positions behind it. A 64-bit number is two int32 halves here,
 * since BigInt would cost more than the checksum.
 *
 * Parameters (the reflected form): polynomial 0x95ac9329ac4bc9b5, start 0, no final inversion.
 * crc64("123456789") = e9c6d914c4b8d9ca.
 */

const POLYNOMIAL_LOW = 0xac4bc9b5 | 0
const POLYNOMIAL_HIGH = 0x95ac9329 | 0

/** Numbers in the table of one byte position. */
const TABLE_SIZE = 512

/**
 * Eight tables of 256 entries, low and high half side by side: entry n of table k is at (k * 256 + n) * 2, and is
 * the checksum of byte n followed by k zero bytes.
 */
const TABLE = buildTable()

function buildTable(): Int32Array {
  const table = new Int32Array(8 * TABLE_SIZE)
  for (let byte = 0; byte < 256; byte++) {
    let low = byte
    let high = 0
    for (let bit = 0; bit < 8; bit++) {
      const odd = -(low & 1)
      low = ((low >>> 1) | (high << 31)) ^ (odd & POLYNOMIAL_LOW)
      high = (high >>> 1) ^ (odd & POLYNOMIAL_HIGH)
    }
    table[byte * 2] = low
    table[byte * 2 + 1] = high
  }
  for (let i = TABLE_SIZE; i < table.length; i += 2) {
    const low = table[i - TABLE_SIZE]
    const high = table[i - TABLE_SIZE + 1]
    const next = (low & 255) * 2
    table[i] = ((low >>> 8) | (high << 24)) ^ table[next]
    table[i + 1] = (high >>> 8) ^ table[next + 1]
  }
  return table
}

/** A checksum in the making; feed it the bytes in order, in pieces of any size. */
export class Crc64 {
  private low = 0
  private high = 0

  update(u8: Uint8Array, start = 0, length = u8.length - start): this {
    const end = start + length
    const slicesEnd = end - (length & 7)
    for (let i = start; i < slicesEnd; i += 8) this.slice(u8, i)
    for (let i = slicesEnd; i < end; i++) this.step(u8[i])
    return this
  }

  /** Begins anew. */
  reset(): this {
    this.low = this.high = 0
    return this
  }

  get value(): bigint {
    return (BigInt(this.high >>> 0) << 32n) | BigInt(this.low >>> 0)
  }

  private slice(u8: Uint8Array, i: number): void {
    const low = this.low ^ (u8[i] | (u8[i + 1] << 8) | (u8[i + 2] << 16) | (u8[i + 3] << 24))
    const high = this.high ^ (u8[i + 4] | (u8[i + 5] << 8) | (u8[i + 6] << 16) | (u8[i + 7] << 24))
    const a = 7 * TABLE_SIZE + ((low << 1) & 510)
    const b = 6 * TABLE_SIZE + ((low >>> 7) & 510)
    const c = 5 * TABLE_SIZE + ((low >>> 15) & 510)
    const d = 4 * TABLE_SIZE + ((low >>> 23) & 510)
    const e = 3 * TABLE_SIZE + ((high << 1) & 510)
    const f = 2 * TABLE_SIZE + ((high >>> 7) & 510)
    const g = TABLE_SIZE + ((high >>> 15) & 510)
    const h = (high >>> 23) & 510
    const lowOfLow = TABLE[a] ^ TABLE[b] ^ TABLE[c] ^ TABLE[d]
    const highOfLow = TABLE[a + 1] ^ TABLE[b + 1] ^ TABLE[c + 1] ^ TABLE[d + 1]
    this.low = lowOfLow ^ TABLE[e] ^ TABLE[f] ^ TABLE[g] ^ TABLE[h]
    this.high = highOfLow ^ TABLE[e + 1] ^ TABLE[f + 1] ^ TABLE[g + 1] ^ TABLE[h + 1]
  }

  private step(byte: number): void {
    const entry = ((this.low ^ byte) & 255) * 2
    const low = ((this.low >>> 8) | (this.high << 24)) ^ TABLE[entry]
    this.high = (this.high >>> 8) ^ TABLE[entry + 1]
    this.low = low
  }
}

/** The checksum of one run of bytes. */
export function crc64(u8: Uint8Array, start = 0, length = u8.length - start): bigint {
  return new Crc64().update(u8, start, length).value
}
