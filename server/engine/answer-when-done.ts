import type { CommandError } from '../resp/errors.js'
import type { Context } from './context.js'

/**
 * The client waits for work that does not fail, and is answered OK or the error that the work has come to; others are
 * served meanwhile. `interrupted`: its answer when somebody ends its waiting before. The answer comes in a later turn, so
 * it goes to the session's reply, whose protocol is the one of then.
 */
export function answerWhenDone(
  { engine, session, db }: Pick<Context, 'engine' | 'session' | 'db'>,
  work: Promise<CommandError | null>,
  interrupted: CommandError | null,
): void {
  const { reply } = session
  let outcome = interrupted
  engine.waiting.wait(session, {
    kind: 'other',
    db,
    keys: [],
    deadlineMs: Infinity,
    serve: () => false,
    giveUp: () => (outcome === null ? reply.ok() : reply.error(outcome)),
  })
  const { waiting } = session
  void work.then(result => {
    outcome = result
    if (session.waiting === waiting) engine.waiting.unblock(session, 'timeout')
  })
}
