/** Subcommands of DEBUG that do something a test wants done. */

import type { DebugSubcommand } from '../../../engine/debug-switches.js'
import { parseDoubleText } from '../../../lib/double.js'
import { Span } from '../../../lib/bytes.js'
import { globMatches } from '../../../lib/glob.js'
import { parseInteger } from '../../../lib/integer.js'
import { CommandError, errorLine, MUST_BE_POSITIVE, NOTHING_TO_RELOAD } from '../../../resp/errors.js'
import { rewriteConfig } from '../config.js'

export const tests: readonly DebugSubcommand[] = [
  {
    name: 'sleep',
    syntax: '<seconds>',
    does: 'Stops the server for so long. Fractions count.',
    words: [1, 1],
    run({ engine, reply }, [seconds]) {
      const us = parseDoubleText(seconds) * 1e6
      if (us > 0) engine.clock.stall(us)
      reply.ok()
    },
  },
  {
    name: 'error',
    syntax: '<text>',
    does: 'Answers an error with this text.',
    words: [1, 1],
    run({ reply }, [text]) {
      reply.error(new CommandError(errorLine(text)))
    },
  },
  {
    name: 'log',
    syntax: '<message>',
    does: 'Writes the message to the log.',
    words: [1, 1],
    run({ engine, reply }, [message]) {
      engine.log.warning(`DEBUG LOG: ${message}`)
      reply.ok()
    },
  },
  {
    name: 'replicate',
    syntax: '<word> [<word> ...]',
    does: 'Tells replicas and the AOF of a command that nobody ran.',
    words: [1, Infinity],
    run(ctx, words) {
      ctx.propagateList(words)
      ctx.reply.ok()
    },
  },
  {
    name: 'change-repl-id',
    syntax: '',
    does: 'Begins a new history, so that replicas must synchronize in full.',
    words: [0, 0],
    run({ engine, reply }) {
      engine.replicationId = engine.freshName()
      reply.ok()
    },
  },
  {
    name: 'config-rewrite-force-all',
    syntax: '',
    does: 'As CONFIG REWRITE, with all settings, even those that have their defaults.',
    words: [0, 0],
    run({ engine, reply }) {
      rewriteConfig(engine, { all: true })
      reply.ok()
    },
  },
  {
    name: 'stringmatch-len',
    syntax: '<length> <pattern>',
    does: 'Tells whether so many letters a match the pattern.',
    words: [2, 2],
    run({ reply }, [length, pattern]) {
      const count = parseInteger(Span.of(length))
      if (!(count >= 0)) throw MUST_BE_POSITIVE
      reply.int(globMatches(Span.of(pattern), Span.of(Buffer.alloc(count, 'a'))) ? 1 : 0)
    },
  },
  reload('reload', '[<option> ...]'),
  reload('loadaof', ''),
]

/** Until a room that keeps files brings its own. */
function reload(name: string, syntax: string): DebugSubcommand {
  return {
    name,
    syntax,
    does: 'Empties the server and reads its data from its files.',
    words: [0, Infinity],
    run() {
      throw NOTHING_TO_RELOAD
    },
  }
}
