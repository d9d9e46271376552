/** SHUTDOWN: the orderly end of the server, or of an end that is still waiting for replicas. */

import { command } from '../../engine/command.js'
import type { Context } from '../../engine/context.js'
import type { ShutdownOptions } from '../../engine/engine.js'
import { bytes, choice, flag, nothing, options, repeated } from '../../engine/grammar.js'
import type { Span } from '../../lib/bytes.js'
import { NO_SHUTDOWN, SHUTDOWN_FAILED, SYNTAX } from '../../resp/errors.js'

const OPTIONS = ['save', 'nosave', 'now', 'force', 'abort'] as const
type Option = (typeof OPTIONS)[number]

const SHOWN = options({
  save: choice({ SAVE: nothing(), NOSAVE: nothing() }),
  now: flag('NOW'),
  force: flag('FORCE'),
  abort: flag('ABORT'),
})

export const shutdown = command('SHUTDOWN', {
  does: 'Saves what is to be saved and ends the server.',
  since: '1.0.0',
  group: 'server',
  complexity:
    'O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)',
  flags: ['admin', 'noscript', 'loading', 'stale', 'no_multi', 'allow_busy'],
  args: { options: { ...repeated(bytes(), 0), doc: name => SHOWN.doc(name) } },
  run(ctx, { options }) {
    const given = new Set(options.map(optionOf))
    if (given.has('abort')) abort(ctx, given.size)
    else end(ctx, shutdownOptions(given))
  },
})

function optionOf(word: Span): Option {
  const option = OPTIONS.find(name => word.is(name))
  if (option === undefined) throw SYNTAX
  return option
}

function abort({ engine, reply }: Context, optionsGiven: number): void {
  if (optionsGiven > 1) throw SYNTAX
  if (!engine.withdrawShutdown() && !engine.abortShutdown()) throw NO_SHUTDOWN
  reply.ok()
}

function shutdownOptions(given: ReadonlySet<Option>): ShutdownOptions {
  if (given.has('save') && given.has('nosave')) throw SYNTAX
  return {
    save: given.has('save') ? 'save' : given.has('nosave') ? 'nosave' : 'default',
    now: given.has('now'),
    force: given.has('force'),
    reason: 'User requested shutdown...',
  }
}

/** The client waits: for its connection to end with the server, or for the reason why there is no end. */
function end({ engine, session, db }: Context, options: ShutdownOptions): void {
  engine.waiting.wait(session, {
    kind: 'other',
    db,
    keys: [],
    deadlineMs: Infinity,
    serve: () => false,
    giveUp: () => session.reply.error(SHUTDOWN_FAILED),
  })
  void engine.shutdown(options).then(reason => {
    if (reason === null) session.close()
    else engine.waiting.unblock(session, SHUTDOWN_FAILED)
  })
}
