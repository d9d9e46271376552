import { isDeepStrictEqual } from 'node:util'
import { type Received, type Reply, ReplyError } from '../../support/reply.js'
import type { Words } from './family.js'
import { differenceOf } from './known-differences.js'

/** How often each known difference showed. */
export type Tally = Map<string, number>

/** Whether one client was answered the same on both sides, or differently as is known. */
export class Judge {
  /** What its transaction has queued. */
  private queued: Words[] = []

  constructor(private readonly tally: Tally) {}

  accepts(words: Words, theirs: Received, ours: Received): boolean {
    if (theirs.bytes.equals(ours.bytes)) return true
    const inTransaction = words[0].toLowerCase() === 'exec' && Array.isArray(ours.value)
    if (!inTransaction) return this.explain(words, theirs.value, ours.value)
    const [replies, own] = [theirs.value, ours.value] as [readonly Reply[], readonly Reply[]]
    if (replies?.length !== own.length) return false
    return this.queued.every(
      (queued, at) => isDeepStrictEqual(replies[at], own[at]) || this.explain(queued, replies[at], own[at]),
    )
  }

  private explain(words: Words, theirs: Reply, ours: Reply): boolean {
    const why = differenceOf(words, theirs, ours)?.why
    if (why !== undefined) this.tally.set(why, (this.tally.get(why) ?? 0) + 1)
    return why !== undefined
  }

  /** To be told of every reply, as a transaction is judged as what it queued. */
  follow(words: Words, reply: Reply): void {
    if (reply === 'QUEUED') this.queued.push(words)
    else if (/^(exec|discard|multi)$/i.test(words[0]) && !(reply instanceof ReplyError)) this.queued = []
    else if (/^exec$/i.test(words[0])) this.queued = []
  }
}
