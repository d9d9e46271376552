/** XINFO STREAM FULL: entries, groups, consumers and what is pending with them. */

import type { Consumer, Group } from '../../data/stream/groups.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import type { Context } from '../../engine/context.js'
import { counterCount, replyCounters, replyField, replyProgress } from './info-fields.js'

/** `count`: entries, and pending entries of each group and consumer, at most; 0 for all. */
export function replyFull(ctx: Context, stream: Stream, count: number): void {
  const { reply } = ctx
  const most = count === 0 ? Infinity : count
  reply.map(counterCount(stream) + 2)
  replyCounters(ctx, stream)
  reply.text('entries')
  const array = reply.openArray()
  const cursor = stream.range(StreamId.least(), StreamId.greatest())
  let entries = 0
  for (; entries < most && cursor.next(); entries++) ctx.keyspace.streams.writer.entry(reply, cursor)
  reply.closeArray(array, entries)
  reply.text('groups')
  reply.array(stream.groupCount)
  for (let i = 0; i < stream.groupCount; i++) replyGroup(ctx, stream, stream.groupAt(i), most)
}

/** A group of which entries were handed back tells how many; others look as they always did. */
function replyGroup(ctx: Context, stream: Stream, group: Group, most: number): void {
  const { reply } = ctx
  const { orphans } = group
  reply.map(orphans > 0 ? 8 : 7)
  reply.text('name')
  reply.bulk(group.name)
  reply.text('last-delivered-id')
  ctx.keyspace.streams.writer.id(reply, group.lastId)
  replyProgress(reply, stream, group)
  replyField(reply, 'pel-count', group.pending.count)
  if (orphans > 0) replyField(reply, 'nacked-count', orphans)
  reply.text('pending')
  replyPending(ctx, group, most)
  reply.text('consumers')
  reply.array(group.consumerCount)
  for (let i = 0; i < group.consumerCount; i++) replyConsumer(ctx, group, group.consumerAt(i), most)
}

function replyPending(ctx: Context, group: Group, most: number): void {
  const { reply } = ctx
  const { pending } = group
  const id = new StreamId()
  const array = reply.openArray()
  let entries = 0
  for (let more = pending.first(); more && entries < most; more = pending.next(), entries++) {
    const owner = group.pendingOwner
    reply.array(4)
    ctx.keyspace.streams.writer.id(reply, pending.id(id))
    if (owner === null) reply.text('')
    else reply.bulk(owner.name)
    reply.int(group.deliveredMs)
    reply.int(group.deliveries)
  }
  reply.closeArray(array, entries)
}

function replyConsumer(ctx: Context, group: Group, consumer: Consumer, most: number): void {
  const { reply } = ctx
  const [seen, active] = consumer.times
  reply.map(5)
  reply.text('name')
  reply.bulk(consumer.name)
  replyField(reply, 'seen-time', seen)
  replyField(reply, 'active-time', active)
  replyField(reply, 'pel-count', consumer.owned)
  reply.text('pending')
  const id = new StreamId()
  const array = reply.openArray()
  const shown = Math.min(most, consumer.owned)
  let entries = 0
  let more = group.seekOwned(consumer, id)
  for (; more && entries < shown; entries++) {
    reply.array(3)
    ctx.keyspace.streams.writer.id(reply, group.pending.id(id))
    reply.int(group.deliveredMs)
    reply.int(group.deliveries)
    more = entries + 1 < shown && group.nextOwned(consumer)
  }
  reply.closeArray(array, entries)
}
