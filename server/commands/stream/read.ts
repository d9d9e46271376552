/**
 * XREAD and XREADGROUP: reading behind an id, from several streams, waiting when there is nothing.
 *
 * Each stream is asked in turn and adds to one answer, so a reader serves the command itself and, later, the client
 * that waited: then with the one stream that became ready. What it needs later it has copied.
 */

import { Type } from '../../data/entry.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import type { KeySpec } from '../../engine/key-specs.js'
import type { Span } from '../../lib/bytes.js'
import { NEW_ID_IN_XREAD } from '../../resp/stream-errors.js'
import { waitFor } from '../blocking.js'
import { Answer, type Reader } from './answer.js'
import { GroupReader } from './group-reader.js'
import { readId } from './ids.js'
import { READ_DOCS, READ_GROUP_DOCS, type ReadRequest, parseRead } from './read-request.js'
import { spelled } from './spelled.js'

const GREATEST = StreamId.greatest()

/** Entries for a client that waited without a COUNT: its id may be far behind. */
const COUNT_AFTER_WAIT = 1000

const keysAfterStreams = (from: number): KeySpec[] => [
  {
    flags: ['RO', 'access', 'incomplete'],
    begin: { keyword: 'STREAMS', from },
    find: { last: -1, step: 1, limit: 2 },
  },
]

export const xRead = command('XREAD', {
  does: 'Answers the entries behind an id, of one or more streams, and waits for them if asked to.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries returned',
  flags: ['readonly', 'blocking', 'movablekeys'],
  keySpecs: keysAfterStreams(1),
  args: { options: spelled(3, READ_DOCS, (request, at) => parseRead(request, at, false)) },
  hot(ctx) {
    const asked = parseRead(ctx.request, 1, false)
    if (asked.timeoutMs !== null) return false
    read(ctx, asked, new PlainReader(ctx, asked))
    return true
  },
  run(ctx, { options }) {
    read(ctx, options, new PlainReader(ctx, options))
  },
})

export const xReadGroup = command('XREADGROUP', {
  does: 'As XREAD, for a consumer of a group: each entry goes to one of them, who has to acknowledge it.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(N), N being the entries returned',
  flags: ['write', 'blocking', 'movablekeys'],
  keySpecs: keysAfterStreams(4),
  args: { options: spelled(6, READ_GROUP_DOCS, (request, at) => parseRead(request, at, true)) },
  hot(ctx) {
    const asked = parseRead(ctx.request, 1, true)
    if (asked.timeoutMs !== null) return false
    readForGroup(ctx, asked)
    return true
  },
  run(ctx, { options }) {
    readForGroup(ctx, options)
  },
})

function readForGroup(ctx: Context, asked: ReadRequest): void {
  read(ctx, asked, new GroupReader(ctx, asked))
  ctx.propagateNothing()
}

function read(ctx: Context, asked: ReadRequest, reader: Reader): void {
  const answer = new Answer(ctx, asked, asked.keys.length)
  for (let i = 0; i < asked.keys.length && !answer.portion.isSpent; i++) reader.readStream(i, answer)
  if (answer.streams > 0) answer.close()
  else if (asked.timeoutMs === null) ctx.reply.nullArray()
  else wait(ctx, asked, reader, asked.timeoutMs)
}

function wait(ctx: Context, asked: ReadRequest, reader: Reader, timeoutMs: number): void {
  const { reply } = ctx
  const later = asked.settled()
  if (later.count === Infinity) later.count = COUNT_AFTER_WAIT
  reader.settle()
  waitFor(ctx, {
    keys: asked.keys,
    timeoutMs,
    serve: key => {
      const answer = new Answer(ctx, later, 1)
      const index = later.keys.findIndex(each => each.equals(key))
      if (!reader.resume(index, answer)) return false
      if (answer.streams > 0) answer.close()
      return true
    },
    giveUp: () => {
      reply.nullArray()
    },
    dueMs: () => reader.dueMs(),
  })
}

/** XREAD: behind an id that was the client's, or the stream's last one when the command came. */
class PlainReader implements Reader {
  private readonly behind: StreamId[]
  /** For `+`: the last entry there is, itself. */
  private readonly lastOnes: boolean[]
  private keys: readonly Span[]

  constructor(
    private readonly ctx: Context,
    asked: ReadRequest,
  ) {
    this.keys = asked.keys
    this.lastOnes = asked.ids.map(word => word.is('+'))
    this.behind = asked.ids.map((word, index) => this.idOf(word, asked.keys[index]))
  }

  readStream(index: number, answer: Answer): boolean {
    const stream = this.open(this.keys[index])
    if (stream === null || stream.length === 0) return false
    if (this.lastOnes[index]) return this.replyLast(stream, index, answer)
    const from = this.behind[index].clone()
    if (stream.lastId.compare(from) <= 0 || !from.increment()) return false
    const cursor = stream.range(from, GREATEST)
    if (!cursor.next()) return false
    const { reply, keyspace } = this.ctx
    const { portion } = answer
    const entries = answer.begin(this.keys[index])
    let count = 0
    do {
      const mark = reply.length
      keyspace.streams.writer.entry(reply, cursor)
      count++
      portion.take(reply.length - mark)
    } while (portion.admits(count) && cursor.next())
    answer.end(entries, count)
    return true
  }

  dueMs(): number {
    return Infinity
  }

  settle(): void {
    this.keys = this.keys.map(key => key.clone())
    // Whoever waits for the last entry waits for the next one.
    this.lastOnes.fill(false)
  }

  resume(index: number, answer: Answer): boolean {
    const ref = this.ctx.db.peek(this.keys[index])
    return ref !== 0 && this.ctx.keyspace.entries.type(ref) === Type.stream && this.readStream(index, answer)
  }

  private replyLast(stream: Stream, index: number, answer: Answer): boolean {
    const { reply, keyspace } = this.ctx
    const cursor = stream.range(StreamId.least(), StreamId.greatest(), true)
    if (!cursor.next()) return false
    const entries = answer.begin(this.keys[index])
    keyspace.streams.writer.entry(reply, cursor)
    answer.portion.take(0)
    answer.end(entries, 1)
    return true
  }

  private open(key: Span): Stream | null {
    const ref = this.ctx.db.readTyped(key, Type.stream)
    return ref === 0 ? null : this.ctx.keyspace.streams.open(ref)
  }

  private idOf(word: Span, key: Span): StreamId {
    const stream = this.open(key)
    if (word.is('$') || word.is('+')) return stream === null ? new StreamId() : stream.lastId.clone()
    if (word.is('>')) throw NEW_ID_IN_XREAD
    return readId(word)
  }
}
