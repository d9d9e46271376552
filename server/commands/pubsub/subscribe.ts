/**
 * Subscribing and leaving, for channels, patterns and shard channels.
 *
 * Each name is answered by a message of its own, which says how many subscriptions the client then has; CLIENT
 * REPLY does not silence these. Leaving without names leaves all, and still answers when there was none.
 */

import type { Span } from '../../lib/bytes.js'
import { type Command, command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { key, repeated, text } from '../../engine/grammar.js'
import { Message } from '../../engine/message.js'
import type { PubSub } from '../../engine/pubsub.js'
import { type Session, SessionAlert } from '../../engine/session.js'
import type { Subscriptions } from '../../engine/subscriptions.js'

/** One of the three things to subscribe to. */
interface Kind {
  subscriptions(pubsub: PubSub): Subscriptions
  /** What its messages count: shard channels by themselves, the others together. */
  count(session: Session): number
}

const count = ({ channels, patterns }: Session): number => channels + patterns
const CHANNEL: Kind = { subscriptions: pubsub => pubsub.channels, count }
const PATTERN: Kind = { subscriptions: pubsub => pubsub.patterns, count }
const SHARD: Kind = { subscriptions: pubsub => pubsub.shardChannels, count: session => session.shardChannels }

const JOINING = ['pubsub', 'noscript', 'loading', 'stale', 'denyoom'] as const
const LEAVING = ['pubsub', 'noscript', 'loading', 'stale'] as const

export const subscribe = command('SUBSCRIBE', {
  does: 'Listens to channels.',
  since: '2.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: JOINING,
  args: { channels: repeated(text()) },
  run: (ctx, { channels }) => join(ctx, CHANNEL, channels),
})

export const psubscribe = command('PSUBSCRIBE', {
  does: 'Listens to all channels whose names match a pattern.',
  since: '2.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N patterns',
  flags: JOINING,
  args: { patterns: repeated(text()) },
  run: (ctx, { patterns }) => join(ctx, PATTERN, patterns),
})

export const ssubscribe = command('SSUBSCRIBE', {
  does: 'Listens to shard channels.',
  since: '7.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: JOINING,
  args: { channels: repeated(key('not_key')) },
  run: (ctx, { channels }) => join(ctx, SHARD, channels.map(nameOf)),
})

export const unsubscribe = command('UNSUBSCRIBE', {
  does: 'Listens to these channels no more, or to none.',
  since: '2.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: LEAVING,
  args: { channels: repeated(text(), 0) },
  run: (ctx, { channels }) => leave(ctx, CHANNEL, channels),
})

export const punsubscribe = command('PUNSUBSCRIBE', {
  does: 'Listens to these patterns no more, or to none.',
  since: '2.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N patterns',
  flags: LEAVING,
  args: { patterns: repeated(text(), 0) },
  run: (ctx, { patterns }) => leave(ctx, PATTERN, patterns),
})

export const sunsubscribe = command('SUNSUBSCRIBE', {
  does: 'Listens to these shard channels no more, or to none.',
  since: '7.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: LEAVING,
  args: { channels: repeated(key('not_key'), 0) },
  run: (ctx, { channels }) => leave(ctx, SHARD, channels.map(nameOf)),
})

export const subscribeCommands: readonly Command[] = [
  subscribe,
  unsubscribe,
  psubscribe,
  punsubscribe,
  ssubscribe,
  sunsubscribe,
]

const nameOf = (channel: Span): string => channel.latin1()

function join(ctx: Context, kind: Kind, names: readonly string[]): void {
  const { pubsub } = ctx.engine
  for (const name of names) {
    pubsub.subscribe(kind.subscriptions(pubsub), ctx.session, name)
    confirm(ctx, kind, name)
  }
}

function leave(ctx: Context, kind: Kind, names: readonly string[]): void {
  const { pubsub } = ctx.engine
  const subscriptions = kind.subscriptions(pubsub)
  const left = names.length > 0 ? names : subscriptions.namesOf(ctx.session)
  for (const name of left) {
    pubsub.unsubscribe(subscriptions, ctx.session, name)
    confirm(ctx, kind, name)
  }
  if (left.length === 0) confirm(ctx, kind, null)
}

/** Says what was done and how many subscriptions there are now: in the place of a reply, or past its silencing. */
function confirm(ctx: Context, kind: Kind, name: string | null): void {
  const { session, reply, engine, command } = ctx
  const count = kind.count(session)
  if ((session.alert & SessionAlert.silent) !== 0) {
    engine.pushes.send(session, new Message([command.name, name, count]).bytesFor(reply.protocol))
    return
  }
  reply.push(3)
  reply.text(command.name)
  if (name === null) reply.null()
  else reply.text(name)
  reply.int(count)
}
