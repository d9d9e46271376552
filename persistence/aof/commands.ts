/** BGREWRITEAOF, and what DEBUG does with the log. */

import { answerWhenDone } from '../../server/engine/answer-when-done.js'
import { command } from '../../server/engine/command.js'
import type { DebugSubcommand } from '../../server/engine/debug-switches.js'
import { REWRITE_IN_PROGRESS, RELOAD_OF_LOG_FAILED } from '../../server/resp/errors.js'
import { AOF } from './aof.js'
import { holdUntil } from './hold.js'

export const bgrewriteaof = command('BGREWRITEAOF', {
  does: 'Writes the append-only file anew, as short as it can be, in the background.',
  since: '1.0.0',
  group: 'server',
  complexity: 'O(1)',
  flags: ['admin', 'noscript', 'no_async_loading'],
  run({ engine, session, reply, nested }) {
    const aof = engine.rooms.get(AOF)
    if (aof.rewrite !== null) throw REWRITE_IN_PROGRESS
    if (aof.busy || aof.keepsFiles || nested) {
      aof.scheduled = true
      aof.failures = 0
      reply.simple('Background append only file rewriting scheduled')
      return
    }
    reply.simple('Background append only file rewriting started')
    holdUntil(session, aof.begin())
  },
})

/** The client waits; others are told that data is being loaded. */
export const loadAof: DebugSubcommand = {
  name: 'loadaof',
  syntax: '',
  does: 'Writes what the append-only file still lacks, empties the server and loads the file.',
  words: [0, 0],
  run(ctx) {
    const reloaded = ctx.engine.rooms.get(AOF).reload()
    answerWhenDone(
      ctx,
      reloaded.then(
        () => null,
        () => RELOAD_OF_LOG_FAILED,
      ),
      null,
    )
  },
}

export const flushSleep: DebugSubcommand = {
  name: 'aof-flush-sleep',
  syntax: '<microseconds>',
  does: 'Sleeps so long before each write to the append-only file.',
  words: [1, 1],
  run({ engine, reply }, [us]) {
    engine.rooms.get(AOF).appender.sleepUs = Number(us)
    reply.ok()
  },
}
