/**
 * A sorted set in the making: what ZUNION and its kin answer or store, ZRANGESTORE and GEOSEARCHSTORE store.
 *
 * It is an entry that stands in no table yet, so that the destination may be one of the sources. It ends by one of
 * `store`, `reply` and `discard`; nothing may throw before.
 */

import { Type } from '../../data/entry.js'
import type { Context } from '../../engine/context.js'
import { Event } from '../../keyspace/events.js'
import { Span } from '../../lib/bytes.js'
import { storeEntry, storeNothing } from '../generic/replacement.js'
import { replySelection } from './reply.js'

const NAMELESS = Span.of('')

export class Result {
  private readonly ref: number

  private constructor(
    private readonly ctx: Context,
    private readonly key: Span,
    sizeHint: number,
  ) {
    this.ref = ctx.keyspace.createEntry(key, Type.zset)
    ctx.keyspace.sortedSets.reserve(this.ref, sizeHint)
  }

  /** `key`: where it will be stored, if it will. */
  static begin(ctx: Context, key: Span | null, sizeHint = 0): Result {
    return new Result(ctx, key ?? NAMELESS, sizeHint)
  }

  get size(): number {
    return this.ctx.keyspace.sortedSets.size(this.ref)
  }

  /** The score of a member so far, or NaN; `give` may follow. */
  seek(member: Span): number {
    return this.ctx.keyspace.sortedSets.seek(this.ref, member)
  }

  /** Gives the member sought a score. */
  give(score: number): void {
    this.ctx.keyspace.sortedSets.put(score)
  }

  put(member: Span, score: number): void {
    this.seek(member)
    this.give(score)
  }

  /** Puts it in the place of whatever the key held, and answers its size. An empty one only deletes the key. */
  store(event: string): void {
    const { ctx, key, ref, size } = this
    if (size > 0) {
      ctx.keyspace.sortedSets.settle(ref)
      storeEntry(ctx, key, ref, Event.zset, event)
    } else {
      this.discard()
      storeNothing(ctx, key)
    }
    ctx.reply.int(size)
  }

  /** Answers the members, in order. */
  reply(withScores: boolean): void {
    const { ctx, ref, size } = this
    replySelection(ctx, ref, { rank: 0, count: size, reverse: false }, withScores)
    this.discard()
  }

  discard(): void {
    this.ctx.keyspace.freeEntry(this.ref)
  }
}
