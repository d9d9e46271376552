/** XADD: an entry at the end of a stream. */

import { Type } from '../../data/entry.js'
import { parseId } from '../../data/stream/id-text.js'
import { NODE_BYTES_LIMIT } from '../../data/stream/nodes.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { trim } from '../../data/stream/trim.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key } from '../../engine/grammar.js'
import { Event } from '../../keyspace/events.js'
import type { Span } from '../../lib/bytes.js'
import type { CommandWord } from '../../resp/command-text.js'
import { wrongArity } from '../../resp/errors.js'
import type { Request } from '../../resp/request.js'
import {
  ENTRY_TOO_LARGE,
  IDS_EXHAUSTED,
  ID_IS_ZERO,
  ID_TOO_SMALL,
  INVALID_STREAM_ID,
} from '../../resp/stream-errors.js'
import { checkProducer, messageOf, propagateMessage, remember, repliesKnown } from './idempotence.js'
import { either, many, block, mark, maybe, spelled, word } from './spelled.js'
import { Trimming, referencesDoc, trimDoc } from './trimming.js'

const STAR = 42

const DOCS = [
  maybe(mark('NOMKSTREAM')),
  referencesDoc,
  maybe(
    either(
      'idmp',
      { ...word('producer-id'), token: 'IDMPAUTO' },
      { ...block('idmp-ids', word('producer-id'), word('idempotent-id')), token: 'IDMP' },
    ),
  ),
  maybe(trimDoc),
  either('id-selector', { ...mark('*'), name: 'auto-id' }, word('id')),
  many(block('data', word('field'), word('value'))),
]

export const xAdd = command('XADD', {
  does: 'Appends an entry to a stream, and trims it if asked to.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(1), and O(N) for N entries that are trimmed',
  flags: ['write', 'denyoom', 'fast'],
  tips: ['nondeterministic_output'],
  args: { key: key('RW', 'update'), options: spelled(3, DOCS, readAddition) },
  hot(ctx) {
    const { count, request } = ctx
    if (count % 2 === 0 || !isStar(request.word(2))) {
      add(ctx, request.word(1), readAddition(request, 2))
      return true
    }
    const stream = streamFor(ctx, request.word(1), false)
    if (stream === null) return false
    const id = nextId(ctx, stream, ctx.keyspace.streams.scratchId)
    append(ctx, request.word(1), stream, id, 3)
    if (ctx.engine.journal.active) ctx.propagateWith(2, ctx.keyspace.streams.writer.text(id))
    return true
  },
  run(ctx, { key, options }) {
    add(ctx, key, options)
  },
})

function add(ctx: Context, key: Span, options: Addition): void {
  const { trimming, noMakeStream, idAt, producer } = options
  const rule = trimming.rule(ctx)
  checkAddition(options, ctx.count)
  const stream = streamFor(ctx, key, !noMakeStream)
  if (stream === null) {
    ctx.reply.null()
    return
  }
  const message = producer === null ? null : messageOf(ctx, options)
  if (message !== null && repliesKnown(ctx, stream, producer!, message)) return
  const id = idFor(ctx, stream, options)
  append(ctx, key, stream, id, idAt + 1)
  if (message !== null) remember(ctx, stream, producer!, message, id)
  if (rule !== null && trim(stream, rule) > 0) ctx.db.event(key, Event.stream, 'xtrim')
  if (!ctx.engine.journal.active) return
  if (trimming.approximate || !options.given) propagateAddition(ctx, options, stream, id)
  if (message !== null) propagateMessage(ctx, key, producer!, message, id)
}

interface Addition {
  readonly trimming: Trimming
  readonly noMakeStream: boolean
  /** Where the id stands among the words. */
  readonly idAt: number
  readonly id: StreamId
  readonly producer: Span | null
  /** The producer's name for its message; null: what the fields make of it. */
  readonly message: Span | null
  /** Where the words of the two begin and end; 0: there are none. */
  readonly producerAt: number
  readonly producerEnd: number
  readonly form: 'auto' | 'ms-*' | 'given'
  /** True when the id is as the client wrote it. */
  readonly given: boolean
}

