/**
 * CRC-16/XMODEM (polynomial 0x1021, start 0), which maps a key to one of the 16384 slots of a cluster.
 * crc16("123456789") = 31c3.
 *
 * Keys that must live together share a *hash tag*: of a key with `{...}` only the part between the first `{` and
 * the first `}` behind it counts, unless that part is empty.
 */

export const SLOTS = 16384

const OPEN = 123
const CLOSE = 125

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc
})

export function crc16(u8: Uint8Array, start: number, length: number): number {
  const end = start + length
  let crc = 0
  for (let i = start; i < end; i++) crc = ((crc << 8) & 0xffff) ^ TABLE[(crc >>> 8) ^ u8[i]]
  return crc
}

/** The slot of a key. */
export function keySlot(u8: Uint8Array, start: number, length: number): number {
  const end = start + length
  const open = indexOfByte(u8, OPEN, start, end)
  const close = indexOfByte(u8, CLOSE, open + 1, end)
  const tagged = close < end && close > open + 1
  const crc = tagged ? crc16(u8, open + 1, close - open - 1) : crc16(u8, start, length)
  return crc & (SLOTS - 1)
}

/** The first place of the byte, or `end`. Keys are short: a loop beats a native search. */
function indexOfByte(u8: Uint8Array, byte: number, start: number, end: number): number {
  let i = start
  while (i < end && u8[i] !== byte) i++
  return i < end ? i : end
}
