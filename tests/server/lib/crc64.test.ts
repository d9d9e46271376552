import { expect, test } from 'vitest'
import { Crc64, crc64 } from '../../../server/lib/crc64.js'
import { seededRandom } from '../../../server/lib/random.js'

/** Bit by bit, as the definition says. */
function naive(bytes: Uint8Array): bigint {
  let crc = 0n
  for (const byte of bytes) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x95ac9329ac4bc9b5n : crc >> 1n
  }
  return crc
}

test('the check value of the polynomial', () => {
  expect(crc64(Buffer.from('123456789'))).toBe(0xe9c6d914c4b8d9can)
  expect(crc64(Buffer.alloc(0))).toBe(0n)
})

test('agrees with the definition on any run of bytes', () => {
  const random = seededRandom(10)
  for (let i = 0; i < 300; i++) {
    const bytes = random.bytes(random.below(300))
    const start = random.below(bytes.length + 1)
    const length = random.below(bytes.length - start + 1)
    expect(crc64(bytes, start, length)).toBe(naive(bytes.subarray(start, start + length)))
  }
})

test('pieces give the checksum of the whole, and a reset begins another', () => {
  const random = seededRandom(11)
  const bytes = random.bytes(1000)
  const crc = new Crc64()
  for (let at = 0; at < bytes.length;) {
    const length = Math.min(random.below(150), bytes.length - at)
    crc.update(bytes, at, length)
    at += length
  }
  expect(crc.value).toBe(crc64(bytes))
  expect(crc.reset().value).toBe(0n)
})
