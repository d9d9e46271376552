/** What XINFO shows in more than one place. */

import { type Group, UNKNOWN } from '../../data/stream/groups.js'
import { lagOf } from '../../data/stream/lag.js'
import type { Producers } from '../../data/stream/producers.js'
import type { Stream } from '../../data/stream/stream.js'
import type { Context } from '../../engine/context.js'
import type { ReplyWriter } from '../../resp/reply.js'

/** Seven, and six more for streams that were ever sent a message with IDMP: others look as they always did. */
export function counterCount(stream: Stream): number {
  return stream.producers === null ? 7 : 13
}

/** As many fields as `counterCount` says. The radix tree is Redis' own: of ours there is to tell how many nodes it would hold. */
export function replyCounters(ctx: Context, stream: Stream): void {
  const { reply } = ctx
  const { writer } = ctx.keyspace.streams
  replyField(reply, 'length', stream.length)
  replyField(reply, 'radix-tree-keys', stream.nodes.count)
  replyField(reply, 'radix-tree-nodes', stream.nodes.count + 1)
  reply.text('last-generated-id')
  writer.id(reply, stream.lastId)
  reply.text('max-deleted-entry-id')
  writer.id(reply, stream.deletedId)
  replyField(reply, 'entries-added', stream.added)
  reply.text('recorded-first-entry-id')
  writer.id(reply, stream.firstId)
  const { producers } = stream
  if (producers !== null) replyProducers(reply, producers)
}

/** What is remembered of messages sent with IDMP. */
function replyProducers(reply: ReplyWriter, producers: Producers): void {
  replyField(reply, 'idmp-duration', producers.durationSeconds)
  replyField(reply, 'idmp-maxsize', producers.most)
  replyField(reply, 'pids-tracked', producers.count)
  replyField(reply, 'iids-tracked', producers.messageCount)
  replyField(reply, 'iids-added', producers.recorded)
  replyField(reply, 'iids-duplicates', producers.repeated)
}

/** How much a group has read, and how much it has not. */
export function replyProgress(reply: ReplyWriter, stream: Stream, group: Group): void {
  reply.text('entries-read')
  if (group.entriesRead === UNKNOWN) reply.null()
  else reply.int(group.entriesRead)
  const lag = lagOf(stream, group)
  reply.text('lag')
  if (lag === null) reply.null()
  else reply.int(lag)
}

export function replyField(reply: ReplyWriter, name: string, value: number | bigint): void {
  reply.text(name)
  reply.int(value)
}
