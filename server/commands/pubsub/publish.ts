/** PUBLISH and SPUBLISH. Replicas publish the message to their own subscribers; no file keeps it. */

import { type Command, command } from '../../engine/command.js'
import { bytes, key, text } from '../../engine/grammar.js'

export const publish = command('PUBLISH', {
  does: 'Sends a message to a channel. Returns how many clients got it.',
  since: '2.0.0',
  group: 'pubsub',
  complexity: 'O(N+M) for N subscribers of the channel and M patterns',
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
  args: { channel: text(), message: bytes() },
  run(ctx, { channel, message }) {
    ctx.reply.int(ctx.engine.publish(channel, message.bytes()))
    ctx.engine.journal.published(ctx.db, ctx.request)
  },
})

export const spublish = command('SPUBLISH', {
  does: 'Sends a message to a shard channel. Returns how many clients got it.',
  since: '7.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N subscribers of the channel',
  flags: ['pubsub', 'loading', 'stale', 'fast', 'may_replicate'],
  args: { channel: key('not_key'), message: bytes() },
  run(ctx, { channel, message }) {
    ctx.reply.int(ctx.engine.pubsub.publishToShard(channel.latin1(), message.bytes()))
    ctx.engine.journal.published(ctx.db, ctx.request)
  },
})

export const publishCommands: readonly Command[] = [publish, spublish]
