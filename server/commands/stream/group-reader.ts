/**
 * XREADGROUP: what nobody of the group has got yet (`>`), or what this consumer got and did not acknowledge.
 *
 * New entries become pending, with the consumer to answer for them, unless NOACK waives it. With CLAIM, entries that
 * are pending with somebody for too long come first and change hands; then every entry tells how long it was idle and
 * how often it had been delivered: what is new, not at all.
 */

import { Type } from '../../data/entry.js'
import type { EntryCursor } from '../../data/stream/entry-cursor.js'
import type { Consumer, Group } from '../../data/stream/groups.js'
import { readAfter } from '../../data/stream/lag.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import type { Context } from '../../engine/context.js'
import type { Span } from '../../lib/bytes.js'
import { DOLLAR_IN_GROUP, GROUP_GONE, PLUS_IN_GROUP, STREAM_GONE, noGroup } from '../../resp/stream-errors.js'
import { createConsumer } from './consumer.js'
import { plusOne } from './counts.js'
import { openAsRead } from './delete.js'
import { propagateClaim, propagateConsumer, propagateGroup } from './effects.js'
import { readId } from './ids.js'
import type { ReadRequest } from './read-request.js'
import type { Answer, Reader } from './answer.js'
import { overdueEntries } from './overdue.js'

const GREATEST = StreamId.greatest()

export class GroupReader implements Reader {
  /** For each stream the id behind which its history is asked for; null: what is new. */
  private readonly behind: (StreamId | null)[]
  private asked: ReadRequest
  private readonly from = new StreamId()
  /** The stream that was opened last, with its group; -1: none is. */
  private opened = -1
  private stream!: Stream
  private group!: Group

  constructor(
    private readonly ctx: Context,
    asked: ReadRequest,
  ) {
    this.asked = asked
    this.behind = asked.ids.map((word, index) => this.idOf(word, index))
  }

  readStream(index: number, answer: Answer): boolean {
    if (this.opened === index) this.ctx.db.countLook(true)
    else if (!this.open(index)) return false
    // Whatever comes between this and the next reading may aim the views elsewhere.
    this.opened = -1
    const key = this.asked.keys[index]
    const behind = this.behind[index]
    return behind === null
      ? this.deliverNew(key, this.stream, this.group, answer)
      : this.replyHistory(key, this.stream, this.group, behind, answer)
  }

  /** With CLAIM: when the first entry of those pending can be overdue, or those delivered from now on. */
  dueMs(): number {
    const { claimIdleMs } = this.asked
    if (claimIdleMs === null) return Infinity
    const { behind, ctx } = this
    const oldestMs = behind.reduce(
      (least, from, i) => (from === null ? Math.min(least, this.oldestMs(i)) : least),
      ctx.now,
    )
    return oldestMs + claimIdleMs
  }

  settle(): void {
    this.asked = this.asked.settled()
  }

  resume(index: number, answer: Answer): boolean {
    const { ctx } = this
    const key = this.asked.keys[index]
    const ref = ctx.db.peek(key)
    if (ref === 0 || ctx.keyspace.entries.type(ref) !== Type.stream) throw STREAM_GONE
    if (ctx.keyspace.streams.open(ref).findGroup(this.asked.group!) === null) throw GROUP_GONE
    return this.readStream(index, answer)
  }

  private oldestMs(index: number): number {
    const { db, keyspace } = this.ctx
    const ref = db.peek(this.asked.keys[index])
    if (ref === 0 || keyspace.entries.type(ref) !== Type.stream) return Infinity
    return keyspace.streams.open(ref).findGroup(this.asked.group!)?.oldestMs ?? Infinity
  }

  private idOf(word: Span, index: number): StreamId | null {
    if (!this.open(index)) {
      const { keys, group } = this.asked
      throw noGroup(keys[index].latin1(), group!.latin1(), ' in XREADGROUP with GROUP option')
    }
    if (word.is('$')) throw DOLLAR_IN_GROUP
    if (word.is('+')) throw PLUS_IN_GROUP
    return word.is('>') ? null : readId(word)
  }

  /** Opens a stream and its group; false: one of them is not there. */
  private open(index: number): boolean {
    const { keys, group: name } = this.asked
    const stream = openAsRead(this.ctx, keys[index])
    const group = stream?.findGroup(name!) ?? null
    if (stream === null || group === null) return false
    this.stream = stream
    this.group = group
    this.opened = index
    return true
  }

  /** The consumer, who is just seen, and made if it is not there. */
  private consumer(key: Span, group: Group, isNews: boolean): Consumer {
    const { ctx, asked } = this
    const name = asked.consumer!
    let consumer = group.findConsumer(name)
    if (consumer === null) {
      createConsumer(ctx, key, group, name)
      if (!isNews || asked.noAck) propagateConsumer(ctx, key, group, name)
      consumer = group.findConsumer(name)!
    }
    consumer.seenMs = ctx.now
    return consumer
  }

