/** XGROUP: groups and their consumers come and go. */

import { Type } from '../../data/entry.js'
import { type Group, UNKNOWN } from '../../data/stream/groups.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { container, subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, readInt64 } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import { misusedSubcommand } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import { BAD_ENTRIES_READ, GROUP_EXISTS, GROUP_NEEDS_KEY, noGroupInKey } from '../../resp/stream-errors.js'
import { help } from '../help.js'
import { createConsumer } from './consumer.js'
import { openForWrite } from './delete.js'
import { readId } from './ids.js'
import { either, mark, maybe, number, spelled, word } from './spelled.js'
import { tellAround } from './tell.js'

const DOLLAR = 36

const idDoc = either('id-selector', word('id'), { ...mark('$'), name: 'new-id' })
const readDoc = maybe({ ...number('entries-read'), token: 'ENTRIESREAD' })

const create = subcommand('CREATE', {
  does: 'Makes a group that reads what comes behind an id.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: {
    key: key('RW', 'insert'),
    group: bytes(),
    options: spelled(1, [idDoc, maybe(mark('MKSTREAM')), readDoc], (request, at) =>
      readPosition(request, at, true),
    ),
  },
  run(ctx, { key, group: name, options: { word, makeStream, entriesRead } }) {
    const { db, keyspace, reply } = ctx
    const found = openForWrite(ctx, key)
    if (found === null && !makeStream) throw GROUP_NEEDS_KEY
    const id = positionOf(found, word, readId)
    if (found !== null && found.findGroup(name) !== null) throw GROUP_EXISTS
    const stream = found ?? keyspace.streams.create(db.add(key, Type.stream, 0))
    stream.addGroup(name, id, entriesRead)
    reply.ok()
    if (found === null) db.changed(key, Event.stream, 'xgroup-create')
    else tellAround(ctx, key, 'xgroup-create')
  },
})

const setId = subcommand('SETID', {
  does: 'Sets what a group has read.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1)',
  flags: ['write'],
  args: {
    key: key('RW', 'update'),
    group: bytes(),
    options: spelled(1, [idDoc, readDoc], (request, at) => readPosition(request, at, false)),
  },
  run(ctx, { key, group: name, options: { word, entriesRead } }) {
    const stream = expectStream(ctx, key)
    const group = expectGroup(stream, key, name)
    group.moveTo(positionOf(stream, word, readAnyId), entriesRead)
    ctx.reply.ok()
    tellAround(ctx, key, 'xgroup-setid')
  },
})

const destroy = subcommand('DESTROY', {
  does: 'Removes a group, with all that is pending in it.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries that are pending',
  flags: ['write'],
  args: { key: key('RW', 'delete'), group: bytes() },
  run(ctx, { key, group: name }) {
    const stream = expectStream(ctx, key)
    const group = stream.findGroup(name)
    ctx.reply.int(group === null ? 0 : 1)
    if (group === null) return
    stream.removeGroup(group)
    tellAround(ctx, key, 'xgroup-destroy')
    ctx.keyspace.listener.ready(ctx.db, key)
  },
})

const createConsumerCommand = subcommand('CREATECONSUMER', {
  does: 'Makes a consumer.',
  since: '6.2.0',
  group: 'stream',
  complexity: 'O(1)',
  flags: ['write', 'denyoom'],
  args: { key: key('RW', 'insert'), group: bytes(), consumer: bytes() },
  run(ctx, { key, group: name, consumer }) {
    const group = expectGroup(expectStream(ctx, key), key, name)
    ctx.reply.int(createConsumer(ctx, key, group, consumer) ? 1 : 0)
  },
})

const deleteConsumer = subcommand('DELCONSUMER', {
  does: 'Removes a consumer, with what it has to answer for.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries that the consumer has to answer for',
  flags: ['write'],
  args: { key: key('RW', 'delete'), group: bytes(), consumer: bytes() },
  run(ctx, { key, group: name, consumer: consumerName }) {
    const group = expectGroup(expectStream(ctx, key), key, name)
    const consumer = group.findConsumer(consumerName)
    ctx.reply.int(consumer === null ? 0 : consumer.owned)
    if (consumer === null) return
    group.removeConsumer(consumer)
    tellAround(ctx, key, 'xgroup-delconsumer')
  },
})

export const xGroup = container(
  'XGROUP',
  { does: 'Manages consumer groups.', since: '5.0.0', group: 'stream' },
  [create, setId, destroy, createConsumerCommand, deleteConsumer, help('stream', '5.0.0', ['stream'])],
)

interface Position {
  /** An id, or `$`. */
  readonly word: Span
  readonly makeStream: boolean
  readonly entriesRead: number | bigint
}

function readPosition(request: Request, at: number, mayMake: boolean): Position {
  const { count } = request
  const position = request.word(at++)
  let makeStream = false
  let entriesRead: number | bigint = UNKNOWN
  while (at < count) {
    if (mayMake && request.word(at).is('mkstream')) {
      makeStream = true
      at++
    } else if (request.word(at).is('entriesread') && at + 1 < count) {
      entriesRead = readInt64(request.word(at + 1))
      if (entriesRead < UNKNOWN) throw BAD_ENTRIES_READ
      at += 2
    } else {
      throw misusedSubcommand(request.word(1).latin1(), request.word(0).latin1())
    }
  }
  return { word: position, makeStream, entriesRead }
}

function positionOf(stream: Stream | null, word: Span, read: (word: Span) => StreamId): StreamId {
  if (word.length !== 1 || word.at(0) !== DOLLAR) return read(word)
  return stream === null ? new StreamId() : stream.lastId.clone()
}

/** As `readId`, and the signs `-` and `+`. */
function readAnyId(word: Span): StreamId {
  if (word.is('-')) return StreamId.least()
  return word.is('+') ? StreamId.greatest() : readId(word)
}

function expectStream(ctx: Context, key: Span): Stream {
  const stream = openForWrite(ctx, key)
  if (stream === null) throw GROUP_NEEDS_KEY
  return stream
}

function expectGroup(stream: Stream, key: Span, name: Span): Group {
  const group = stream.findGroup(name)
  if (group === null) throw noGroupInKey(name.latin1(), key.latin1())
  return group
}
