/**
 * Pub/sub: channels, patterns over channels, and shard channels, which patterns do not see.
 *
 * A message is encoded once for each protocol that some receiver speaks, and the same bytes go to all of them. Whoever
 * subscribes directly gets it first, then the patterns in the order in which they came to be; a client that both
 * reach gets it twice.
 *
 * What it costs (15,000 listeners, 10,000 patterns; redis-server 7.0 in the same run): 10 us of CPU for each listener (7.5),
 * nearly all of them the kernel's, but in pieces of a millisecond, between which others are served; 25 ns for each
 * pattern that is there (20), whoever publishes; 6 KB of memory for a connection that listens (2 to 6).
 */

import { Glob } from '../lib/glob.js'
import { Span } from '../lib/bytes.js'
import { Message } from './message.js'
import type { Pushes } from './pushes.js'
import { Session, SessionAlert } from './session.js'
import { type Subscribers, Subscriptions } from './subscriptions.js'

/** From so many receivers on they share the bytes of a message. */
const MANY = 64

export class PubSub {
  readonly channels = new Subscriptions()
  readonly patterns = new Subscriptions()
  readonly shardChannels = new Subscriptions()
  /** By pattern, in the order of `patterns`. */
  private readonly globs = new Map<string, Glob>()

  constructor(private readonly pushes: Pushes) {}

  /** Sends a message to a channel; answers how many times it was delivered. */
  publish(channel: string, message: Uint8Array): number {
    return this.toChannel(channel, message) + this.toPatterns(channel, message)
  }

  /** The same to a shard channel. */
  publishToShard(channel: string, message: Uint8Array): number {
    const subscribers = this.shardChannels.subscribers(channel)
    if (subscribers === undefined) return 0
    return this.deliver(subscribers, new Message(['smessage', channel], message))
  }

  /** False when the session is subscribed already. */
  subscribe(kind: Subscriptions, session: Session, name: string): boolean {
    const added = kind.add(session, name)
    if (kind === this.patterns && !this.globs.has(name)) this.globs.set(name, new Glob(Span.of(name)))
    this.settle(kind, session)
    return added
  }

  /** False when the session was not subscribed. */
  unsubscribe(kind: Subscriptions, session: Session, name: string): boolean {
    const removed = kind.remove(session, name)
    if (kind === this.patterns && kind.subscribers(name) === undefined) this.globs.delete(name)
    this.settle(kind, session)
    return removed
  }

  /** Ends all subscriptions of a session without a word: it closes, or is reset. */
  leave(session: Session): void {
    if (session.subscriptions === 0) return
    for (const kind of [this.channels, this.patterns, this.shardChannels]) {
      for (const name of kind.namesOf(session)) this.unsubscribe(kind, session, name)
    }
  }

  private toChannel(channel: string, message: Uint8Array): number {
    const subscribers = this.channels.subscribers(channel)
    if (subscribers === undefined) return 0
    return this.deliver(subscribers, new Message(['message', channel], message))
  }

  private toPatterns(channel: string, message: Uint8Array): number {
    if (this.patterns.size === 0) return 0
    const name = Span.of(channel)
    let receivers = 0
    for (const [pattern, glob] of this.globs) {
      if (!glob.matches(name)) continue
      const subscribers = this.patterns.subscribers(pattern)
      if (subscribers !== undefined)
        receivers += this.deliver(subscribers, new Message(['pmessage', pattern, channel], message))
    }
    return receivers
  }

  private deliver(receivers: Subscribers, message: Message): number {
    const { pushes } = this
    if (receivers instanceof Session) {
      pushes.send(receivers, message.bytesFor(receivers.reply.protocol))
      return 1
    }
    if (receivers.size < MANY)
      for (const session of receivers) pushes.send(session, message.bytesFor(session.reply.protocol))
    else for (const session of receivers) pushes.share(session, message)
    return receivers.size
  }

  /** What a session is follows from what it subscribes to: its gate, and its output limits. */
  private settle(kind: Subscriptions, session: Session): void {
    const count = kind.countOf(session)
    if (kind === this.channels) session.channels = count
    else if (kind === this.patterns) session.patterns = count
    else session.shardChannels = count
    const listens = session.subscriptions > 0
    session.set(SessionAlert.subscribed, listens)
    if (session.class !== 'replica') session.class = listens ? 'pubsub' : 'normal'
  }
}
