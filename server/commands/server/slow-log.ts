/** SLOWLOG, and Valkey's COMMANDLOG, which keeps two more logs of the kind: large requests and large replies. */

import { container, subcommand } from '../../engine/command.js'
import type { Engine } from '../../engine/engine.js'
import { integer, optional, text } from '../../engine/grammar.js'
import type { SlowEntry, SlowLog } from '../../engine/slow-log.js'
import { BAD_LOG_COUNT, BAD_LOG_TYPE } from '../../resp/errors.js'
import type { ReplyWriter } from '../../resp/reply.js'
import { help } from '../help.js'

const SHOWN = 10

const common = { group: 'server', flags: ['admin', 'loading', 'stale'] } as const
const count = () => integer({ min: -1, error: BAD_LOG_COUNT })

const slowLogGet = subcommand('GET', {
  ...common,
  does: 'Returns the latest entries: id, time, microseconds, words, client and its name. -1 asks for all.',
  since: '2.2.12',
  complexity: 'O(N) where N is the number of entries returned',
  tips: ['request_policy:all_nodes', 'nondeterministic_output'],
  args: { count: optional(count()) },
  run(ctx, { count }) {
    replyLatest(ctx.reply, ctx.engine.slowLog, count ?? SHOWN)
  },
})

const slowLogLen = subcommand('LEN', {
  ...common,
  does: 'Tells how many entries there are.',
  since: '2.2.12',
  complexity: 'O(1)',
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
  run(ctx) {
    ctx.reply.int(ctx.engine.slowLog.length)
  },
})

const slowLogReset = subcommand('RESET', {
  ...common,
  does: 'Forgets all entries.',
  since: '2.2.12',
  complexity: 'O(N) where N is the number of entries in the slowlog',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  run(ctx) {
    ctx.engine.slowLog.clear()
    ctx.reply.ok()
  },
})

export const slowLog = container(
  'SLOWLOG',
  {
    does: 'Commands about the log of slow commands.',
    since: '2.2.12',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  [slowLogGet, slowLogLen, slowLogReset, help('server', '6.2.0')],
)

const commandLogGet = subcommand('GET', {
  ...common,
  does: 'Returns the latest entries of a log: as SLOWLOG GET, with bytes in place of microseconds where sizes count.',
  since: '8.1.0',
  complexity: 'O(N) where N is the number of entries returned',
  tips: ['request_policy:all_nodes', 'nondeterministic_output'],
  args: { count: count(), type: text() },
  run(ctx, { count, type }) {
    replyLatest(ctx.reply, logOf(ctx.engine, type), count)
  },
})

const commandLogLen = subcommand('LEN', {
  ...common,
  does: 'Tells how many entries a log has.',
  since: '8.1.0',
  complexity: 'O(1)',
  tips: ['request_policy:all_nodes', 'response_policy:agg_sum', 'nondeterministic_output'],
  args: { type: text() },
  run(ctx, { type }) {
    ctx.reply.int(logOf(ctx.engine, type).length)
  },
})

const commandLogReset = subcommand('RESET', {
  ...common,
  does: 'Forgets all entries of a log.',
  since: '8.1.0',
  complexity: 'O(N) where N is the number of entries in the commandlog',
  tips: ['request_policy:all_nodes', 'response_policy:all_succeeded'],
  args: { type: text() },
  run(ctx, { type }) {
    logOf(ctx.engine, type).clear()
    ctx.reply.ok()
  },
})

export const commandLog = container(
  'COMMANDLOG',
  {
    does: 'Commands about the logs of slow commands, large requests and large replies.',
    since: '8.1.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  [commandLogGet, commandLogLen, commandLogReset, help('server', '8.1.0')],
)

function logOf({ slowLog, sizeLogs }: Engine, type: string): SlowLog {
  switch (type.toLowerCase()) {
    case 'slow':
      return slowLog
    case 'large-request':
      return sizeLogs.requests
    case 'large-reply':
      return sizeLogs.replies
    default:
      throw BAD_LOG_TYPE
  }
}

function replyLatest(reply: ReplyWriter, log: SlowLog, count: number): void {
  const entries = log.latest(count === -1 ? log.length : count)
  reply.array(entries.length)
  for (const entry of entries) replyEntry(reply, entry)
}

function replyEntry(reply: ReplyWriter, { id, at, amount, words, address, clientName }: SlowEntry): void {
  reply.array(6)
  reply.int(id)
  reply.int(at)
  reply.int(amount)
  reply.array(words.length)
  for (const word of words) reply.text(word)
  reply.text(address)
  reply.text(clientName)
}
