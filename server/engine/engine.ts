/**
 * The engine: data, table, sessions, and the one path by which a command runs.
 *
 *      lookup -> arity -> gates (only when something is unusual) -> run -> journal -> wake the waiting
 *
 * It knows no sockets and no files. One engine is one world: nothing in the process is shared between two.
 *
 * Time. The clock is read once per turn and once after every command; the end of one command is the beginning
 * of the next. `keyspace.now` is frozen while a command runs, and while a whole transaction does.
 */

import type { Config } from '../config/config.js'
import type { Clock } from '../lib/clock.js'
import type { Log } from '../lib/log.js'
import type { Random } from '../lib/random.js'
import { Keyspace } from '../keyspace/keyspace.js'
import { Arena } from '../memory/arena.js'
import { ChunkPool } from '../resp/chunks.js'
import {
  CommandError,
  type CommandError as Refusal,
  unknownCommand,
  unknownSubcommand,
  wrongArity,
} from '../resp/errors.js'
import { Request } from '../resp/request.js'
import { Changes } from './changes.js'
import { Context } from './context.js'
import { type Gate, gates } from './gates.js'
import { Journal } from './journal.js'
import { LatencyMonitor } from './latency-monitor.js'
import type { InfoSection, Part } from './part.js'
import { type ClientClass, Session, SessionAlert } from './session.js'
import { SlowLog } from './slow-log.js'
import { EngineStats } from './stats.js'
import { CommandTable, type TableEntry } from './table.js'
import { Transaction } from './transaction.js'
import { WaitingRoom } from './waiting.js'
import { WatchTable } from './watch.js'

/** What an engine stands on. */
export interface World {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly config: Config
  /** A verified arena in tests. */
  readonly arena?: Arena
}

export class Engine {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly config: Config
  readonly keyspace: Keyspace
  readonly table = new CommandTable()
  readonly chunks = new ChunkPool()
  readonly stats = new EngineStats()
  readonly journal = new Journal()
  readonly watches = new WatchTable()
  readonly waiting = new WaitingRoom()
  readonly slowLog = new SlowLog()
  readonly latency = new LatencyMonitor()
  readonly sessions = new Map<number, Session>()
  readonly infoSections: InfoSection[] = []
  readonly runId: string
  readonly startedAtMs: number
  readonly changes: Changes

  /** Bits of EngineAlert. */
  alert = 0
  /** Bytes of output and query buffers of all clients, kept by the network. */
  clientBytes = 0
  /** Run at the end of the turn, in order: journal sinks first, the flush of replies last. */
  readonly endOfTurn: (() => void)[] = []
  /** Told of every command before it runs, while there are monitors. */
  readonly monitors = new Set<Session>()
  /** Frees memory until the limit holds; false when it cannot. Set by the eviction part. */
  makeRoom: (ctx: Context) => boolean = () => true
  /** Shows a command to the monitors. Set by the part that has MONITOR. */
  feedMonitors: (ctx: Context) => void = () => undefined
  /** Delivers a message to a channel; answers how many got it. Set by the pub/sub part. */
  publish: (channel: string, message: Uint8Array) => number = () => 0
  /** Ends the process or the embedded server. Set by the entry point. */
  shutdown: (options: ShutdownOptions) => void = () => undefined

  private readonly context: Context
  private readonly gates: Gate[] = [...gates]
  private readonly parts: Part[] = []
  private nextSessionId = 1
  private turnScheduled = false
  /** Monotonic us at which the command that runs began. */
  private startedUs = 0
  private wallAheadUs = 0
  private readonly turnEnd = (): void => {
    this.turnScheduled = false
    this.finishTurn()
  }

  constructor(world: World, parts: readonly Part[]) {
    this.clock = world.clock
    this.random = world.random
    this.log = world.log
    this.config = world.config
    this.runId = world.random.hex(40)
    this.startedAtMs = world.clock.wallMs()
    const hashKey = { k0: world.random.uint32() | 0, k1: world.random.uint32() | 0 }
    const { databases } = world.config.values
    this.keyspace = new Keyspace(world.arena ?? new Arena(), world.random, hashKey, databases)
    this.changes = new Changes(this)
    this.keyspace.listener = this.changes
    this.context = new Context(this)
    for (const part of parts) this.install(part)
    this.gates.sort((a, b) => a.order - b.order)
    this.beginTurn()
  }

