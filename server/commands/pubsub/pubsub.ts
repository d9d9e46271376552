/** PUBSUB: who listens to what. */

import { Glob } from '../../lib/glob.js'
import { Span } from '../../lib/bytes.js'
import { container, subcommand } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import { optional, pattern, repeated, text } from '../../engine/grammar.js'
import type { Subscriptions } from '../../engine/subscriptions.js'
import { help } from '../help.js'

const FLAGS = ['pubsub', 'loading', 'stale'] as const

const channels = subcommand('CHANNELS', {
  does: 'Lists the channels that somebody listens to, or those whose names match a pattern.',
  since: '2.8.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: FLAGS,
  args: { pattern: optional(pattern()) },
  run: (ctx, { pattern }) => replyNames(ctx, ctx.engine.pubsub.channels, pattern),
})

const numsub = subcommand('NUMSUB', {
  does: 'Counts the subscribers of channels; those of patterns do not count.',
  since: '2.8.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: FLAGS,
  args: { channels: repeated(text(), 0) },
  run: (ctx, { channels }) => replyCounts(ctx, ctx.engine.pubsub.channels, channels),
})

const numpat = subcommand('NUMPAT', {
  does: 'Counts the different patterns that somebody listens to.',
  since: '2.8.0',
  group: 'pubsub',
  complexity: 'O(1)',
  flags: FLAGS,
  run: ctx => ctx.reply.int(ctx.engine.pubsub.patterns.size),
})

const shardchannels = subcommand('SHARDCHANNELS', {
  does: 'Lists the shard channels that somebody listens to, or those whose names match a pattern.',
  since: '7.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: FLAGS,
  args: { pattern: optional(pattern()) },
  run: (ctx, { pattern }) => replyNames(ctx, ctx.engine.pubsub.shardChannels, pattern),
})

const shardnumsub = subcommand('SHARDNUMSUB', {
  does: 'Counts the subscribers of shard channels.',
  since: '7.0.0',
  group: 'pubsub',
  complexity: 'O(N) for N channels',
  flags: FLAGS,
  args: { channels: repeated(text(), 0) },
  run: (ctx, { channels }) => replyCounts(ctx, ctx.engine.pubsub.shardChannels, channels),
})

export const pubsub = container(
  'PUBSUB',
  {
    does: 'Tells who listens to what.',
    since: '2.8.0',
    group: 'pubsub',
    complexity: 'Depends on the subcommand.',
  },
  [channels, numpat, numsub, shardchannels, shardnumsub, help('pubsub', '6.2.0')],
)

function replyNames(ctx: Context, subscriptions: Subscriptions, pattern: Span | null): void {
  const glob = pattern === null ? null : new Glob(pattern)
  const names = [...subscriptions.names()].filter(name => glob === null || glob.matches(Span.of(name)))
  ctx.reply.array(names.length)
  for (const name of names) ctx.reply.text(name)
}

function replyCounts(ctx: Context, subscriptions: Subscriptions, names: readonly string[]): void {
  ctx.reply.array(names.length * 2)
  for (const name of names) {
    ctx.reply.text(name)
    ctx.reply.int(subscriptions.countOn(name))
  }
}
