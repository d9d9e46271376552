/** MEMORY: what takes how much, in exact bytes. */

import { container, subcommand } from '../../engine/command.js'
import { integer, key, options, token } from '../../engine/grammar.js'
import { SYNTAX } from '../../resp/errors.js'
import { help } from '../help.js'
import { allocatorStats, memoryAdvice } from './memory-doctor.js'
import { replyMemoryStats } from './memory-stats.js'

const tips = ['nondeterministic_output', 'request_policy:all_shards', 'response_policy:special']

const usage = subcommand('USAGE', {
  does: 'Returns the bytes that a key and its value take. They are counted, so SAMPLES changes nothing.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(N) where N is the number of samples.',
  flags: ['readonly'],
  args: { key: key('RO'), options: options({ samples: token('SAMPLES', integer()) }) },
  run(ctx, { key, options: { samples } }) {
    if (samples !== null && samples < 0) throw SYNTAX
    const ref = ctx.db.peek(key)
    if (ref === 0) ctx.reply.null()
    else ctx.reply.int(ctx.keyspace.entryBytes(ref))
  },
})

const stats = subcommand('STATS', {
  does: 'Returns what the memory is used for.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(1)',
  tips,
  run(ctx) {
    replyMemoryStats(ctx.reply, ctx.engine)
  },
})

const doctor = subcommand('DOCTOR', {
  does: 'Reports on what is odd about the memory.',
  since: '4.0.0',
  group: 'server',
  complexity: 'O(1)',
  tips,
  run(ctx) {
    ctx.reply.verbatim('txt', memoryAdvice(ctx.engine))
  },
})

const mallocStats = subcommand('MALLOC-STATS', {
  does: 'Returns the figures of the arena and of V8.',
  since: '4.0.0',
  group: 'server',
  complexity: 'Depends on how much memory is allocated, could be slow',
  tips,
  run(ctx) {
    ctx.reply.verbatim('txt', allocatorStats(ctx.engine))
  },
})

/** Segments that the arena has dropped stay in the process until V8 collects the objects that stand for them. */
const purge = subcommand('PURGE', {
  does: 'Gives memory that holds nothing back to the system.',
  since: '4.0.0',
  group: 'server',
  complexity: 'Depends on how much memory is allocated, could be slow',
  tips: ['request_policy:all_shards', 'response_policy:all_succeeded'],
  run({ engine, keyspace, reply }) {
    engine.facts.collectGarbage()
    keyspace.arena.collected()
    reply.ok()
  },
})

export const memory = container(
  'MEMORY',
  {
    does: 'Commands about the memory in use.',
    since: '4.0.0',
    group: 'server',
    complexity: 'Depends on subcommand.',
  },
  [usage, stats, doctor, mallocStats, purge, help('server', '4.0.0')],
)
