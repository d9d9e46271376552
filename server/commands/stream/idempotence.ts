/** XADD with IDMP and IDMPAUTO, XCFGSET, XIDMPRECORD: a message is added once, however often it is sent. */

import { DURATION_MAX, MESSAGES_MAX } from '../../data/stream/producers.js'
import { StreamId } from '../../data/stream/stream-id.js'
import type { Stream } from '../../data/stream/stream.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, integer, key } from '../../engine/grammar.js'
import { options, token } from '../../engine/options.js'
import { Span } from '../../lib/bytes.js'
import { sha1 } from '../../lib/digests.js'
import {
  BAD_IDMP_DURATION,
  BAD_IDMP_MAXSIZE,
  EMPTY_IDEMPOTENT_ID,
  EMPTY_PRODUCER,
  IDMP_NEEDS_AUTO_ID,
  NO_STREAM,
} from '../../resp/stream-errors.js'
import { openForWrite } from './delete.js'
import { readId } from './ids.js'

export const xCfgSet = command('XCFGSET', {
  does: 'Sets how long, and how many, messages of each producer a stream remembers.',
  since: '8.6.0',
  group: 'stream',
  complexity: 'O(1), and O(N) for N messages that are forgotten',
  flags: ['write', 'fast'],
  args: {
    key: key('RW', 'update'),
    options: options({
      duration: token('IDMP-DURATION', integer({ min: 1, max: DURATION_MAX, error: BAD_IDMP_DURATION })),
      most: token('IDMP-MAXSIZE', integer({ min: 1, max: MESSAGES_MAX, error: BAD_IDMP_MAXSIZE })),
    }),
  },
  run(ctx, { key, options: { duration, most } }) {
    const stream = openForWrite(ctx, key)
    if (stream === null) throw NO_STREAM
    const producers = producersOf(ctx, stream)
    const next = [duration ?? producers.durationSeconds, most ?? producers.most] as const
    if (next[0] !== producers.durationSeconds || next[1] !== producers.most) producers.clear()
    producers.setLimits(...next)
    ctx.reply.ok()
    ctx.db.touched(key)
  },
})

export const xIdmpRecord = command('XIDMPRECORD', {
  does: 'Remembers a message of a producer that is in the stream: how replicas and the AOF are told.',
  since: '8.6.2',
  group: 'stream',
  complexity: 'O(log N), N being the messages remembered',
  flags: ['write', 'denyoom', 'fast'],
  args: { key: key('RW', 'update'), pid: bytes(), iid: bytes(), id: bytes() },
  run(ctx, { key, pid, iid, id: word }) {
    const id = readId(word)
    const stream = openForWrite(ctx, key)
    if (stream === null) throw NO_STREAM
    remember(ctx, stream, pid, iid, id)
    ctx.reply.ok()
    ctx.db.touched(key)
  },
})

export function checkProducer(producer: Span, message: Span | null, form: 'auto' | 'ms-*' | 'given'): void {
  if (form !== 'auto') throw IDMP_NEEDS_AUTO_ID
  if (producer.length === 0) throw EMPTY_PRODUCER
  if (message?.length === 0) throw EMPTY_IDEMPOTENT_ID
}

/** The name of the message: as it is given, or a digest of its fields and values. */
export function messageOf(
  { request }: Context,
  asked: { readonly message: Span | null; readonly idAt: number },
): Span {
  if (asked.message !== null) return asked.message
  const parts: Uint8Array[] = []
  for (let i = asked.idAt + 1; i < request.count; i++) {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(request.word(i).length)
    parts.push(length, request.word(i).bytes())
  }
  return Span.of(sha1(Buffer.concat(parts)))
}

/** Answers with the id that the message got when it came first; false: it is new. */
export function repliesKnown(ctx: Context, stream: Stream, producer: Span, message: Span): boolean {
  const id = new StreamId()
  if (stream.producers?.find(producer, message, ctx.now, id) !== true) return false
  ctx.keyspace.streams.writer.id(ctx.reply, id)
  return true
}

export function remember(ctx: Context, stream: Stream, producer: Span, message: Span, id: StreamId): void {
  producersOf(ctx, stream).record(producer, message, id, ctx.now)
}

/** Replicas older than 8.6 do not know this command and go on without it: it must stand outside of any MULTI. */
export function propagateMessage(ctx: Context, key: Span, producer: Span, message: Span, id: StreamId): void {
  ctx.engine.journal.loosen()
  ctx.propagateAs('XIDMPRECORD', key, producer, message, id.toString())
}

function producersOf({ config }: Context, stream: Stream): NonNullable<Stream['producers']> {
  const { streamIdmpDuration, streamIdmpMaxsize } = config.values
  return stream.rememberProducers(streamIdmpDuration, streamIdmpMaxsize)
}
