/**
 * MONITOR: every command as it has just run, to those who watch.
 *
 *      1339518083.107412 [0 127.0.0.1:60866] "keys" "*"
 *      1339518089.123456 [0 unix:/run/redis.sock] "auth" "(redacted)"
 *
 * A command is shown after it has run (EXEC after the commands it ran, SELECT with the database it chose).
 * Administrative commands are never shown, as they carry secrets.
 */

import { quoteWord } from '../lib/words.js'
import type { Context } from './context.js'
import type { Engine } from './engine.js'
import { EngineAlert } from './gates.js'
import type { Session } from './session.js'
import { shownWords } from './shown-words.js'

/** Nobody reads more of a word. */
const WORD_BYTES_MAX = 1024 * 1024

export class Monitors {
  private readonly sessions = new Set<Session>()

  constructor(private readonly engine: Engine) {}

  get size(): number {
    return this.sessions.size
  }

  add(session: Session): void {
    session.monitor = true
    this.sessions.add(session)
    this.engine.setAlert(EngineAlert.monitors, true)
  }

  remove(session: Session): void {
    if (!this.sessions.delete(session)) return
    session.monitor = false
    this.engine.setAlert(EngineAlert.monitors, this.sessions.size > 0)
  }

  /** Shows the context's command, if it is one to be shown. */
  feed(ctx: Context): void {
    const { command, engine } = ctx
    if (command.has('admin') || (engine.alert & EngineAlert.loading) !== 0) return
    const head = `+${timestamp(engine.clock.wallUs())} [${ctx.db.index} ${originOf(ctx)}]`
    const bytes = line(head, shownWords(ctx, Infinity, WORD_BYTES_MAX))
    for (const session of this.sessions) {
      if (!session.replyOff) engine.pushes.send(session, bytes)
    }
  }
}

/** Put together as bytes: a million words may be more than a string can hold. */
function line(head: string, words: readonly string[]): Buffer {
  const quoted = words.map(word => ` ${quoteWord(word)}`)
  return Buffer.concat([head, ...quoted, '\r\n'].map(text => Buffer.from(text, 'latin1')))
}

function originOf({ session, config }: Context): string {
  const { kind, address } = session.transport
  return kind === 'unix' ? `unix:${config.values.unixsocket}` : address
}

/** Unix time in seconds with six decimals. */
function timestamp(us: number): string {
  return `${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, '0')}`
}
