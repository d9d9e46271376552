/** XSETID: the counters of a stream, for those who restore one. */

import { Type } from '../../data/entry.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { command } from '../../engine/command.js'
import { key, readInt64 } from '../../engine/grammar.js'
import { SYNTAX } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import {
  ADDED_BELOW_LENGTH,
  BAD_ENTRIES_ADDED,
  LAST_ID_BELOW_DELETED,
  LAST_ID_BELOW_TOP,
  NO_STREAM,
} from '../../resp/stream-errors.js'
import { readId } from './ids.js'
import { maybe, number, spelled, word } from './spelled.js'
import { tellAround } from './tell.js'

const DOCS = [
  word('last-id'),
  maybe({ ...number('entries-added'), token: 'ENTRIESADDED' }),
  maybe({ ...word('max-deleted-id'), token: 'MAXDELETEDID' }),
]

export const xSetId = command('XSETID', {
  does: 'Sets the last id of a stream, and its counters.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1)',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'update'), options: spelled(1, DOCS, readCounters) },
  run(ctx, { key, options: { lastId, added, deletedId } }) {
    const { db, keyspace, reply } = ctx
    const ref = db.writeTyped(key, Type.stream)
    if (ref === 0) throw NO_STREAM
    const stream = keyspace.streams.open(ref)
    const top = new StreamId()
    if (stream.edgeId(top, true) && lastId.compare(top) < 0) throw LAST_ID_BELOW_TOP
    if (stream.length > 0 && added !== null && stream.length > added) throw ADDED_BELOW_LENGTH
    stream.setLastId(lastId)
    if (added !== null) stream.added = added
    if (!deletedId.isLeast) stream.setDeletedId(deletedId)
    reply.ok()
    tellAround(ctx, key, 'xsetid')
  },
})

interface Counters {
  readonly lastId: StreamId
  readonly added: number | bigint | null
  readonly deletedId: StreamId
}

function readCounters(request: Request, at: number): Counters {
  const { count } = request
  const lastId = readId(request.word(at++))
  const deletedId = new StreamId()
  let added: number | bigint | null = null
  for (; at < count; at += 2) {
    if (at + 1 >= count) throw SYNTAX
    if (request.word(at).is('entriesadded')) {
      added = readInt64(request.word(at + 1))
      if (added < 0) throw BAD_ENTRIES_ADDED
    } else if (request.word(at).is('maxdeletedid')) {
      if (lastId.compare(readId(request.word(at + 1), deletedId)) < 0) throw LAST_ID_BELOW_DELETED
    } else {
      throw SYNTAX
    }
  }
  return { lastId, added, deletedId }
}
