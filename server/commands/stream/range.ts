/** XRANGE, XREVRANGE, XLEN: looking at a stream. */

import { Type } from '../../data/entry.js'
import type { StreamId } from '../../data/stream/stream-id.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, readInteger } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { SYNTAX } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import { readEnd, readStart } from './ids.js'
import { maybe, number, spelled, word } from './spelled.js'

const COUNT_DOC = maybe({ ...number('count'), token: 'COUNT' })

export const xLen = command('XLEN', {
  does: 'Answers how many entries a stream has.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1)',
  flags: ['readonly', 'fast'],
  args: { key: key('RO') },
  run(ctx, { key }) {
    const ref = ctx.db.readTyped(key, Type.stream)
    ctx.reply.int(ref === 0 ? 0 : ctx.keyspace.streams.open(ref).length)
  },
})

export const xRange = command('XRANGE', {
  does: 'Answers the entries between two ids, the oldest first.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries returned',
  flags: ['readonly'],
  args: {
    key: key('RO', 'access'),
    options: spelled(2, [word('start'), word('end'), COUNT_DOC], (request, at) =>
      readRange(request, at, at + 1),
    ),
  },
  hot(ctx) {
    replyRange(ctx, ctx.word(1), readRange(ctx.request, 2, 3), false)
    return true
  },
  run(ctx, { key, options }) {
    replyRange(ctx, key, options, false)
  },
})

export const xRevRange = command('XREVRANGE', {
  does: 'Answers the entries between two ids, the newest first.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries returned',
  flags: ['readonly'],
  args: {
    key: key('RO', 'access'),
    options: spelled(2, [word('end'), word('start'), COUNT_DOC], (request, at) =>
      readRange(request, at + 1, at),
    ),
  },
  hot(ctx) {
    replyRange(ctx, ctx.word(1), readRange(ctx.request, 3, 2), true)
    return true
  },
  run(ctx, { key, options }) {
    replyRange(ctx, key, options, true)
  },
})

interface Range {
  readonly start: StreamId
  readonly end: StreamId
  /** Infinity: all. */
  readonly count: number
}

function readRange(request: Request, startAt: number, endAt: number): Range {
  const start = readStart(request.word(startAt))
  const end = readEnd(request.word(endAt))
  return { start, end, count: readCount(request, Math.max(startAt, endAt) + 1) }
}

/** COUNT n, as often as it is given; below 0 it is 0. */
function readCount(request: Request, at: number): number {
  const { count } = request
  let most = Infinity
  for (; at < count; at += 2) {
    if (!request.word(at).is('count') || at + 1 >= count) throw SYNTAX
    most = Math.max(0, readInteger(request.word(at + 1)))
  }
  return most
}

function replyRange(ctx: Context, key: Span, { start, end, count }: Range, reverse: boolean): void {
  const { db, reply, keyspace } = ctx
  const ref = db.readTyped(key, Type.stream)
  if (ref === 0) {
    reply.array(0)
  } else if (count === 0) {
    reply.nullArray()
  } else {
    const cursor = keyspace.streams.open(ref).range(start, end, reverse)
    const array = reply.openArray('*', count)
    let entries = 0
    for (; entries < count && cursor.next(); entries++) keyspace.streams.writer.entry(reply, cursor)
    reply.closeArray(array, entries)
  }
}
