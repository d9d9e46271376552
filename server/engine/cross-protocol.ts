/**
 * A web page can make a browser speak to a port of its own machine: `POST / HTTP/1.1`, headers, and a body in which
 * each line is a command. The headers would only be refused one by one, and the body would run. So the first word of
 * such a request ends the connection.
 */

import type { Engine } from './engine.js'
import type { Session } from './session.js'

const LOGGED_EVERY_MS = 60_000

export class CrossProtocolGuard {
  private loggedAtMs = -LOGGED_EVERY_MS

  constructor(private readonly engine: Engine) {}

  /** Ends the session if its request, which names no command, is a line of HTTP. */
  stops(session: Session): boolean {
    const word = session.request.word(0)
    if (!word.is('post') && !word.is('host:')) return false
    this.report(session)
    this.engine.kill(session)
    return true
  }

  private report(session: Session): void {
    const { log, nowMs } = this.engine
    if (nowMs - this.loggedAtMs < LOGGED_EVERY_MS) return
    this.loggedAtMs = nowMs
    log.warning(
      `Possible SECURITY ATTACK detected. ${session.transport.address} sends POST or Host: lines, as a web page does ` +
        'that makes a browser run commands here. Its connection is closed.',
    )
  }
}
