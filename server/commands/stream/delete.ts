/** XDEL, XDELEX, XTRIM: entries go. */

import { Type } from '../../data/entry.js'
import { dropReferences, isReferenced } from '../../data/stream/references.js'
import type { Stream } from '../../data/stream/stream.js'
import type { StreamId } from '../../data/stream/stream-id.js'
import { type References, trim } from '../../data/stream/trim.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import type { CommandWord } from '../../resp/command-text.js'
import { SYNTAX } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import { XTRIM_WITHOUT_TRIM } from '../../resp/stream-errors.js'
import { readCountedIds, readIds } from './ids.js'
import { block, many, number, spelled, spelledLate, word } from './spelled.js'
import { Trimming, referencesDoc, referencesOf, trimDoc } from './trimming.js'

const GONE = 1
const UNKNOWN_ID = -1
const STILL_REFERENCED = 2

export const idsDoc = block('ids', { ...number('numids'), token: 'IDS' }, many(word('id')))

export const xDel = command('XDEL', {
  does: 'Deletes entries by their ids.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1) for each entry',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'delete'), options: spelledLate(1, [many(word('id'))]) },
  hot(ctx) {
    deleteAll(ctx, ctx.word(1), 2)
    return true
  },
  run(ctx, { key, options: { at } }) {
    deleteAll(ctx, key, at)
  },
})

/** Deletes the entries whose ids stand from word `at` on. */
function deleteAll(ctx: Context, key: Span, at: number): void {
  const stream = openForWrite(ctx, key)
  const deleted = stream === null ? 0 : stream.deleteAll(readIds(ctx.request, at, ctx.count))
  tellDeleted(ctx, key, deleted)
  ctx.reply.int(deleted)
}

export const xDelEx = command('XDELEX', {
  does: 'Deletes entries by their ids, with a say in what becomes of the references that groups have to them.',
  since: '8.2.0',
  group: 'stream',
  complexity: 'O(1) for each entry and group',
  flags: ['write', 'fast'],
  args: { key: key('RW', 'delete'), options: spelled(3, [referencesDoc, idsDoc], readDeletion) },
  run(ctx, { key, options: { ids, references } }) {
    const { reply } = ctx
    const stream = openForWrite(ctx, key)
    const outcomes = ids.map(id => (stream === null ? UNKNOWN_ID : deleteEntry(ctx, stream, id, references)))
    tellDeleted(ctx, key, outcomes.filter(outcome => outcome === GONE).length)
    reply.array(outcomes.length)
    for (const outcome of outcomes) reply.int(outcome)
  },
})

export const xTrim = command('XTRIM', {
  does: 'Deletes the oldest entries: all but so many, or those before an id.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries deleted',
  flags: ['write'],
  tips: ['nondeterministic_output'],
  args: { key: key('RW', 'delete'), options: spelled(2, [trimDoc, referencesDoc], readTrimming) },
  run(ctx, { key, options: trimming }) {
    const rule = trimming.rule(ctx)
    const stream = openForWrite(ctx, key)
    const gone = stream === null || rule === null ? 0 : trim(stream, rule)
    ctx.reply.int(gone)
    if (stream === null || gone === 0) return
    ctx.db.changed(key, Event.stream, 'xtrim')
    ctx.keyspace.dirty += gone - 1
    if (trimming.approximate) propagateTrim(ctx, trimming, stream)
  },
})

/** The stream at the key, about to be changed; null when there is none. */
export function openForWrite({ db, keyspace }: Context, key: Span): Stream | null {
  const ref = db.writeTyped(key, Type.stream)
  return ref === 0 ? null : keyspace.streams.open(ref)
}

/** As `openForWrite`, by a command that reads first: that the key was there, or was not, is counted and told. */
export function openAsRead(ctx: Context, key: Span): Stream | null {
  const stream = openForWrite(ctx, key)
  if (stream === null) ctx.db.inspect(key)
  else ctx.db.countLook(true)
  return stream
}

/** What came of an entry that is to be deleted, as XDELEX and XACKDEL answer it. */
export function deleteEntry(ctx: Context, stream: Stream, id: StreamId, references: References): number {
  if (references === 'DELREF' && dropReferences(stream, id)) ctx.keyspace.dirty++
  if (references === 'ACKED' && stream.holds(id) && isReferenced(stream, id)) return STILL_REFERENCED
  return stream.delete(id) ? GONE : UNKNOWN_ID
}

export function tellDeleted({ db, keyspace }: Context, key: Span, deleted: number): void {
  if (deleted === 0) return
  db.changed(key, Event.stream, 'xdel')
  keyspace.dirty += deleted - 1
}

interface Deletion {
  readonly references: References
  readonly ids: readonly StreamId[]
}

/** References and ids, in either order. */
export function readDeletion(request: Request, at: number): Deletion {
  const { count } = request
  let references: References = 'KEEPREF'
  let ids: StreamId[] | null = null
  while (at < count) {
    const asked = referencesOf(request.word(at))
    if (asked !== null) {
      references = asked
      at++
    } else if (request.word(at).is('ids') && ids === null) {
      const counted = readCountedIds(request, at + 1)
      ids = counted.ids
      at = counted.end
    } else {
      throw SYNTAX
    }
  }
  if (ids === null) throw SYNTAX
  return { references, ids }
}

function readTrimming(request: Request, at: number): Trimming {
  const trimming = new Trimming()
  while (at < request.count) {
    const behind = trimming.read(request, at)
    if (behind === at) throw SYNTAX
    at = behind
  }
  trimming.check()
  if (!trimming.asked) throw XTRIM_WITHOUT_TRIM
  return trimming
}

function propagateTrim(ctx: Context, trimming: Trimming, stream: Stream): void {
  const words: CommandWord[] = ctx.request.list()
  trimming.restate(words, stream)
  ctx.propagateList(words)
}
