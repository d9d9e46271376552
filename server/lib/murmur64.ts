/**
 * MurmurHash64A (Austin Appleby), the hash of HyperLogLog. Registers travel between servers in RDB files, DUMP and
 * PFMERGE, so every server must hash alike: this function and its seed are part of the data format.
 *
 * 64-bit arithmetic is done in int32 halves: PFADD is a hot command and BigInt makes garbage.
 */
import { multiplyHigh } from './wide-multiply.js'

const M_LOW = 0x5bd1e995
const M_HIGH = 0xc6a4a793 | 0

/** The seed HyperLogLog uses. */
export const HLL_SEED = 0xadc83b19

/** Where a 64-bit hash is returned: two int32 patterns. The caller owns it and uses it again. */
export interface Hash64 {
  hi: number
  lo: number
}

export function murmur64(u8: Uint8Array, start: number, length: number, into: Hash64, seed = HLL_SEED): void {
  const end = start + length
  const wordsEnd = end - (length & 7)
  let lo = seed ^ Math.imul(length, M_LOW)
  let hi = multiplyHigh(length, M_LOW) + Math.imul(length, M_HIGH)
  for (let i = start; i < wordsEnd; i += 8) {
    const wordLo = u8[i] | (u8[i + 1] << 8) | (u8[i + 2] << 16) | (u8[i + 3] << 24)
    const wordHi = u8[i + 4] | (u8[i + 5] << 8) | (u8[i + 6] << 16) | (u8[i + 7] << 24)
    // k *= m; k ^= k >> 47; k *= m; h ^= k; h *= m. A shift by 47 leaves only bits of the upper half.
    const kHi = timesMHigh(wordLo, wordHi)
    const kLo = Math.imul(wordLo, M_LOW) ^ (kHi >>> 15)
    const mixedHi = hi ^ timesMHigh(kLo, kHi)
    const mixedLo = lo ^ Math.imul(kLo, M_LOW)
    hi = timesMHigh(mixedLo, mixedHi)
    lo = Math.imul(mixedLo, M_LOW)
  }
  if (wordsEnd < end) {
    for (let i = wordsEnd; i < end; i++) {
      const place = i - wordsEnd
      if (place < 4) lo ^= u8[i] << (place * 8)
      else hi ^= u8[i] << ((place - 4) * 8)
    }
    hi = timesMHigh(lo, hi)
    lo = Math.imul(lo, M_LOW)
  }
  finish(lo, hi, into)
}

/** h ^= h >> 47; h *= m; h ^= h >> 47. */
function finish(lo: number, hi: number, into: Hash64): void {
  const folded = lo ^ (hi >>> 15)
  const last = timesMHigh(folded, hi)
  into.hi = last
  into.lo = Math.imul(folded, M_LOW) ^ (last >>> 15)
}

/** The upper half of (hi:lo) * m; the lower half is imul(lo, M_LOW). */
function timesMHigh(lo: number, hi: number): number {
  return (multiplyHigh(lo, M_LOW) + Math.imul(lo, M_HIGH) + Math.imul(hi, M_LOW)) | 0
}