  // Sessions ------------------------------------------------------------------------------------------------

  /** A new session on database 0. `request`: where its words will stand (a connection's parser has its own). */
  openSession(request = new Request()): Session {
    const session = new Session(this.nextSessionId++, this.keyspace.databases[0], request, this.chunks)
    session.createdAtMs = this.keyspace.now
    session.lastActiveMs = this.keyspace.now
    this.sessions.set(session.id, session)
    return session
  }

  closeSession(session: Session): void {
    session.closing = true
    this.sessions.delete(session.id)
    this.monitors.delete(session)
    this.watches.unwatch(session)
    this.waiting.forget(session)
    session.reply.discard()
    this.changes.sessionClosed(session)
  }

  /** The class whose output limits apply to a session. */
  classOf(session: Session): ClientClass {
    return session.class
  }

  // Turns ---------------------------------------------------------------------------------------------------

  /** A turn of the loop begins, or goes on with another connection: the clocks are read. */
  beginTurn(): void {
    const { clock } = this
    this.startedUs = clock.monotonicUs()
    this.wallAheadUs = clock.wallMs() * 1000 - this.startedUs
    this.setNow()
    this.wantTurn()
  }

  /** Makes sure that the present turn will have an end. */
  wantTurn(): void {
    if (this.turnScheduled) return
    this.turnScheduled = true
    this.clock.soon(this.turnEnd)
  }

  /** Hands over what the turn produced: to the disk, to the replicas, to the clients. */
  finishTurn(): void {
    this.stats.turns++
    for (const step of this.endOfTurn) step()
  }

  /** Monotonic ms, as of the last reading. */
  get nowMs(): number {
    return this.startedUs / 1000
  }

  /** Runs the parts' ticks: `hz` times a second. */
  tick(): void {
    this.beginTurn()
    const now = this.keyspace.now
    this.waiting.tick(this.nowMs)
    for (const part of this.parts) part.tick?.(this, now)
  }

  // Commands ------------------------------------------------------------------------------------------------

  /** Runs the command whose words stand in the session's request. Never throws what a client can cause. */
  execute(session: Session): void {
    const ctx = this.context
    const entry = this.find(session.request)
    ctx.session = session
    if (entry instanceof CommandError) {
      this.refuse(session, entry, null)
      return
    }
    ctx.entry = entry
    session.lastCommand = entry
    const silent = session.alert & SessionAlert.silent
    const mark = silent === 0 ? 0 : session.reply.length
    if ((this.alert | session.alert) !== 0 || entry.command.has('protected')) {
      if (this.admit(ctx)) this.call(ctx)
    } else {
      this.call(ctx)
    }
    if (silent !== 0) this.silence(session, mark)
  }

  /** The command or subcommand that a request names, if its length is right; else the refusal. */
  find(request: Request): TableEntry | CommandError {
    const entry = this.table.lookup(request.words[0])
    if (entry === null) {
      const words = request.words.slice(1, request.count).map(word => word.latin1())
      return unknownCommand(request.words[0].latin1(), words)
    }
    const { count } = request
    if (entry.subcommands.size > 0 && count > 1) {
      const word = request.words[1].latin1()
      const sub = entry.subcommands.get(word.toLowerCase())
      if (sub === undefined) return unknownSubcommand(word, entry.name)
      return sub.command.takes(count) ? sub : this.wrongLength(sub)
    }
    return entry.command.takes(count) ? entry : this.wrongLength(entry)
  }