  private deliverNew(key: Span, stream: Stream, group: Group, answer: Answer): boolean {
    const { claimIdleMs } = this.asked
    const overdue =
      claimIdleMs === null ? [] : overdueEntries(stream, group, claimIdleMs, this.ctx.now, this.asked.count)
    let news = this.seekNews(stream, group)
    const delivers = news !== null || overdue.length > 0
    const consumer = this.consumer(key, group, delivers)
    if (!delivers) return false
    consumer.activeMs = this.ctx.now
    const entries = answer.begin(key)
    const claimed = this.claim(key, stream, group, consumer, overdue, answer)
    // Claiming has led the stream's cursor away.
    if (overdue.length > 0) news = this.seekNews(stream, group)
    const fresh = news === null ? 0 : this.deliver(key, stream, group, consumer, news, claimed, answer)
    answer.end(entries, claimed + fresh)
    this.ctx.keyspace.dirty++
    return true
  }

  /** The stream's cursor, at the first entry that the group has not read; null: it has read all. */
  private seekNews(stream: Stream, { lastId }: Group): EntryCursor | null {
    const from = this.from.set(lastId)
    if (lastId.compare(stream.lastId) >= 0 || !from.increment()) return null
    const cursor = stream.range(from, GREATEST)
    return cursor.next() ? cursor : null
  }

  /** Delivers from where the cursor stands; answers how many entries, on top of `before` that were delivered already. */
  private deliver(
    key: Span,
    stream: Stream,
    group: Group,
    consumer: Consumer,
    cursor: EntryCursor,
    before: number,
    answer: Answer,
  ): number {
    const { ctx, asked } = this
    const { id } = cursor
    let count = 0
    if (!answer.portion.admits(before)) return 0
    do {
      const mark = ctx.reply.length
      group.moveTo(id, readAfter(stream, group, id))
      if (asked.claimIdleMs === null) ctx.keyspace.streams.writer.entry(ctx.reply, cursor)
      else this.replyDelivered(cursor, 0, 0)
      answer.portion.take(ctx.reply.length - mark)
      count++
      if (asked.noAck) continue
      if (!group.addPending(id, ctx.now, 1)) {
        group.deliveredMs = ctx.now
        group.deliveries = 1
      }
      group.giveTo(consumer)
      propagateClaim(ctx, key, group, id)
    } while (answer.portion.admits(before + count) && cursor.next())
    propagateGroup(ctx, key, group)
    return count
  }

  /** Takes overdue entries over: the reply says how long they were idle and how often they had been delivered. */
  private claim(
    key: Span,
    stream: Stream,
    group: Group,
    consumer: Consumer,
    overdue: readonly StreamId[],
    answer: Answer,
  ): number {
    const { ctx } = this
    const { reply } = ctx
    let count = 0
    for (const id of overdue) {
      const cursor = stream.range(id, id)
      if (!answer.portion.admits(count) || !group.pending.find(id) || !cursor.next()) continue
      const mark = reply.length
      this.replyDelivered(cursor, Math.max(0, ctx.now - group.deliveredMs), group.deliveries)
      answer.portion.take(reply.length - mark)
      group.deliveredMs = ctx.now
      group.deliveries = plusOne(group.deliveries)
      group.giveTo(consumer)
      propagateClaim(ctx, key, group, id)
      count++
    }
    return count
  }

  /** An entry as CLAIM shows it: with the time since it was delivered, and how often it was. */
  private replyDelivered(cursor: EntryCursor, idleMs: number, deliveries: number | bigint): void {
    const { reply, keyspace } = this.ctx
    reply.array(4)
    keyspace.streams.writer.idAndFields(reply, cursor)
    reply.int(idleMs)
    reply.int(deliveries)
  }

  /** What the consumer has to answer for, behind an id; counts as another delivery. */
  private replyHistory(key: Span, stream: Stream, group: Group, behind: StreamId, answer: Answer): boolean {
    const consumer = this.consumer(key, group, false)
    const { owned } = consumer
    const { pending } = group
    const entries = answer.begin(key)
    const id = behind.clone()
    let count = 0
    let more = id.increment() && group.seekOwned(consumer, id)
    while (more && answer.portion.admits(count)) {
      this.replyOwned(key, stream, group, pending.id(id), answer)
      more = ++count < owned && group.nextOwned(consumer)
    }
    answer.end(entries, count)
    return true
  }

  private replyOwned(key: Span, stream: Stream, group: Group, id: StreamId, answer: Answer): void {
    const { ctx } = this
    const { reply } = ctx
    const { writer } = ctx.keyspace.streams
    const mark = reply.length
    const cursor = stream.range(id, id)
    if (cursor.next()) {
      writer.entry(reply, cursor)
      group.deliveredMs = ctx.now
      group.deliveries = plusOne(group.deliveries)
      ctx.keyspace.dirty++
      propagateClaim(ctx, key, group, id)
    } else {
      reply.array(2)
      writer.id(reply, id)
      reply.nullArray()
    }
    answer.portion.take(reply.length - mark)
  }
}
