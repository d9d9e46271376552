/**
 * Which key has to go when memory is full.
 *
 * The exact answer (the key unused for longest, used least, or dying soonest) needs an order of all keys that every
 * access would have to keep up. Redis' answer is a sample: look at a few random keys, take the best. Five keys a
 * time are a poor sample of a million. What makes it good is the *pool*: the best candidates of former samples
 * stay in it, and a new sample only has to beat the worst of them. After a few evictions the pool holds sixteen keys
 * from the far end of the order, whatever the size of the keyspace.
 *
 * A candidate is a note, not a claim: until its turn comes it may be deleted, expired, used again, or its memory
 * be another key's. So it is looked at again before it is chosen. It must still stand in the table, under the same
 * hash, and its score must not be lower than the one noted: a key used meanwhile is no candidate any more. (Redis
 * evicts it all the same.)
 *
 * Only the choice is made here: nothing is deleted. What it does not promise: the very best key.
 */

import type { Dict } from '../memory/dict.js'
import { NEVER } from '../data/entry.js'
import type { Database } from './database.js'
import type { Keyspace } from './keyspace.js'

export type EvictionPolicy =
  | 'volatile-lru'
  | 'volatile-lfu'
  | 'volatile-lrm'
  | 'volatile-random'
  | 'volatile-ttl'
  | 'allkeys-lru'
  | 'allkeys-lfu'
  | 'allkeys-lrm'
  | 'allkeys-random'
  | 'noeviction'

/** How willingly an entry is let go: the higher, the sooner. */
type Score = (keyspace: Keyspace, ref: number) => number

interface Rule {
  /** Only keys with a time to live may go. */
  readonly volatile: boolean
  /** Null: any key is as good as another. */
  readonly score: Score | null
}

const USES_MAX = 255

/** By the access word, whether reads or writes set it. */
const idle: Score = ({ access, entries }, ref) => access.idleSeconds(entries.access(ref))
const seldom: Score = ({ access, entries }, ref) => USES_MAX - access.counter(entries.access(ref))
const soonest: Score = ({ entries }, ref) => {
  const at = entries.expireAt(ref)
  return at === NEVER ? -Infinity : -at
}

const RULES: Readonly<Record<EvictionPolicy, Rule | null>> = {
  'volatile-lru': { volatile: true, score: idle },
  'volatile-lfu': { volatile: true, score: seldom },
  'volatile-lrm': { volatile: true, score: idle },
  'volatile-random': { volatile: true, score: null },
  'volatile-ttl': { volatile: true, score: soonest },
  'allkeys-lru': { volatile: false, score: idle },
  'allkeys-lfu': { volatile: false, score: seldom },
  'allkeys-lrm': { volatile: false, score: idle },
  'allkeys-random': { volatile: false, score: null },
  noeviction: null,
}

/** An entry that may go, as it was when it was looked at. */
export interface Candidate {
  readonly db: Database
  readonly ref: number
  readonly hash: number
  readonly score: number
}

export const POOL_SIZE = 16

/** The best candidates so far, the best one last. */
export class CandidatePool {
  private readonly candidates: Candidate[] = []

  /** True when a candidate of this score would be kept. */
  wants(score: number): boolean {
    return this.candidates.length < POOL_SIZE || score > this.candidates[0].score
  }

  add(candidate: Candidate): void {
    const { candidates } = this
    let at = candidates.length
    while (at > 0 && candidates[at - 1].score > candidate.score) at--
    candidates.splice(at, 0, candidate)
    if (candidates.length > POOL_SIZE) candidates.shift()
  }

  /** True when this entry is in the pool already. */
  has(ref: number): boolean {
    return this.candidates.some(candidate => candidate.ref === ref)
  }

  takeBest(): Candidate | undefined {
    return this.candidates.pop()
  }

  clear(): void {
    this.candidates.length = 0
  }
}

export interface Victim {
  readonly db: Database
  readonly ref: number
}

export class EvictionChoice {
  private readonly pool = new CandidatePool()
  private readonly sampled: number[] = []
  /** Scores of different policies do not compare. */
  private policy: EvictionPolicy = 'noeviction'
  private nextDatabase = 0

  constructor(private readonly keyspace: Keyspace) {}

  /** The entry that should go next; null when none may. `samples`: how many keys of each database to look at. */
  choose(policy: EvictionPolicy, samples: number): Victim | null {
    const rule = RULES[policy]
    if (rule === null) return null
    if (rule.score === null) return this.anyEntry(rule)
    if (policy !== this.policy) this.pool.clear()
    this.policy = policy
    for (;;) {
      if (!this.look(rule, rule.score, samples)) return null
      const best = this.takeValid(rule, rule.score)
      if (best !== null) return best
    }
  }

  /** Takes the databases in turn, so that each gives its share. */
  private anyEntry(rule: Rule): Victim | null {
    const { databases, random } = this.keyspace
    for (let i = 0; i < databases.length; i++) {
      const db = databases[this.nextDatabase++ % databases.length]
      const ref = tableOf(db, rule).random(random)
      if (ref !== 0) return { db, ref }
    }
    return null
  }

  /** Samples every database into the pool; false when there is nothing to sample. */
  private look(rule: Rule, score: Score, samples: number): boolean {
    let any = false
    for (const db of this.keyspace.databases) {
      const table = tableOf(db, rule)
      if (table.count === 0) continue
      any = true
      this.sampled.length = 0
      table.sample(this.keyspace.random, samples, this.sampled)
      for (const ref of this.sampled) this.offer(db, table, ref, score(this.keyspace, ref))
    }
    return any
  }

  private offer(db: Database, table: Dict, ref: number, score: number): void {
    if (!this.pool.wants(score) || this.pool.has(ref)) return
    this.pool.add({ db, ref, hash: table.hashOf(ref), score })
  }

  private takeValid(rule: Rule, score: Score): Victim | null {
    for (let best = this.pool.takeBest(); best !== undefined; best = this.pool.takeBest()) {
      const { db, ref, hash } = best
      if (!tableOf(db, rule).contains(hash, ref)) continue
      if (score(this.keyspace, ref) >= best.score) return best
    }
    return null
  }
}

function tableOf({ tables }: Database, { volatile }: Rule): Dict {
  return volatile ? tables.volatile : tables.keys
}
