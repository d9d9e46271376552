/**
 * May this command run now? An ordered list of questions, each with Redis' own refusal.
 *
 * Nobody asks them for an ordinary command on an ordinary day: the engine, the session and the command each carry
 * alert bits, and only when one is set is the list gone through. Rooms add their own gates; `order` places them.
 */

import { CommandError, LOADING, NO_AUTH, OUT_OF_MEMORY, READ_ONLY } from '../resp/errors.js'
import type { Context } from './context.js'
import { SessionAlert } from './session.js'

export interface Gate {
  readonly name: string
  /** Lower is asked first. */
  readonly order: number
  /** A command that had to wait (BLPOP) is not asked again when it goes on. */
  readonly onlyWhenItComes?: true
  /** Null: it may run; 'later': its words have been kept, and it comes again. */
  check(ctx: Context): CommandError | 'later' | null
}

/** Why the engine itself needs more than the fast path: bits of `engine.alert`. */
export const EngineAlert = {
  memory: 1,
  loading: 2,
  paused: 4,
  readOnly: 8,
  diskError: 16,
  monitors: 32,
  stale: 64,
  replicas: 128,
  tracking: 256,
  sizes: 512,
  snapshotError: 1024,
  loadingAside: 2048,
} as const

const PROTECTED = (name: string, directive: string): CommandError =>
  new CommandError(
    `ERR ${name} command not allowed. If the ${directive} option is set to "local", you can run it from a local ` +
      'connection, otherwise you need to set this option in the configuration file, and then restart the server.',
  )

const authentication: Gate = {
  name: 'authentication',
  order: 20,
  check: ({ engine, session, command }) => {
    if ((session.alert & SessionAlert.unauthenticated) === 0 || command.has('no_auth')) return null
    return engine.defaultUser.open || session.trusted ? null : NO_AUTH
  },
}

const protectedCommands: Gate = {
  name: 'protected commands',
  order: 10,
  check: ({ session, command, config }) => {
    if (!command.has('protected')) return null
    const { name } = command.parent ?? command
    const directive = name === 'debug' ? 'enable-debug-command' : 'enable-module-command'
    const mode = name === 'debug' ? config.values.enableDebugCommand : config.values.enableModuleCommand
    if (mode === 'yes' || (mode === 'local' && session.transport.local)) return null
    return PROTECTED(name.toUpperCase(), directive)
  },
}

const memory: Gate = {
  name: 'memory',
  order: 40,
  check: ctx => {
    const { engine, session, command } = ctx
    if ((engine.alert & EngineAlert.memory) === 0) return null
    const enough = engine.makeRoom(ctx)
    // Who has cached an evicted key is told before the reply, which may speak of a new value.
    engine.pushes.flushBefore(session)
    if (enough) return null
    // A queue takes memory whatever stands in it.
    const queues = session.transaction !== null && !ENDS_TRANSACTION.has(command.name)
    return queues || ctx.any('denyoom') ? OUT_OF_MEMORY : null
  },
}

const ENDS_TRANSACTION: ReadonlySet<string> = new Set(['exec', 'discard', 'quit', 'reset'])

const readOnlyReplica: Gate = {
  name: 'read-only replica',
  order: 60,
  check: ctx => {
    if ((ctx.engine.alert & EngineAlert.readOnly) === 0 || ctx.session.trusted) return null
    return ctx.any('write') ? READ_ONLY : null
  },
}

const subscribed: Gate = {
  name: 'subscribed RESP2 clients',
  order: 70,
  check: ({ session, command }) => {
    if ((session.alert & SessionAlert.subscribed) === 0 || session.reply.protocol === 3) return null
    if (SUBSCRIBED_MAY.has(command.fullName)) return null
    return new CommandError(
      `ERR Can't execute '${command.fullName}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are ` +
        'allowed in this context',
    )
  },
}

const SUBSCRIBED_MAY: ReadonlySet<string> = new Set([
  'ping',
  'subscribe',
  'ssubscribe',
  'psubscribe',
  'unsubscribe',
  'sunsubscribe',
  'punsubscribe',
  'quit',
  'reset',
])

const loading: Gate = {
  name: 'loading',
  order: 90,
  check: ctx => ((ctx.engine.alert & EngineAlert.loading) !== 0 && !ctx.all('loading') ? LOADING : null),
}

/** Other data is on its way in, and what there is is served meanwhile: no command may change how it is kept. */
const loadingAside: Gate = {
  name: 'loading aside',
  order: 91,
  check: ctx =>
    (ctx.engine.alert & EngineAlert.loadingAside) !== 0 && ctx.any('no_async_loading') ? LOADING : null,
}

/** The gates that need no further room. */
export const gates: readonly Gate[] = [
  protectedCommands,
  authentication,
  memory,
  readOnlyReplica,
  subscribed,
  loading,
  loadingAside,
]
