import type { Context } from './context.js'
import type { Wait } from './waiting.js'

interface Question {
  readonly kind: Wait['kind']
  /** Ms until the client gets the answer that there is; 0: it waits for ever. */
  readonly timeoutMs: number
  /** Answers if it can by now. Throws the error that is the answer. */
  readonly tryToAnswer: () => boolean
  /** Answers that the time is up. */
  readonly giveUp: () => void
}

/**
 * The client is answered now if that can be, otherwise when `waiting.retry` of its kind finds that it can, or its time
 * is up. In a transaction or a script the time is up at once. True when it waits.
 */
export function answerWhenReady(
  { engine, session, nested }: Pick<Context, 'engine' | 'session' | 'nested'>,
  { kind, timeoutMs, tryToAnswer, giveUp }: Question,
): boolean {
  if (tryToAnswer()) return false
  if (nested) {
    giveUp()
    return false
  }
  const deadlineMs = timeoutMs === 0 ? Infinity : engine.nowMs + timeoutMs
  engine.waiting.wait(session, { kind, db: session.db, keys: [], deadlineMs, serve: tryToAnswer, giveUp })
  return true
}
