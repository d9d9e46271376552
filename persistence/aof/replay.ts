/**
 * Runs the commands of a log on the data, in the session of nobody.
 *
 * They have been through the gates when they were written, so none is asked now; nothing is journaled, timed or
 * counted. The commands of a transaction are kept until its EXEC and run then: the end of a log may have cut it off,
 * and then none of them was ever acknowledged.
 */

import type { Engine } from '../../server/engine/engine.js'
import { type Session, SessionAlert } from '../../server/engine/session.js'
import type { TableEntry } from '../../server/engine/table.js'
import { CommandError } from '../../server/resp/errors.js'
import type { Request } from '../../server/resp/request.js'

interface Kept {
  readonly entry: TableEntry
  readonly request: Request
}

/** A log that asks for what there is not. */
export class UnknownCommandError extends Error {}

export class Replay {
  readonly session: Session
  private unit: Kept[] | null = null

  constructor(private readonly engine: Engine) {
    this.session = engine.openSession()
    this.session.trusted = true
    this.session.set(SessionAlert.unauthenticated, false)
  }

  /** True between a MULTI and its EXEC. */
  get inUnit(): boolean {
    return this.unit !== null
  }

  /** The command whose words stand in the session's request. Throws UnknownCommandError. */
  take(): void {
    const { request } = this.session
    const entry = this.engine.executor.find(request)
    if (entry instanceof CommandError) {
      throw new UnknownCommandError(`Unknown command '${request.word(0).latin1()}'`)
    }
    if (entry.name === 'multi') this.unit ??= []
    else if (entry.name === 'exec') this.runUnit()
    else if (this.unit !== null) this.unit.push({ entry, request: request.clone() })
    else this.run(entry, request)
  }

  /** What began and did not end has never happened. */
  dropUnit(): void {
    this.unit = null
  }

  close(): void {
    this.engine.closeSession(this.session)
  }

  private runUnit(): void {
    const unit = this.unit ?? []
    this.unit = null
    const own = this.session.request
    for (const { entry, request } of unit) this.run(entry, request)
    this.session.request = own
  }

  private run(entry: TableEntry, request: Request): void {
    const { session, engine } = this
    const ctx = engine.executor.context
    session.request = request
    ctx.session = session
    ctx.entry = entry
    ctx.effects = 'none'
    ctx.nested = true
    try {
      if (entry.hot === null || !entry.hot(ctx)) entry.command.run(ctx, entry.command.compiled.parse(request))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.warn(entry, error)
    } finally {
      ctx.nested = false
    }
    if (session.reply.length > 0) session.reply.rewind(0)
  }

  /** It did not fail when it was written: the data differs from what it was. */
  private warn({ command }: TableEntry, { line }: CommandError): void {
    this.engine.log.warning(
      `== CRITICAL == This server is sending an error to its AOF-loading-client: '${line}' after processing the ` +
        `command '${command.fullName}'`,
    )
  }
}
