/**
 * The loop of XXH3 over inputs of more than 240 bytes.
 *
 * Eight 64-bit sums take in the input in stripes of 64 bytes, a word each. A stripe meets the secret at an offset
 * that moves on by 8 bytes; after 16 stripes (a block) the sums are scrambled and the offset begins anew. The last
 * 64 bytes are always a stripe of their own, overlapping the one before.
 *
 * With BigInt this loop costs 6 ns a byte and leaves garbage at every step; in int32 halves it costs 1.3 and leaves
 * none.
 */
import {
  PRIME32_1,
  PRIME32_2,
  PRIME32_3,
  PRIME64_1,
  PRIME64_2,
  PRIME64_3,
  PRIME64_4,
  PRIME64_5,
  SECRET,
} from './xxh3-secret.js'
import { multiplyHigh } from './wide-multiply.js'

const STRIPE = 64
const STRIPES_PER_BLOCK = 16
const BLOCK = STRIPE * STRIPES_PER_BLOCK

/** Where the secret is read for the scrambling and for the last stripe. */
const SCRAMBLE_AT = 128
const LAST_STRIPE_AT = 121

const START = [PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1]
const SCRAMBLE_PRIME = Number(PRIME32_1) | 0

/** The eight sums over the whole input. */
export function stripes(input: DataView): bigint[] {
  const sums = new Sums()
  const last = input.byteLength - STRIPE
  const end = input.byteLength - 1
  let at = 0
  for (; at + BLOCK <= end; at += BLOCK) {
    for (let n = 0; n < STRIPES_PER_BLOCK; n++) sums.addStripe(input, at + n * STRIPE, n * 8)
    sums.scramble()
  }
  for (let n = 0; at + (n + 1) * STRIPE <= end; n++) sums.addStripe(input, at + n * STRIPE, n * 8)
  sums.addStripe(input, last, LAST_STRIPE_AT)
  return sums.values()
}

class Sums {
  private readonly low = Int32Array.from(START, sum => Number(BigInt.asIntN(32, sum)))
  private readonly high = Int32Array.from(START, sum => Number(sum >> 32n))

  /** sum[i ^ 1] += word; sum[i] += low half * high half of (word ^ secret). */
  addStripe(input: DataView, at: number, secretAt: number): void {
    for (let i = 0; i < 8; i++) {
      const wordLow = input.getInt32(at + i * 8, true)
      const wordHigh = input.getInt32(at + i * 8 + 4, true)
      const keyedLow = wordLow ^ SECRET.getInt32(secretAt + i * 8, true)
      const keyedHigh = wordHigh ^ SECRET.getInt32(secretAt + i * 8 + 4, true)
      this.add(i ^ 1, wordLow, wordHigh)
      this.add(i, Math.imul(keyedLow, keyedHigh), multiplyHigh(keyedLow, keyedHigh))
    }
  }

  /** sum ^= sum >> 47; sum ^= secret; sum *= a 32-bit prime. */
  scramble(): void {
    for (let i = 0; i < 8; i++) {
      const high = this.high[i] ^ SECRET.getInt32(SCRAMBLE_AT + i * 8 + 4, true)
      const low = this.low[i] ^ (this.high[i] >>> 15) ^ SECRET.getInt32(SCRAMBLE_AT + i * 8, true)
      this.low[i] = Math.imul(low, SCRAMBLE_PRIME)
      this.high[i] = multiplyHigh(low, SCRAMBLE_PRIME) + Math.imul(high, SCRAMBLE_PRIME)
    }
  }

  values(): bigint[] {
    return Array.from(this.low, (low, i) => (BigInt(this.high[i] >>> 0) << 32n) | BigInt(low >>> 0))
  }

  private add(i: number, low: number, high: number): void {
    const sum = (this.low[i] + low) | 0
    const carry = sum >>> 0 < low >>> 0 ? 1 : 0
    this.low[i] = sum
    this.high[i] = this.high[i] + high + carry
  }
}
