/**
 * The door to chance.
 *
 * Two kinds are behind it. *Sampling* (eviction, RANDOMKEY, jitter) asks millions of times and needs speed and
 * evenness: xoshiro128**, four words of state (Blackman and Vigna, https://prng.di.unimi.it). *Identity* (run
 * ids, replication ids, hash seeds) must not be guessed by anybody: node:crypto. In a simulation both come from
 * the seed.
 */

import { randomBytes } from 'node:crypto'

export interface Random {
  /** Any uint32. */
  uint32(): number
  /** An integer from 0 up to, not including, `n`; every one equally likely. 1 <= n <= 2^32. */
  below(n: number): number
  /** From 0 up to, not including, 1, in steps of 2^-53. */
  float(): number
  /** Bytes that nobody can predict. */
  bytes(count: number): Buffer
  /** Lower-case hex digits that nobody can predict. */
  hex(digits: number): string
}

export function systemRandom(): Random {
  return new SystemRandom()
}

/**
 * The same seed gives the same numbers, on every machine and for ever: recorded seeds depend on it. Of the seed
 * the low 32 bits count.
 */
export function seededRandom(seed: number): Random {
  return new SeededRandom(seed)
}

abstract class Xoshiro implements Random {
  private readonly state: Int32Array

  /** `state` is four words, not all of them zero. */
  constructor(state: Int32Array) {
    this.state = state
  }

  abstract bytes(count: number): Buffer

  uint32(): number {
    const s = this.state
    const result = Math.imul(rotateLeft(Math.imul(s[1], 5), 7), 9)
    const shifted = s[1] << 9
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= shifted
    s[3] = rotateLeft(s[3], 11)
    return result >>> 0
  }

  /** As many bits as `n - 1` has, drawn again while they say too much: fewer than two draws on average. */
  below(n: number): number {
    const unusedBits = Math.clz32(n - 1)
    if (unusedBits === 32) return 0
    let drawn = this.uint32() >>> unusedBits
    while (drawn >= n) drawn = this.uint32() >>> unusedBits
    return drawn
  }

  float(): number {
    const high = this.uint32() >>> 5
    const low = this.uint32() >>> 6
    return (high * 2 ** 26 + low) / 2 ** 53
  }

  hex(digits: number): string {
    return this.bytes((digits + 1) >>> 1)
      .toString('hex')
      .slice(0, digits)
  }
}

class SystemRandom extends Xoshiro {
  constructor() {
    super(new Int32Array(new Uint8Array(randomBytes(16)).buffer))
  }

  bytes(count: number): Buffer {
    return randomBytes(count)
  }
}

class SeededRandom extends Xoshiro {
  constructor(seed: number) {
    super(Int32Array.from({ length: 4 }, (_, index) => splitMix(seed, index)))
  }

  bytes(count: number): Buffer {
    const bytes = Buffer.alloc(count)
    for (let i = 0; i < count; i++) bytes[i] = this.uint32() >>> 24
    return bytes
  }
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

/** Spreads a seed over words, so that seeds 1, 2, 3 have nothing in common (SplitMix with murmur3's finish). */
function splitMix(seed: number, index: number): number {
  let word = (seed + Math.imul(index + 1, 0x9e3779b9)) | 0
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}