  /** Runs the context's command and sees to what follows from it. */
  call(ctx: Context): void {
    const { session, entry, keyspace, reply } = ctx
    const { command, stats } = entry
    const dirty = keyspace.dirty
    const errors = reply.errors
    const failed = this.stats.errorReplies
    ctx.effects = 'received'
    this.journal.begin()
    try {
      if (command.hot === null || !command.hot(ctx)) command.run(ctx, command.compiled.parse(session.request))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      reply.error(error)
    }
    if (keyspace.dirty !== dirty && ctx.effects === 'received' && !ctx.nested) {
      this.journal.received(session.db, session.request)
    }
    this.journal.end()
    const endedUs = this.clock.monotonicUs()
    const microseconds = endedUs - this.startedUs
    this.startedUs = endedUs
    stats.record(microseconds, this.config.values.latencyTracking)
    if (reply.errors !== errors) this.countErrors(ctx, errors, failed)
    session.commands++
    this.stats.commands++
    this.stats.commandUs += microseconds
    if (microseconds >= this.slowLog.thresholdUs) this.slowLog.offer(ctx, microseconds)
    if (this.latency.thresholdUs > 0) this.latency.command(ctx, microseconds)
    if (!ctx.nested) this.afterCommand()
  }

  /** Runs the queued commands of a transaction, one after the other, as one unit at one instant. */
  callQueued(ctx: Context, transaction: Transaction): void {
    const { session, entry } = ctx
    const own = session.request
    ctx.nested = true
    this.journal.begin(true)
    try {
      for (const queued of transaction.queue) {
        session.request = queued.request
        ctx.entry = queued.entry
        this.callNested(ctx)
      }
    } finally {
      this.journal.end()
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
    session.reply.error(error)
    this.stats.countError(error.code)
  }

  /** Serves clients whose keys became ready. */
  afterCommand(): void {
    if (this.startedUs > 0) this.setNow()
    if (!this.waiting.hasReady) return
    this.waiting.serveReady((client, serve) => {
      const ctx = this.context
      ctx.session = client.session
      ctx.effects = 'none'
      this.journal.begin()
      const served = serve()
      this.journal.end()
      return served
    })
  }

  private callNested(ctx: Context): void {
    const { session, keyspace } = ctx
    const dirty = keyspace.dirty
    this.call(ctx)
    if (keyspace.dirty !== dirty && ctx.effects === 'received') this.journal.received(session.db, session.request)
  }

  /** Asks the gates; queues into a transaction. True when the command is to run now. */
  private admit(ctx: Context): boolean {
    const { session, entry } = ctx
    for (const gate of this.gates) {
      const refusal = gate.check(ctx)
      if (refusal !== null) {
        this.refuse(session, refusal, entry)
        return false
      }
      if (session.waiting !== null) return false
    }
    const { transaction } = session
    if (transaction !== null && !RUN_IN_MULTI.has(entry.command.name)) {
      transaction.add(entry, session.request)
      session.reply.simple('QUEUED')
      return false
    }
    if (this.monitors.size > 0) this.feedMonitors(ctx)
    return true
  }

  private wrongLength(entry: TableEntry): CommandError {
    entry.stats.rejected++
    return wrongArity(entry.command.fullName)
  }

  /** Errors written by the command itself; those of nested commands are counted there. */
  private countErrors(ctx: Context, before: number, counted: number): void {
    const { reply, entry } = ctx
    const already = this.stats.errorReplies - counted
    const error = reply.lastError as Refusal | null
    if (error === null || reply.errors - before <= already) return
    entry.stats.failed++
    this.stats.countError(error.code)
  }

  private silence(session: Session, mark: number): void {
    if (session.replyOff || session.skipReply) session.reply.rewind(mark)
    session.skipReply = session.skipNextReply
    session.skipNextReply = false
    session.set(SessionAlert.silent, session.replyOff || session.skipReply)
  }

  private setNow(): void {
    this.keyspace.now = Math.floor((this.startedUs + this.wallAheadUs) / 1000)
    this.keyspace.access.setNow(this.keyspace.now)
  }

  private install(part: Part): void {
    this.parts.push(part)
    for (const command of part.commands ?? []) this.table.add(command)
    this.gates.push(...(part.gates ?? []))
    this.infoSections.push(...(part.info ?? []))
    part.install?.(this)
  }
}

/** Commands that are never queued. */
const RUN_IN_MULTI: ReadonlySet<string> = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset'])

/** How SHUTDOWN was asked for. */
export interface ShutdownOptions {
  readonly save: 'default' | 'save' | 'nosave'
  readonly now: boolean
  readonly force: boolean
  readonly reason: string
}
