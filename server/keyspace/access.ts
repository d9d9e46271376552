/**
 * How recently or how often a key was used: one 32-bit word per entry, in one of two readings.
 *
 *      LRU   seconds of the unix clock, 24 bits (wraps after 194 days)
 *      LFU   minutes of the unix clock, 16 bits | logarithmic counter, 8 bits
 *
 * The policy decides which; after a change of policy old words are read as they stand, as Redis warns.
 */

import type { Random } from '../lib/random.js'

const LRU_MASK = 0xffffff
const LFU_INITIAL = 5
const COUNTER_MAX = 255

export class AccessClock {
  /** Which reading the policy in force uses. */
  lfu = false
  /** Reads do not refresh a key, only writes do: the *-lrm policies. */
  modifiedOnly = false
  lfuLogFactor = 10
  lfuDecayMinutes = 1
  private seconds = 0
  private minutes = 0

  constructor(private readonly random: Random) {}

  /** Sets the time by which accesses are stamped: unix ms. */
  setNow(ms: number): void {
    this.seconds = Math.floor(ms / 1000) & LRU_MASK
    this.minutes = Math.floor(ms / 60_000) & 0xffff
  }

  /** The word of a key just made. */
  initial(): number {
    return this.lfu ? (this.minutes << 8) | LFU_INITIAL : this.seconds
  }

  /** The word of a key just used. */
  used(word: number): number {
    if (!this.lfu) return this.seconds
    return (this.minutes << 8) | this.increment(this.counter(word))
  }

  /** Seconds since the last use, by the LRU reading. */
  idleSeconds(word: number): number {
    return (this.seconds - word) & LRU_MASK
  }

  /** The word of a key idle for so many seconds, as RESTORE IDLETIME asks. */
  withIdle(seconds: number): number {
    return (this.seconds - Math.min(seconds, LRU_MASK)) & LRU_MASK
  }

  /** The word of a key with this LFU counter, as RESTORE FREQ asks. */
  withFrequency(counter: number): number {
    return (this.minutes << 8) | counter
  }

  /** The LFU counter after the decay that its age deserves. */
  counter(word: number): number {
    const age = (this.minutes - ((word >>> 8) & 0xffff)) & 0xffff
    const periods = this.lfuDecayMinutes > 0 ? Math.floor(age / this.lfuDecayMinutes) : 0
    return Math.max(0, (word & 0xff) - periods)
  }

  /** One more use: the higher the counter, the less likely it grows. */
  private increment(counter: number): number {
    if (counter >= COUNTER_MAX) return COUNTER_MAX
    const base = Math.max(0, counter - LFU_INITIAL)
    return this.random.float() < 1 / (base * this.lfuLogFactor + 1) ? counter + 1 : counter
  }
}
