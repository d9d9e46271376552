/** What XINFO shows in more than one place. */

import { type Group, UNKNOWN } from '../../data/stream/groups.js'
import { lagOf } from '../../data/stream/lag.js'
import type { Stream } from '../../data/stream/stream.js'
import type { Context } from '../../engine/context.js'
import type { ReplyWriter } from '../../resp/reply.js'

/** Thirteen fields. The radix tree is Redis' own: of ours there is to tell how many nodes it would hold. */
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
  replyProducers(ctx, stream)
}

/** What is remembered of messages sent with IDMP. */
function replyProducers({ reply, config }: Context, stream: Stream): void {
  const { producers } = stream
  replyField(reply, 'idmp-duration', producers?.durationSeconds ?? config.values.streamIdmpDuration)
  replyField(reply, 'idmp-maxsize', producers?.most ?? config.values.streamIdmpMaxsize)
  replyField(reply, 'pids-tracked', producers?.count ?? 0)
  replyField(reply, 'iids-tracked', producers?.messageCount ?? 0)
  replyField(reply, 'iids-added', producers?.recorded ?? 0)
  replyField(reply, 'iids-duplicates', producers?.repeated ?? 0)
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
