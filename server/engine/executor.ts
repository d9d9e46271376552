/**
 * The one path by which a command runs.
 *
 *      lookup -> arity -> gates (only when something is unusual) -> run -> journal -> wake the waiting
 *
 * Every client's every command comes through `execute`; the commands of a transaction, after their queueing,
 * through `callQueued`. What a command caused (an effect to journal, errors to count, clients to wake) is seen to
 * here, once, so that no command can forget it.
 */

import { isStringOverflow } from '../lib/bytes.js'
import {
  CommandError,
  STRING_TOO_LONG,
  unknownCommand,
  unknownSubcommand,
  wrongArity,
} from '../resp/errors.js'
import type { Request } from '../resp/request.js'
import { Context } from './context.js'
import { CrossProtocolGuard } from './cross-protocol.js'
import type { Engine } from './engine.js'
import { EngineAlert, type Gate, gates } from './gates.js'
import { type Session, SessionAlert } from './session.js'
import { TableEntry } from './table.js'
import type { Transaction } from './transaction.js'
import type { WaitingClient } from './waiting.js'

/** A reply of a hot command longer than this is timed at once: it may be what the time went into. */
const HOT_REPLY_MAX = 16 * 1024
/** Hot commands are timed one by one when the slow log wants commands faster than this. */
const SHARING_MIN_US = 1000
/** Refusals quote no more bytes than this, nor more words; and no name is as long. */
const SHOWN_MAX = 128

/** What becomes of a command that has passed the gates, or has not. */
type Fate = 'now' | 'later' | 'answered'

/** Commands that are never queued. */
const RUN_IN_MULTI: ReadonlySet<string> = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset'])

export class Executor {
  /** Pointed at each command in turn. */
  readonly context: Context
  private readonly gates: Gate[] = [...gates]
  private readonly crossProtocol: CrossProtocolGuard

  constructor(private readonly engine: Engine) {
    this.context = new Context(engine)
    this.crossProtocol = new CrossProtocolGuard(engine)
  }

  addGates(more: readonly Gate[]): void {
    this.gates.push(...more)
    this.gates.sort((a, b) => a.order - b.order)
  }

  /** Runs the command whose words stand in the session's request. Never throws what a client can cause. */
  execute(session: Session): void {
    const ctx = this.context
    const entry = this.find(session.request)
    ctx.session = session
    // Asked of the class that it nearly always is: a no goes through all prototypes first, at every command.
    if (!(entry instanceof TableEntry)) {
      this.refuseUnfit(session, entry)
      return
    }
    ctx.entry = entry
    session.lastCommand = entry
    if ((this.engine.alert | session.alert) === 0 && !entry.guarded) {
      if (entry.hot !== null && this.sharing) this.callHot(ctx, entry.hot)
      else this.call(ctx)
      return
    }
    const mark = session.reply.length
    const silent = session.alert & SessionAlert.silent
    if (silent !== 0) session.reply.mute()
    if (session.noTouch) this.engine.keyspace.touches = entry.name === 'touch'
    // Gates may ask how far the history is.
    this.engine.journal.settle()
    const fate = this.admit(ctx)
    if (fate === 'now') this.call(ctx)
    this.engine.keyspace.touches = true
    if (silent !== 0) session.reply.unmute()
    if (fate === 'later') return
    if ((this.engine.alert & EngineAlert.sizes) !== 0)
      this.engine.sizeLogs.offer(ctx, session.reply.length - mark)
    if (silent !== 0 && session.waiting === null) session.silence(mark)
    if ((session.alert & SessionAlert.tracking) !== 0) this.endTracked(session, entry)
    this.engine.pushes.flush()
  }

  /** The command or subcommand that a request names, if its length is right; else the refusal. */
  find(request: Request): TableEntry | CommandError {
    const entry = this.engine.table.lookup(request.word(0))
    if (entry === null) {
      const words = request.list(1, Math.min(request.count, SHOWN_MAX))
      return unknownCommand(
        request.word(0).prefix(SHOWN_MAX),
        words.map(word => word.prefix(SHOWN_MAX)),
      )
    }
    const { count } = request
    if (entry.isContainer && count > 1) {
      const word = request.word(1).prefix(SHOWN_MAX)
      const sub = entry.subcommands.get(word.toLowerCase())
      if (sub === undefined) return unknownSubcommand(word, entry.name)
      return sub.command.takes(count) ? sub : this.wrongLength(sub)
    }
    return entry.command.takes(count) ? entry : this.wrongLength(entry)
  }

