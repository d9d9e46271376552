/** XACK, XACKDEL, XNACK: a consumer has done with entries, or gives them back. */

import type { Group } from '../../data/stream/groups.js'
import { isReferenced } from '../../data/stream/references.js'
import type { Stream } from '../../data/stream/stream.js'
import type { StreamId } from '../../data/stream/stream-id.js'
import type { References } from '../../data/stream/trim.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, oneOf, readInt64 } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { SYNTAX } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import { BAD_RETRYCOUNT, noGroup } from '../../resp/stream-errors.js'
import { minusOne } from './counts.js'
import { deleteEntry, idsDoc, openAsRead, openForWrite, readDeletion, tellDeleted } from './delete.js'
import { readCountedIds, readId, readIds } from './ids.js'
import { many, mark, maybe, number, spelled, spelledLate, word } from './spelled.js'
import { referencesDoc } from './trimming.js'

const NOT_PENDING = -1
const DELETED = 1
const STILL_REFERENCED = 2
const INT64_MAX = 2n ** 63n - 1n

export const xAck = command('XACK', {
  does: 'Takes entries off the list of those that a group waits for.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1) for each entry',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'update'), group: bytes(), options: spelledLate(1, [many(word('id'))]) },
  hot(ctx) {
    acknowledgeAll(ctx, ctx.word(1), ctx.word(2), 3)
    return true
  },
  run(ctx, { key, group, options: { at } }) {
    acknowledgeAll(ctx, key, group, at)
  },
})

/** Acknowledges the ids from word `at` on. All are read before the first counts: a bad one changes nothing. */
function acknowledgeAll(ctx: Context, key: Span, name: Span, at: number): void {
  const { count, keyspace, reply } = ctx
  const group = findGroup(ctx, key, name)
  let acknowledged = 0
  if (group !== null && count === at + 1) {
    if (group.acknowledge(readId(ctx.word(at), keyspace.streams.scratchId))) acknowledged = 1
  } else if (group !== null) {
    for (const id of readIds(ctx.request, at, count)) if (group.acknowledge(id)) acknowledged++
  }
  keyspace.dirty += acknowledged
  reply.int(acknowledged)
}

export const xAckDel = command('XACKDEL', {
  does: 'Acknowledges entries and deletes them from the stream.',
  since: '8.2.0',
  group: 'stream',
  complexity: 'O(1) for each entry and group',
  flags: ['write', 'fast'],
  args: {
    key: key('RW', 'update', 'delete'),
    group: bytes(),
    options: spelled(3, [referencesDoc, idsDoc], readDeletion),
  },
  run(ctx, { key, group: name, options: { ids, references } }) {
    const { reply, keyspace } = ctx
    const stream = openForWrite(ctx, key)
    const found = stream !== null && stream.findGroup(name) !== null
    const outcomes = ids.map(id =>
      found ? acknowledgeAndDelete(ctx, stream, name, id, references) : NOT_PENDING,
    )
    const deleted = outcomes.filter(outcome => outcome === DELETED).length
    if (deleted > 0) keyspace.dirty -= deleted
    tellDeleted(ctx, key, deleted)
    reply.array(outcomes.length)
    for (const outcome of outcomes) reply.int(outcome)
  },
})

export const xNack = command('XNACK', {
  does: 'Hands entries back: nobody has to answer for them until somebody claims them.',
  since: '8.8.0',
  group: 'stream',
  complexity: 'O(1) for each entry',
  flags: ['write', 'fast'],
  args: {
    key: key('RW', 'update'),
    group: bytes(),
    mode: oneOf(['SILENT', 'FAIL', 'FATAL']),
    options: spelled(
      3,
      [idsDoc, maybe({ ...number('count'), token: 'RETRYCOUNT' }), maybe(mark('FORCE'))],
      readRelease,
    ),
  },
  run(ctx, { key, group: name, mode, options: { ids, retryCount, force } }) {
    const stream = openForWrite(ctx, key)
    const group = stream?.findGroup(name) ?? null
    if (stream === null || group === null) throw noGroup(key.latin1(), name.latin1())
    let released = 0
    for (const id of ids) {
      if (!group.pending.find(id)) {
        if (!force || !stream.holds(id)) continue
        group.addPending(id, 0, 0)
      }
      group.giveTo(null)
      group.deliveredMs = 0
      group.deliveries = retryCount ?? deliveriesAfter(group, mode)
      released++
    }
    ctx.keyspace.dirty += released
    if (released > 0) ctx.keyspace.listener.ready(ctx.db, key)
    ctx.reply.int(released)
  },
})

function findGroup(ctx: Context, key: Span, name: Span): Group | null {
  return openAsRead(ctx, key)?.findGroup(name) ?? null
}

function acknowledgeAndDelete(
  ctx: Context,
  stream: Stream,
  name: Span,
  id: StreamId,
  references: References,
): number {
  const acknowledged = stream.findGroup(name)?.acknowledge(id) === true
  if (acknowledged) ctx.keyspace.dirty++
  if (!acknowledged) return NOT_PENDING
  if (references === 'ACKED' && isReferenced(stream, id)) return STILL_REFERENCED
  // The entry may be gone already; it is acknowledged and is not there: all that was asked for.
  return deleteEntry(ctx, stream, id, references) === STILL_REFERENCED ? STILL_REFERENCED : DELETED
}

/** SILENT: as if it had not been delivered; FATAL: as if it had been tried forever. */
function deliveriesAfter({ deliveries }: Group, mode: 'SILENT' | 'FAIL' | 'FATAL'): number | bigint {
  if (mode === 'FATAL') return INT64_MAX
  return mode === 'SILENT' ? minusOne(deliveries) : deliveries
}

interface Release {
  readonly ids: readonly StreamId[]
  /** For replication: what the count of deliveries becomes. */
  readonly retryCount: number | bigint | null
  /** For replication: entries need not be pending. */
  readonly force: boolean
}

function readRelease(request: Request, at: number): Release {
  if (!request.word(at).is('ids')) throw SYNTAX
  const { ids, end } = readCountedIds(request, at + 1)
  let retryCount: number | bigint | null = null
  let force = false
  for (at = end; at < request.count; at++) {
    if (request.word(at).is('force')) {
      force = true
    } else if (request.word(at).is('retrycount') && at + 1 < request.count) {
      retryCount = readInt64(request.word(++at))
      if (retryCount < 0) throw BAD_RETRYCOUNT
    } else {
      throw SYNTAX
    }
  }
  return { ids, retryCount, force }
}
