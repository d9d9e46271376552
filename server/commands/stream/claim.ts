/** XCLAIM: entries that are pending with one consumer go to another. */

import type { Consumer, Group } from '../../data/stream/groups.js'
import type { Stream } from '../../data/stream/stream.js'
import { StreamId } from '../../data/stream/stream-id.js'
import { parseId } from '../../data/stream/id-text.js'
import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { bytes, key, readInt64, readInteger } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import type { Request } from '../../resp/request.js'
import { invalidClaimNumber, noGroup, unknownClaimOption } from '../../resp/stream-errors.js'
import { createConsumer } from './consumer.js'
import { plusOne } from './counts.js'
import { openAsRead } from './delete.js'
import { propagateClaim, propagateConsumer, propagateGroup } from './effects.js'
import { readId } from './ids.js'
import { many, mark, maybe, number, spelledLate, word } from './spelled.js'

const DOCS = [
  word('min-idle-time'),
  many(word('id')),
  maybe({ ...number('ms'), token: 'IDLE' }),
  maybe({ ...number('unix-time-milliseconds'), type: 'unix-time', token: 'TIME' }),
  maybe({ ...number('count'), token: 'RETRYCOUNT' }),
  maybe(mark('FORCE')),
  maybe(mark('JUSTID')),
  maybe({ ...word('lastid'), token: 'LASTID' }),
]

export const xClaim = command('XCLAIM', {
  does: 'Makes a consumer answer for entries that are pending with another.',
  since: '5.0.0',
  group: 'stream',
  complexity: 'O(log N) for each entry, N being those that are pending',
  flags: ['write', 'fast'],
  tips: ['nondeterministic_output'],
  args: { key: key('RW', 'update'), group: bytes(), consumer: bytes(), options: spelledLate(2, DOCS) },
  run(ctx, { key, group: name, consumer, options: { request, at } }) {
    const { stream, group } = groupForClaim(ctx, key, name)
    const asked = readClaim(request, at, ctx.now)
    const advanced = asked.lastId.compare(group.lastId) > 0
    if (advanced) group.moveTo(asked.lastId, group.entriesRead)
    const claimant = new Claimant(ctx, key, stream, group, consumer)
    const { reply } = ctx
    const array = reply.openArray()
    let claimed = 0
    for (const id of asked.ids) if (claimEntry(claimant, id, asked)) claimed++
    reply.closeArray(array, claimed)
    if (advanced && !claimant.told) {
      propagateGroup(ctx, key, group)
      ctx.keyspace.dirty++
    }
    claimant.finish()
  },
})

/** Who claims what, from when on, and what the others are told of it. */
export class Claimant {
  /** Whether anything was propagated. */
  told = false
  private readonly made: boolean
  private took = false

  /** The consumer exists from now on, even if there is nothing for it. */
  constructor(
    readonly ctx: Context,
    readonly key: Span,
    readonly stream: Stream,
    readonly group: Group,
    private readonly name: Span,
  ) {
    this.made = createConsumer(ctx, key, group, name)
    this.consumer().seenMs = ctx.now
  }

  /** Takes the entry at the place of `group.pending`. */
  take(id: StreamId, deliveredMs: number | bigint, deliveries: number | bigint): void {
    const { ctx, group } = this
    const consumer = this.consumer()
    consumer.activeMs = ctx.now
    group.deliveredMs = deliveredMs
    group.deliveries = deliveries
    group.giveTo(consumer)
    this.took = true
    // Somebody may wait for what has been idle for so long.
    if (deliveredMs < ctx.now) ctx.keyspace.listener.ready(ctx.db, this.key)
    this.tell(id)
  }

  /** Answers with an entry that was taken, or with its id alone. */
  reply(id: StreamId, justId: boolean): void {
    const { reply, keyspace } = this.ctx
    const { writer } = keyspace.streams
    const cursor = this.stream.range(id, id)
    if (justId || !cursor.next()) writer.id(reply, id)
    else writer.entry(reply, cursor)
  }

