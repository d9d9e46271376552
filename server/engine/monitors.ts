/**
 * MONITOR: every command as it has just run, to those who watch.
 *
 *      1339518083.107412 [0 127.0.0.1:60866] "keys" "*"
 *      1339518087.877697 [0 lua] "set" "k" "v"
 *      1339518089.123456 [0 unix:/run/redis.sock] "auth" "(redacted)"
 *
 * A command is shown after it has run (EXEC after the commands it ran, SELECT with the database it chose), except
 * where a command must stand before those it runs: scripts are flagged `skip_monitor` and shown by their own room.
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
    this.engine.alert |= EngineAlert.monitors
  }

  remove(session: Session): void {
    if (!this.sessions.delete(session)) return
    session.monitor = false
    if (this.sessions.size === 0) this.engine.alert &= ~EngineAlert.monitors
  }

  /** Shows the context's command, if it is one to be shown. */
  feed(ctx: Context): void {
    const { command, engine } = ctx
    if (command.has('skip_monitor') || command.has('admin')) return
    if ((engine.alert & EngineAlert.loading) !== 0) return
    this.show(ctx, originOf(ctx))
  }

  /** Shows the context's command as coming from `origin`: an address, or `lua`. */
  show(ctx: Context, origin: string): void {
    if (this.sessions.size === 0) return
    const head = `+${timestamp(this.engine.clock.wallUs())} [${ctx.db.index} ${origin}]`
    const bytes = line(head, shownWords(ctx, Infinity, WORD_BYTES_MAX))
    for (const session of this.sessions) {
      if (!session.replyOff) this.engine.pushes.send(session, bytes)
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
