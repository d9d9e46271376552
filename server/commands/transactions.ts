/**
 * Transactions: MULTI queues, EXEC runs all that was queued as one unit, WATCH makes EXEC depend on keys that have not
 * changed since.
 *
 * A transaction is not rolled back: a command that fails while it runs leaves the others as they are. One that is
 * refused while it is queued (unknown, wrong arity, out of memory, no permission) makes EXEC refuse all.
 */

import {
  type CommandError,
  DISCARD_WITHOUT_MULTI,
  EXEC_ABORT,
  EXEC_WITHOUT_MULTI,
  NESTED_MULTI,
  NOT_IN_MULTI,
  WATCH_IN_MULTI,
  execAborted,
} from '../resp/errors.js'
import { command } from '../engine/command.js'
import type { Context } from '../engine/context.js'
import type { Engine } from '../engine/engine.js'
import type { Gate } from '../engine/gates.js'
import { key, repeated } from '../engine/grammar.js'
import type { Part } from '../engine/part.js'
import { type Session, SessionAlert } from '../engine/session.js'
import { Transaction } from '../engine/transaction.js'

export const multi = command('MULTI', {
  does: 'Begins a transaction.',
  since: '1.2.0',
  group: 'transactions',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  run({ session, reply }) {
    if (session.transaction !== null) throw NESTED_MULTI
    session.transaction = new Transaction()
    session.set(SessionAlert.transaction, true)
    reply.ok()
  },
})

export const exec = command('EXEC', {
  does: 'Runs the commands of the transaction, if no watched key has changed.',
  since: '1.2.0',
  group: 'transactions',
  complexity: 'Depends on commands in the transaction',
  flags: ['noscript', 'loading', 'stale', 'skip_slowlog'],
  refused: abort,
  run(ctx) {
    const { engine, session, reply } = ctx
    const { transaction } = session
    if (transaction === null) throw EXEC_WITHOUT_MULTI
    const broken = session.watchBroken || engine.watches.hasExpired(session)
    engine.watches.unwatch(session)
    try {
      if (transaction.aborted) throw EXEC_ABORT
      if (broken) reply.nullArray()
      else runQueued(ctx, transaction)
    } finally {
      discardTransaction(engine, session)
    }
  },
})

function runQueued(ctx: Context, transaction: Transaction): void {
  ctx.reply.array(transaction.length)
  ctx.engine.executor.callQueued(ctx, transaction)
}

/** EXEC that may not run ends the transaction all the same, and says why. Monitors see that it is over. */
function abort(ctx: Context, refusal: CommandError): CommandError {
  discardTransaction(ctx.engine, ctx.session)
  ctx.engine.monitors.feed(ctx)
  return execAborted(refusal)
}

export const discard = command('DISCARD', {
  does: 'Ends the transaction without running it.',
  since: '2.0.0',
  group: 'transactions',
  complexity: 'O(N), when N is the number of queued commands',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  run({ engine, session, reply }) {
    if (session.transaction === null) throw DISCARD_WITHOUT_MULTI
    discardTransaction(engine, session)
    reply.ok()
  },
})

/** Ends a transaction, if there is one, and all watches. */
export function discardTransaction(engine: Engine, session: Session): void {
  session.transaction = null
  session.set(SessionAlert.transaction, false)
  engine.watches.unwatch(session)
}

export const watch = command('WATCH', {
  does: 'Makes the next EXEC run only if these keys do not change until then.',
  since: '2.2.0',
  group: 'transactions',
  complexity: 'O(1) for every key.',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  args: { key: repeated(key('RO')) },
  run({ engine, session, reply }, { key: keys }) {
    if (session.transaction !== null) throw WATCH_IN_MULTI
    if (!session.watchBroken) for (const each of keys) engine.watches.watch(session, each)
    reply.ok()
  },
})

export const unwatch = command('UNWATCH', {
  does: 'Forgets all watched keys.',
  since: '2.2.0',
  group: 'transactions',
  complexity: 'O(1)',
  flags: ['noscript', 'loading', 'stale', 'fast', 'allow_busy'],
  run({ engine, session, reply }) {
    engine.watches.unwatch(session)
    reply.ok()
  },
})

const noMulti: Gate = {
  name: 'commands that no transaction may hold',
  order: 30,
  check: ({ session, command: asked }) =>
    session.transaction !== null && asked.has('no_multi') ? NOT_IN_MULTI : null,
}

export const transactions: Part = {
  name: 'transactions',
  commands: [multi, exec, discard, watch, unwatch],
  gates: [noMulti],
}
