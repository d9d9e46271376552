/** XINFO: what a stream is made of. */

import { Type } from '../../data/entry.js'
import { UNKNOWN } from '../../data/stream/groups.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { container, subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, readInteger } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { misusedSubcommand } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import { NO_STREAM, noGroupInKey } from '../../resp/stream-errors.js'
import { help } from '../help.js'
import { counterCount, replyCounters, replyField, replyProgress } from './info-fields.js'
import { replyFull } from './info-full.js'
import { block, maybe, number, spelledLate } from './spelled.js'

const USUAL_COUNT = 10

const stream = subcommand('STREAM', {
  does: 'Shows a stream; with FULL its entries and all that is pending too.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1), with FULL O(N) for N entries shown',
  flags: ['readonly'],
  args: {
    key: key('RO', 'access'),
    options: spelledLate(0, [
      maybe({ ...block('full-block', maybe({ ...number('count'), token: 'COUNT' })), token: 'FULL' }),
    ]),
  },
  run(ctx, { key, options: { request, at } }) {
    const found = expectStream(ctx, key)
    const fullCount = readFull(request, at)
    if (fullCount !== null) replyFull(ctx, found, fullCount)
    else replyShort(ctx, found)
  },
})

const groups = subcommand('GROUPS', {
  does: 'Shows the groups of a stream.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the groups',
  flags: ['readonly'],
  args: { key: key('RO', 'access') },
  run(ctx, { key }) {
    const { reply } = ctx
    const found = expectStream(ctx, key)
    reply.array(found.groupCount)
    for (let i = 0; i < found.groupCount; i++) {
      const group = found.groupAt(i)
      reply.map(6)
      reply.text('name')
      reply.bulk(group.name)
      replyField(reply, 'consumers', group.consumerCount)
      replyField(reply, 'pending', group.pending.count)
      reply.text('last-delivered-id')
      ctx.keyspace.streams.writer.id(reply, group.lastId)
      replyProgress(reply, found, group)
    }
  },
})

const consumers = subcommand('CONSUMERS', {
  does: 'Shows the consumers of a group.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the consumers',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: { key: key('RO', 'access'), group: bytes() },
  run(ctx, { key, group: name }) {
    const { reply, now } = ctx
    const group = expectStream(ctx, key).findGroup(name)
    if (group === null) throw noGroupInKey(name.latin1(), key.latin1())
    reply.array(group.consumerCount)
    for (let i = 0; i < group.consumerCount; i++) {
      const consumer = group.consumerAt(i)
      const { seenMs, activeMs } = consumer
      reply.map(4)
      reply.text('name')
      reply.bulk(consumer.name)
      replyField(reply, 'pending', consumer.owned)
      replyField(reply, 'idle', Math.max(0, now - seenMs))
      replyField(reply, 'inactive', activeMs === UNKNOWN ? UNKNOWN : Math.max(0, now - activeMs))
    }
  },
})

export const xInfo = container(
  'XINFO',
  { does: 'Shows what a stream is made of.', since: '5.0.0', group: 'stream' },
  [stream, groups, consumers, help('stream', '5.0.0', ['stream'])],
)

/** FULL [COUNT n]: the count, 0 for all; null without FULL. */
function readFull(request: Request, at: number): number | null {
  const { count } = request
  if (count === at) return null
  const whole = count === at + 1 || (count === at + 3 && request.word(at + 1).is('count'))
  if (!request.word(at).is('full') || !whole)
    throw misusedSubcommand(request.word(1).latin1(), request.word(0).latin1())
  const most = count === at + 1 ? USUAL_COUNT : readInteger(request.word(at + 2))
  return most < 0 ? USUAL_COUNT : most
}

function expectStream({ db, keyspace }: Context, key: Span): Stream {
  const ref = db.readTyped(key, Type.stream)
  if (ref === 0) throw NO_STREAM
  return keyspace.streams.open(ref)
}

function replyShort(ctx: Context, stream: Stream): void {
  const { reply } = ctx
  reply.map(counterCount(stream) + 3)
  replyCounters(ctx, stream)
  replyField(reply, 'groups', stream.groupCount)
  reply.text('first-entry')
  replyEdge(ctx, stream, false)
  reply.text('last-entry')
  replyEdge(ctx, stream, true)
}

function replyEdge(ctx: Context, stream: Stream, last: boolean): void {
  const cursor = stream.range(StreamId.least(), StreamId.greatest(), last)
  if (cursor.next()) ctx.keyspace.streams.writer.entry(ctx.reply, cursor)
  else ctx.reply.null()
}