  /**
   * The entry at the place of `group.pending` is no longer in the stream: nobody has to answer for it. Answers whether
   * there is one behind it, where the place is then.
   */
  drop(id: StreamId): boolean {
    this.tell(id)
    return this.group.removePending()
  }

  private tell(id: StreamId): void {
    propagateClaim(this.ctx, this.key, this.group, id)
    this.told = true
    this.ctx.keyspace.dirty++
  }

  /** Sees to it that others hear of the consumer. */
  finish(): void {
    const { ctx, key, group, name } = this
    if (this.made && !this.took) propagateConsumer(ctx, key, group, name)
    ctx.propagateNothing()
  }

  private consumer(): Consumer {
    const consumer = this.group.findConsumer(this.name)
    if (consumer === null) throw new Error('streams: a consumer went missing')
    return consumer
  }
}

export function groupForClaim(ctx: Context, key: Span, name: Span): { stream: Stream; group: Group } {
  const stream = openAsRead(ctx, key)
  const group = stream?.findGroup(name) ?? null
  if (stream === null || group === null) throw noGroup(key.latin1(), name.latin1())
  return { stream, group }
}

export function readIdle(word: Span, command: string): number {
  return Math.max(0, readInteger(word, invalidClaimNumber('min-idle-time', command)))
}

interface Claim {
  readonly idleMs: number
  readonly ids: readonly StreamId[]
  readonly force: boolean
  readonly justId: boolean
  readonly deliveredMs: number
  /** What the count of deliveries becomes; null: one more, or with JUSTID what it is. */
  readonly deliveries: number | bigint | null
  readonly lastId: StreamId
}

function readClaim(request: Request, at: number, nowMs: number): Claim {
  const { count } = request
  const idleMs = readIdle(request.word(at++), 'XCLAIM')
  const ids: StreamId[] = []
  for (; at < count; at++) {
    const id = new StreamId()
    const form = parseId(request.word(at), id)
    if (form === 'invalid' || form === 'ms-*') break
    ids.push(id)
  }
  return { idleMs, ids, ...readClaimOptions(request, at, nowMs) }
}

function readClaimOptions(request: Request, at: number, nowMs: number): Omit<Claim, 'idleMs' | 'ids'> {
  const { count } = request
  let force = false
  let justId = false
  let delivered = -1
  let retryCount: number | bigint = -1
  const lastId = new StreamId()
  for (; at < count; at++) {
    const option = request.word(at)
    const more = at + 1 < count
    if (option.is('force')) force = true
    else if (option.is('justid')) justId = true
    else if (option.is('idle') && more) delivered = nowMs - readOption(request.word(++at), 'IDLE')
    else if (option.is('time') && more) delivered = readOption(request.word(++at), 'TIME')
    else if (option.is('retrycount') && more)
      retryCount = readInt64(request.word(++at), invalidOption('RETRYCOUNT'))
    else if (option.is('lastid') && more) readId(request.word(++at), lastId)
    else throw unknownClaimOption(option.latin1())
  }
  const deliveredMs = delivered < 0 || delivered > nowMs ? nowMs : delivered
  return { force, justId, deliveredMs, deliveries: retryCount >= 0 ? retryCount : null, lastId }
}

function readOption(word: Span, option: string): number {
  return readInteger(word, invalidOption(option))
}

function invalidOption(option: string): ReturnType<typeof invalidClaimNumber> {
  return invalidClaimNumber(`${option} option`, 'XCLAIM')
}

/** True when the entry was claimed, and answered with. */
function claimEntry(claimant: Claimant, id: StreamId, asked: Claim): boolean {
  const { stream, group, ctx } = claimant
  const isPending = group.pending.find(id)
  if (!stream.holds(id)) {
    if (isPending) claimant.drop(id)
    return false
  }
  if (!isPending) {
    if (!asked.force) return false
    group.addPending(id, ctx.now, 1)
  } else if (group.ownerRef !== 0 && ctx.now - group.deliveredMs < asked.idleMs) {
    return false
  }
  const deliveries = asked.deliveries ?? (asked.justId ? group.deliveries : plusOne(group.deliveries))
  claimant.take(id, asked.deliveredMs, deliveries)
  claimant.reply(id, asked.justId)
  return true
}
