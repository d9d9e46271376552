import type { Context } from './context.js'

interface Work<T> {
  readonly work: Promise<T>
  /** What the client is told of when somebody ends its waiting before the work has ended. */
  readonly interrupted: T
  readonly answer: (outcome: T) => void
}

/**
 * The client waits for work that does not fail and is then answered; others are served meanwhile. The answer comes in
 * a later turn, so it writes to the session's reply, whose protocol is the one of then.
 */
export function answerWhenDone<T>(
  { engine, session, db }: Pick<Context, 'engine' | 'session' | 'db'>,
  { work, interrupted, answer }: Work<T>,
): void {
  let outcome = interrupted
  engine.waiting.wait(session, {
    kind: 'other',
    db,
    keys: [],
    deadlineMs: Infinity,
    serve: () => false,
    giveUp: () => answer(outcome),
  })
  const { waiting } = session
  void work.then(result => {
    outcome = result
    if (session.waiting === waiting) engine.waiting.unblock(session, 'timeout')
  })
}