  /**
   * The short way for the hottest commands: their hand-written path, no option of which can surprise, timed together
   * with their neighbours.
   */
  private callHot(ctx: Context, hot: (ctx: Context) => boolean): void {
    const { session, entry, keyspace } = ctx
    const { reply } = session
    const { dirty } = keyspace
    const { errors, length } = reply
    const { journal } = this.engine
    let suits = true
    ctx.effects = 'received'
    journal.begin()
    try {
      suits = hot(ctx)
      if (keyspace.dirty !== dirty && ctx.effects === 'received')
        journal.received(session.db, session.request)
    } catch (error) {
      reply.error(refusalIn(error))
      this.countErrors(ctx, errors, this.engine.stats.errorReplies)
    } finally {
      journal.end()
    }
    if (!suits) {
      this.call(ctx, null)
      return
    }
    session.commands++
    this.engine.stats.commands++
    if (this.engine.stopwatch.share(entry) || reply.length - length > HOT_REPLY_MAX) this.settle()
    this.serveReady()
  }

  /** Ends a row of hot commands: they are timed together, and journaled together. */
  settle(): void {
    this.engine.journal.settle()
    if (this.engine.stopwatch.unsettled) this.engine.stopwatch.settle(this.lap())
  }

  /** True when hot commands may be timed together. */
  private get sharing(): boolean {
    return this.engine.slowLog.thresholdUs >= SHARING_MIN_US && this.engine.latency.thresholdUs === 0
  }

  /** Runs the context's command and sees to what follows from it. `hot`: null when that path was tried. */
  call(ctx: Context, hot = ctx.entry.hot): void {
    this.settle()
    const { session, entry, keyspace, reply } = ctx
    const { command } = entry
    const { dirty, now } = keyspace
    const { errors } = reply
    const counted = this.engine.stats.errorReplies
    ctx.effects = 'received'
    this.engine.journal.begin()
    try {
      if (hot === null || !hot(ctx)) command.run(ctx, command.compiled.parse(session.request))
    } catch (error) {
      reply.error(refusalIn(error))
    }
    if (keyspace.dirty !== dirty && ctx.effects === 'received')
      this.engine.journal.received(session.db, session.request)
    this.engine.journal.end()
    if (reply.errors !== errors) this.countErrors(ctx, errors, counted)
    if ((session.alert & SessionAlert.tracking) !== 0) this.engine.tracking.commandRan(ctx)
    if ((this.engine.alert & EngineAlert.monitors) !== 0) this.engine.monitors.feed(ctx)
    session.commands++
    this.engine.stats.commands++
    this.record(ctx, this.lap())
    if (ctx.nested) keyspace.now = now
    else this.serveReady()
  }

  private record(ctx: Context, microseconds: number): void {
    ctx.entry.stats.record(microseconds, this.engine.stopwatch.tracking)
    // One that waits is logged when it has been served.
    if (ctx.session.waiting === null) this.logSlow(ctx, microseconds)
    if (this.engine.latency.thresholdUs > 0) this.engine.latency.command(ctx, microseconds)
  }

  private logSlow(ctx: Context, microseconds: number): void {
    if (microseconds >= this.engine.slowLog.thresholdUs) this.engine.slowLog.offer(ctx, microseconds)
  }

  /** Runs the queued commands of a transaction, one after the other, as one unit at one instant. */
  callQueued(ctx: Context, transaction: Transaction): void {
    const { session, entry } = ctx
    const own = session.request
    this.settle()
    ctx.nested = true
    this.engine.journal.begin()
    try {
      transaction.each((entry, request) => {
        session.request = request
        ctx.entry = entry
        this.call(ctx)
      })
    } finally {
      this.engine.journal.end()
      ctx.nested = false
      ctx.entry = entry
      session.request = own
      ctx.effects = 'none'
    }
  }

