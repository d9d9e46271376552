/**
 * Pushes: what a client is sent without having asked for it just now, such as messages and invalidations.
 *
 * A push must not land inside a reply. The only replies that can be half written are those of the session whose
 * command runs: a SET that notifies its own client, a PUBLISH to oneself, a whole EXEC. So pushes to that session
 * wait until it has been answered, and follow the answer (Redis does so since 7.2); all others go out at once. A
 * push behind one that waits waits too, since a client's messages stay in order. Only that a client's own change makes
 * its copies stale is told behind all messages of that change.
 *
 * CLIENT REPLY OFF and SKIP silence replies, never pushes.
 */

import type { Message } from './message.js'
import { type Session, SessionAlert } from './session.js'

export class Pushes {
  private held = new Map<Session, Uint8Array[]>()
  /** Those that follow the ones held. */
  private last = new Map<Session, Uint8Array[]>()

  /** `speaker`: whose command runs, or ran last; `wantTurn` makes sure that `flush` is called. */
  constructor(
    private readonly speaker: () => Session,
    private readonly wantTurn: () => void,
  ) {}

  /** Sends `bytes`, encoded in the session's protocol; they are kept, not copied. */
  send(session: Session, bytes: Uint8Array): void {
    if (this.mustWait(session)) this.hold(this.held, session, bytes)
    else write(session, bytes)
  }

  /** As `send`, behind all that the command which runs has its own session told otherwise. */
  sendLast(session: Session, bytes: Uint8Array): void {
    if (session === this.speaker()) this.hold(this.last, session, bytes)
    else this.send(session, bytes)
  }

  /** Sends what so many get that a copy for each would cost more than the message. */
  share(session: Session, message: Message): void {
    const { protocol } = session.reply
    if (this.mustWait(session)) return this.hold(this.held, session, message.bytesFor(protocol))
    if (session.closing) return
    session.reply.share(message.chunkFor(protocol))
    session.transport.wake()
  }

  /** To be called when no reply is half written. */
  flush(): void {
    if (this.held.size === 0 && this.last.size === 0) return
    const { held, last } = this
    this.held = new Map()
    this.last = new Map()
    for (const queue of [held, last])
      for (const [session, pushes] of queue) for (const bytes of pushes) write(session, bytes)
  }

  /**
   * To be called before a session's command runs: what is told by now stands before the reply. Not where its replies
   * are silenced, as all that was written since the command came is taken back then.
   */
  flushBefore(session: Session): void {
    if ((session.alert & SessionAlert.silent) === 0) this.flush()
  }

  private mustWait(session: Session): boolean {
    return session === this.speaker() || this.held.has(session)
  }

  private hold(queue: Map<Session, Uint8Array[]>, session: Session, bytes: Uint8Array): void {
    const pushes = queue.get(session)
    if (pushes !== undefined) pushes.push(bytes)
    else queue.set(session, [bytes])
    this.wantTurn()
  }
}

function write(session: Session, bytes: Uint8Array): void {
  if (session.closing) return
  session.reply.rawBytes(bytes)
  session.transport.wake()
}
