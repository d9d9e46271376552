/** XPENDING: what a group waits for. */

import { Type } from '../../data/entry.js'
import type { Group } from '../../data/stream/groups.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, readInteger } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { SYNTAX } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import { noGroup } from '../../resp/stream-errors.js'
import { readEnd, readStart } from './ids.js'
import { block, maybe, number, spelled, word } from './spelled.js'

const DOCS = [
  maybe(
    block(
      'filters',
      maybe({ ...number('min-idle-time'), token: 'IDLE' }),
      word('start'),
      word('end'),
      number('count'),
      maybe(word('consumer')),
    ),
  ),
]

export const xPending = command('XPENDING', {
  does: 'Answers which entries a group delivered that were not acknowledged yet.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries returned',
  flags: ['readonly'],
  tips: ['nondeterministic_output'],
  args: { key: key('RO', 'access'), group: bytes(), options: spelled(0, DOCS, readFilter) },
  run(ctx, { key, group: name, options: filter }) {
    const group = readGroup(ctx, key, name)
    if (group === null) throw noGroup(key.latin1(), name.latin1())
    if (filter === null) replySummary(ctx, group)
    else replyEntries(ctx, group, filter)
  },
})

interface Filter {
  readonly idleMs: number
  readonly start: StreamId
  readonly end: StreamId
  readonly count: number
  readonly consumer: Span | null
}

function readFilter(request: Request, at: number): Filter | null {
  const { count } = request
  if (count === at) return null
  if (count < at + 3 || count > at + 6) throw SYNTAX
  let idleMs = 0
  if (request.word(at).is('idle')) {
    idleMs = readInteger(request.word(at + 1))
    if (count < at + 5) throw SYNTAX
    at += 2
  }
  const most = readInteger(request.word(at + 2))
  const start = readStart(request.word(at))
  const end = readEnd(request.word(at + 1))
  return {
    idleMs,
    start,
    end,
    count: Math.max(0, most),
    consumer: at + 3 < count ? request.word(at + 3) : null,
  }
}

function readGroup({ db, keyspace }: Context, key: Span, name: Span): Group | null {
  const ref = db.readTyped(key, Type.stream)
  return ref === 0 ? null : keyspace.streams.open(ref).findGroup(name)
}

function replySummary(ctx: Context, group: Group): void {
  const { reply } = ctx
  const { writer } = ctx.keyspace.streams
  const { pending } = group
  const id = new StreamId()
  reply.array(4)
  reply.int(pending.count)
  if (pending.count === 0) {
    reply.null()
    reply.null()
    reply.nullArray()
    return
  }
  pending.first()
  writer.id(reply, pending.id(id))
  pending.last()
  writer.id(reply, pending.id(id))
  replyConsumers(ctx, group)
}

function replyConsumers({ reply }: Context, group: Group): void {
  const array = reply.openArray()
  let consumers = 0
  for (let i = 0; i < group.consumerCount; i++) {
    const { name, owned } = group.consumerAt(i)
    if (owned === 0) continue
    reply.array(2)
    reply.bulk(name)
    reply.text(owned.toString())
    consumers++
  }
  reply.closeArray(array, consumers)
}

function replyEntries(ctx: Context, group: Group, filter: Filter): void {
  const { reply, now } = ctx
  const { idleMs, start, end, count, consumer: name } = filter
  const consumer = name === null ? null : group.findConsumer(name)
  if (name !== null && consumer === null) {
    reply.array(0)
    return
  }
  const id = new StreamId()
  const array = reply.openArray()
  let entries = 0
  const { pending } = group
  let more = consumer === null ? pending.seek(start) : group.seekOwned(consumer, start)
  for (; more && entries < count; more = consumer === null ? pending.next() : group.nextOwned(consumer)) {
    if (pending.id(id).compare(end) > 0) break
    if (idleMs > 0 && now - group.deliveredMs < idleMs) continue
    replyEntry(ctx, group, id)
    entries++
  }
  reply.closeArray(array, entries)
}

/** An entry that was handed back has no consumer, and has been idle for no time that could be told. */
function replyEntry({ reply, now, keyspace }: Context, group: Group, id: StreamId): void {
  const owner = group.pendingOwner
  reply.array(4)
  keyspace.streams.writer.id(reply, id)
  if (owner === null) reply.text('')
  else reply.bulk(owner.name)
  reply.int(owner === null ? -1 : Math.max(0, now - group.deliveredMs))
  reply.int(group.deliveries)
}