  /** Refuses a command before it ran. */
  refuse(session: Session, error: CommandError, entry: TableEntry | null): void {
    if (session.transaction !== null) session.transaction.aborted = true
    if (entry !== null) entry.stats.rejected++
    const answer = this.answerTo(session, error)
    session.reply.error(answer)
    this.engine.stats.countError(answer.code)
  }

  /** Refuses what names no command, or has not the length that the command takes. */
  private refuseUnfit(session: Session, error: CommandError): void {
    if (this.crossProtocol.stops(session)) return
    const mark = session.reply.length
    this.refuse(session, error, null)
    session.silence(mark)
    this.endTracked(session, null)
  }

  private endTracked(session: Session, entry: TableEntry | null): void {
    this.engine.tracking.commandEnded(session, entry?.command.parent?.name === 'client')
  }

  /** The refusal in the words of the command refused, where it has its own. */
  private answerTo(session: Session, error: CommandError): CommandError {
    const entry = this.engine.table.lookup(session.request.word(0))
    const refused = entry?.command.options.refused
    if (entry === null || refused === undefined) return error
    this.context.entry = entry
    return refused(this.context, error)
  }

  /** Serves clients whose keys became ready: after a command, and when a tick made them so. */
  serveReady(): void {
    if (!this.engine.waiting.hasReady) return
    const { session, entry } = this.context
    this.engine.journal.settle()
    this.engine.waiting.serveReady((client, serve) => this.goOn(client, serve))
    this.context.session = session
    this.context.entry = entry
  }

  /** A command that waited goes on, as a unit of its own, if it still may: much may have changed since it came. */
  private goOn({ session, request }: WaitingClient, serve: () => boolean): boolean {
    const ctx = this.context
    const own = session.request
    ctx.session = session
    ctx.entry = session.lastCommand ?? ctx.entry
    ctx.effects = 'none'
    session.request = request ?? own
    this.engine.journal.begin()
    try {
      const refusal = this.refusalToGoOn(ctx)
      if (refusal !== null) throw refusal
      const served = serve()
      if (served) this.logSlow(ctx, this.lap())
      return served
    } catch (error) {
      const refusal = refusalIn(error)
      session.reply.error(refusal)
      ctx.entry.stats.failed++
      this.engine.stats.countError(refusal.code)
      return true
    } finally {
      this.engine.journal.end()
      session.request = own
    }
  }

  private refusalToGoOn(ctx: Context): CommandError | null {
    if ((this.engine.alert | ctx.session.alert) === 0 && !ctx.entry.guarded) return null
    for (const gate of this.gates) {
      const refusal = gate.onlyWhenItComes === true ? null : gate.check(ctx)
      if (refusal instanceof CommandError) return refusal
    }
    return null
  }

  /** Asks the gates; queues into a transaction. */
  private admit(ctx: Context): Fate {
    const { session, entry } = ctx
    for (const gate of this.gates) {
      const refusal = gate.check(ctx)
      if (refusal === null) continue
      if (refusal === 'later') return 'later'
      this.refuse(session, refusal, entry)
      return 'answered'
    }
    const { transaction } = session
    if (transaction !== null && !RUN_IN_MULTI.has(entry.command.fullName)) {
      transaction.add(entry, session.request)
      session.reply.simple('QUEUED')
      return 'answered'
    }
    return 'now'
  }

  private wrongLength(entry: TableEntry): CommandError {
    entry.stats.rejected++
    return wrongArity(entry.command.fullName)
  }

  /** Errors written by the command itself; those of nested commands are counted there. */
  private countErrors(ctx: Context, before: number, counted: number): void {
    const { reply, entry } = ctx
    const already = this.engine.stats.errorReplies - counted
    const error = reply.lastError
    if (error === null || reply.errors - before <= already) return
    entry.stats.failed++
    this.engine.stats.countError(error.code)
  }

  /** Microseconds since the last look at the clock. */
  private lap(): number {
    const microseconds = this.engine.time.lap()
    this.engine.stats.commandUs += microseconds
    return microseconds
  }
}

/** The refusal that was thrown. Whatever else is, is a fault of ours, but for a word that had to become a string. */
function refusalIn(thrown: unknown): CommandError {
  if (thrown instanceof CommandError) return thrown
  if (isStringOverflow(thrown)) return STRING_TOO_LONG
  throw thrown
}