function readAddition(request: Request, at: number): Addition {
  const { count } = request
  const trimming = new Trimming()
  const id = new StreamId()
  let noMakeStream = false
  let producerAt = 0
  let producerEnd = 0
  let form: Addition['form'] = 'auto'
  for (; at < count && !isStar(request.word(at)); at++) {
    const behind = trimming.read(request, at)
    if (behind > at) {
      at = behind - 1
    } else if (request.word(at).is('nomkstream')) {
      noMakeStream = true
    } else if (request.word(at).is('idmp') && at + 2 < count) {
      producerAt = at
      producerEnd = at + 3
      at += 2
    } else if (request.word(at).is('idmpauto') && at + 1 < count) {
      producerAt = at
      producerEnd = at + 2
      at++
    } else {
      form = readNewId(request.word(at), id)
      break
    }
  }
  trimming.check()
  const producer = producerAt > 0 ? request.word(producerAt + 1) : null
  const message = producerEnd - producerAt === 3 ? request.word(producerAt + 2) : null
  const given = form === 'given'
  return { trimming, noMakeStream, idAt: at, id, form, given, producer, message, producerAt, producerEnd }
}

/** What is complained of only when everything else was understood. */
function checkAddition({ idAt, producer, message, form, id }: Addition, count: number): void {
  const left = count - idAt - 1
  if (left < 2 || left % 2 === 1) throw wrongArity('xadd')
  if (producer !== null) checkProducer(producer, message, form)
  if (form === 'given' && id.isLeast) throw ID_IS_ZERO
}

function readNewId(word: Span, into: StreamId): 'ms-*' | 'given' {
  const form = parseId(word, into)
  if (form === 'invalid') throw INVALID_STREAM_ID
  return form === 'ms-*' ? form : 'given'
}

function isStar(word: Span): boolean {
  return word.length === 1 && word.at(0) === STAR
}

/** The stream at the key, which is made when it is not there; null: it is not, and `make` says to leave it so. */
function streamFor(ctx: Context, key: Span, make: boolean): Stream | null {
  const { db, keyspace } = ctx
  const ref = db.writeTyped(key, Type.stream)
  if (ref !== 0) return keyspace.streams.open(ref)
  return make ? keyspace.streams.create(db.add(key, Type.stream, 0)) : null
}

function idFor(ctx: Context, stream: Stream, { form, id }: Addition): StreamId {
  if (form === 'auto') return nextId(ctx, stream, id)
  const { lastId } = stream
  if (lastId.isGreatest) throw IDS_EXHAUSTED
  if (form === 'ms-*' && id.hasMsOf(lastId)) {
    if (lastId.hasGreatestSequence) throw ID_TOO_SMALL
    id.set(lastId).increment()
  }
  if (id.compare(lastId) <= 0) throw ID_TOO_SMALL
  return id
}

/** The present time, unless the stream is ahead of it: then the next id there is. */
function nextId(ctx: Context, { lastId }: Stream, into: StreamId): StreamId {
  if (lastId.isGreatest) throw IDS_EXHAUSTED
  into.setMs(ctx.now)
  if (into.compare(lastId) > 0) return into
  into.set(lastId).increment()
  return into
}

/** Appends the fields that stand in the request from `from` on, answers and tells. */
function append(ctx: Context, key: Span, stream: Stream, id: StreamId, from: number): void {
  const { db, keyspace, request, reply } = ctx
  const { streams } = keyspace
  const fields = streams.fields.set(request, from)
  if (fields.bytes > NODE_BYTES_LIMIT) throw ENTRY_TOO_LARGE
  stream.append(id, fields)
  streams.writer.id(reply, id)
  db.changed(key, Event.stream, 'xadd')
  keyspace.listener.ready(db, key)
}

/** The id that was found, and an approximate trim by what came of it: others may have other nodes. */
function propagateAddition(
  ctx: Context,
  { trimming, idAt, producerAt, producerEnd }: Addition,
  stream: Stream,
  id: StreamId,
): void {
  const words: CommandWord[] = ctx.request.list()
  words[idAt] = id.toString()
  if (trimming.approximate) trimming.restate(words, stream)
  words.splice(producerAt, producerEnd - producerAt)
  ctx.propagateList(words)
}
