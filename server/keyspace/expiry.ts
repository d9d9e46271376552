/**
 * The death of keys that nobody asks for.
 *
 * A key whose time has come dies when somebody meets it. But most such keys are never met again: a cache of
 * sessions would fill the memory with the dead. Somebody has to go and look.
 *
 * The obvious way is a timer per key, or a heap ordered by time. A million timers are a million objects; a heap costs
 * eight bytes a key and a logarithm at every SET with a time to live, and when a million keys fall due in one second,
 * either would stall the loop at the worst moment. The idea, which is Redis' own: look at a few volatile keys, again
 * and again, and let what is found decide how much to look. When one in ten was due there are more, and the same
 * database gets another round at once; when hardly any was, the memory held by the dead is small, and the cycle
 * ends. So the work follows the need, and the dead among the volatile keys settle below a tenth.
 *
 *      slow cycle    in each tick, for up to a quarter of the processor
 *      fast cycle    at the end of a turn, for up to a millisecond, when the last slow one had too little time or too
 *                    many keys were due
 *
 * The looking goes through the table of volatile keys bucket by bucket, with the cursor that SCAN uses: every key is
 * looked at once a revolution, however the table grows.
 *
 * What it does not promise: that a key dies on time. Readers never see a key that is due, whether it has died or not.
 *
 * Only a master kills by the clock, and not while clients are paused: who may call is the engine's decision.
 */

import type { Clock } from '../lib/clock.js'
import { NEVER } from '../data/entry.js'
import type { Database } from './database.js'
import type { Keyspace } from './keyspace.js'

/** Databases that a cycle visits, unless the last one had too little time. */
const DATABASES_PER_CYCLE = 16
/** Buckets to look into for each key wanted: a table that has just lost most of its keys is sparse. */
const BUCKETS_PER_KEY = 20
/** The weight of a new sample in the running means. */
const TTL_WEIGHT = 0.02
const STALE_WEIGHT = 0.05

/** What active-expire-effort (1 to 10) stands for. */
class Effort {
  readonly keysPerRound: number
  readonly fastUs: number
  /** Share of the processor's time for the slow cycle. */
  readonly slowShare: number
  /** Percentage of due keys among those looked at that is left alone. */
  readonly acceptableStale: number

  constructor(effort: number) {
    const more = effort - 1
    this.keysPerRound = 20 + 5 * more
    this.fastUs = 1000 + 250 * more
    this.slowShare = (25 + 2 * more) / 100
    this.acceptableStale = 10 - more
  }
}

export class ExpiryCycle {
  private effort = new Effort(1)
  private nextDatabase = 0
  private outOfTime = false
  private lastSlowUs = -Infinity
  private lastFastUs = -Infinity
  /** Keys looked at in this cycle, and how many of them died. */
  private sampled = 0
  private expired = 0
  private readonly bucket: number[] = []
  private readonly collect = (ref: number): void => {
    this.bucket.push(ref)
  }

  constructor(private readonly keyspace: Keyspace) {}

  setEffort(effort: number): void {
    this.effort = new Effort(effort)
  }

  /** The cycle of a tick; ticks are `periodUs` apart, or less. Answers the microseconds it took. */
  slow(clock: Clock, periodUs: number): number {
    const startedUs = clock.monotonicUs()
    const passedUs = Math.min(periodUs, startedUs - this.lastSlowUs)
    this.lastSlowUs = startedUs
    return this.run(clock, startedUs, passedUs * this.effort.slowShare)
  }

  /** The cycle of a turn's end. Answers the microseconds it took. */
  fast(clock: Clock): number {
    const { effort, keyspace } = this
    if (!this.outOfTime && keyspace.stats.expiredStalePercent < effort.acceptableStale) return 0
    const startedUs = clock.monotonicUs()
    if (startedUs < this.lastFastUs + 2 * effort.fastUs) return 0
    this.lastFastUs = startedUs
    return this.run(clock, startedUs, effort.fastUs)
  }

  private run(clock: Clock, startedUs: number, limitUs: number): number {
    const { databases, stats } = this.keyspace
    const visits = this.outOfTime ? databases.length : Math.min(databases.length, DATABASES_PER_CYCLE)
    this.outOfTime = false
    this.sampled = 0
    this.expired = 0
    for (let i = 0; i < visits && !this.outOfTime; i++) {
      const db = databases[this.nextDatabase++ % databases.length]
      this.visit(db, clock, startedUs + limitUs)
    }
    const percent = this.sampled === 0 ? 0 : (this.expired * 100) / this.sampled
    stats.expiredStalePercent += (percent - stats.expiredStalePercent) * STALE_WEIGHT
    const elapsedUs = clock.monotonicUs() - startedUs
    stats.expireCycleCpuUs += elapsedUs
    return elapsedUs
  }

  /** Rounds in one database, as long as they find enough and there is time. */
  private visit(db: Database, clock: Clock, deadlineUs: number): void {
    while (this.round(db)) {
      if (clock.monotonicUs() < deadlineUs) continue
      this.outOfTime = true
      this.keyspace.stats.expiredTimeCapReached++
      return
    }
  }

  /** Looks at some volatile keys; true when so many were due that another round pays. */
  private round(db: Database): boolean {
    const { volatile } = db.tables
    const wanted = Math.min(volatile.count, this.effort.keysPerRound)
    if (wanted === 0) {
      db.tables.averageTtl = 0
      return false
    }
    const before = this.expired
    let seen = 0
    for (let buckets = wanted * BUCKETS_PER_KEY; seen < wanted && buckets > 0; buckets--) {
      this.bucket.length = 0
      db.tables.expiryCursor = volatile.scan(db.tables.expiryCursor, this.collect)
      this.judge(db)
      seen += this.bucket.length
    }
    this.sampled += seen
    return seen === 0 || ((this.expired - before) * 100) / seen > this.effort.acceptableStale
  }

  /** Lets those of a bucket die whose time has come, and learns from the others how long keys live. */
  private judge(db: Database): void {
    const { entries, now } = this.keyspace
    let sum = 0
    let living = 0
    for (const ref of this.bucket) {
      const at = entries.expireAt(ref)
      if (at !== NEVER && at <= now) {
        db.expireEntry(ref)
        this.expired++
      } else {
        sum += at - now
        living++
      }
    }
    if (living > 0) learn(db, sum / living)
  }
}

function learn(db: Database, ttl: number): void {
  if (db.tables.averageTtl === 0) db.tables.averageTtl = ttl
  else db.tables.averageTtl += (ttl - db.tables.averageTtl) * TTL_WEIGHT
}
