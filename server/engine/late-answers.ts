/**
 * Answers that tell of other clients (CLIENT LIST): they are given when the turn is over.
 *
 * Who asks such a thing has often just done something on other connections, or had it done, and wants to see it. But
 * one poll brings what came on many sockets, in an order of its own: epoll puts the socket that was ready last time
 * first, and that is the asker's, who asks again and again. Answered in its place, the question would be answered
 * before the others of the same poll have been read; and a client that has just been found to take too much would
 * be shown with replies that are about to leave, or as being there though it is about to go.
 *
 * So the words are copied, the session is held, and the command runs once all sockets of this poll have been read,
 * replies sent, and limits enforced. It gets its answer in the same turn; what it asked behind it runs in the next.
 *
 * In a transaction it is answered in its place, and so is who has no socket: nobody reads for him.
 */

import type { Context } from './context.js'
import type { Engine } from './engine.js'
import type { Gate } from './gates.js'
import type { Session } from './session.js'
import type { Request } from '../resp/request.js'

interface Question {
  readonly session: Session
  readonly request: Request
}

export class LateAnswers {
  private questions: Question[] = []
  private answering = false

  constructor(private readonly engine: Engine) {
    engine.afterTurn.unshift(() => this.answer())
  }

  /** Whether the context's command is to be answered later. */
  holds({ session, command }: Context): boolean {
    if (command.options.late !== true || this.answering) return false
    return session.transaction === null && session.transport.kind !== 'inside'
  }

  /** Keeps the command of this session for the end of the turn. */
  putOff(session: Session): void {
    session.hold()
    this.questions.push({ session, request: session.request.clone() })
    this.engine.wantTurn()
  }

  private answer(): void {
    if (this.questions.length === 0) return
    const { questions } = this
    this.questions = []
    this.engine.beginTurn()
    this.answering = true
    for (const question of questions) this.answerTo(question)
    this.answering = false
  }

  private answerTo({ session, request }: Question): void {
    const { engine } = this
    if (!engine.sessions.has(session.id)) return
    const own = session.request
    session.request = request
    engine.execute(session)
    session.request = own
    engine.settle()
    session.release()
  }
}

/** After all that may refuse the command. */
export const lateGate: Gate = {
  name: 'late answers',
  order: 1001,
  onlyWhenItComes: true,
  check: ctx => {
    const { late } = ctx.engine
    if (!late.holds(ctx)) return null
    late.putOff(ctx.session)
    return 'later'
  },
}
