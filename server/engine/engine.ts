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
import type { ConfigLine } from '../config/file.js'
import type { Clock } from '../lib/clock.js'
import { type Disk, systemDisk } from '../lib/disk.js'
import type { GcWatch } from '../lib/gc-watch.js'
import type { Log } from '../lib/log.js'
import { type ProcessFacts, systemProcess } from '../lib/process-facts.js'
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
import { type Acknowledgements, NO_ACKNOWLEDGEMENTS } from './acknowledgements.js'
import { Changes } from './changes.js'
import { SESSION_BYTES } from './client-memory.js'
import { renameCommands } from './config-statements.js'
import { Context } from './context.js'
import { CrossProtocolGuard } from './cross-protocol.js'
import { DebugSwitches } from './debug-switches.js'
import { EngineAlert, type Gate, gates } from './gates.js'
import { Journal } from './journal.js'
import { LatencyMonitor } from './latency-monitor.js'
import { MemoryAccount } from './memory-account.js'
import { Monitors } from './monitors.js'
import type { InfoSection, Part } from './part.js'
import { ClientPause } from './pause.js'
import { PubSub } from './pubsub.js'
import { Pushes } from './pushes.js'
import { type ClientClass, Session, SessionAlert } from './session.js'
import { SizeLogs, SlowLog } from './slow-log.js'
import { EngineStats } from './stats.js'
import { Stopwatch } from './stopwatch.js'
import { CommandTable, type TableEntry } from './table.js'
import { Transaction } from './transaction.js'
import { OneUser, type Users } from './users.js'
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
  /** The real ones unless replaced. */
  readonly facts?: ProcessFacts
  readonly disk?: Disk
  /** What INFO gc shows; nothing without. */
  readonly gc?: GcWatch
  /** The absolute path of the config file; '' when the server runs without. */
  readonly configFile?: string
  /** Its lines that are no settings. */
  readonly statements?: readonly ConfigLine[]
}

export class Engine {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly config: Config
  readonly facts: ProcessFacts
  readonly disk: Disk
  readonly gc: GcWatch | null
  readonly configFile: string
  readonly statements: readonly ConfigLine[]
  readonly keyspace: Keyspace
  readonly table = new CommandTable()
  readonly chunks = new ChunkPool()
  readonly stats = new EngineStats()
  readonly journal = new Journal()
  readonly watches = new WatchTable()
  readonly waiting = new WaitingRoom()
  readonly pushes = new Pushes(
    () => this.context.session,
    () => this.wantTurn(),
  )
  readonly pubsub = new PubSub(this.pushes)
  readonly slowLog = new SlowLog()
  readonly sizeLogs = new SizeLogs()
  readonly latency = new LatencyMonitor()
  readonly memory = new MemoryAccount(this)
  readonly debug = new DebugSwitches()
  readonly stopwatch = new Stopwatch()
  readonly monitors = new Monitors(this)
  private readonly crossProtocol = new CrossProtocolGuard(this)
  readonly pause: ClientPause
  readonly sessions = new Map<number, Session>()
  readonly infoSections: InfoSection[] = []
  readonly runId: string
  /** The name of this server's history. */
  replicationId: string
  readonly startedAtMs: number
  readonly changes: Changes

  /** Bits of EngineAlert. */
  alert = 0
  /** Bytes of query buffers and queued transactions of all clients: kept by the network. */
  requestBytes = 0
  /** Run at the end of the turn, in order: journal sinks first, the flush of replies last. */
  readonly endOfTurn: (() => void)[] = []
  /** Told when a session becomes as it was when it began (RESET). */
  readonly onReset: ((session: Session) => void)[] = []
  /** Who may come in; the ACL part puts its own list here. */
  users: Users
  /** What HELLO, INFO and ROLE say we are. Set by the replication and sentinel parts. */
  role: 'master' | 'replica' = 'master'
  mode: 'standalone' | 'sentinel' | 'cluster' = 'standalone'
  /** Who has confirmed what clients wrote. Set by the replication part. */
  acknowledgements: Acknowledgements = NO_ACKNOWLEDGEMENTS
  /** Frees memory until the limit holds; false when it cannot. Set by the eviction part. */
  makeRoom: (ctx: Context) => boolean = () => true
  /** Delivers a message to a channel; answers how many got it. */
  publish = (channel: string, message: Uint8Array): number => this.pubsub.publish(channel, message)
  /** Ends the server, and the process where that is ours; answers why not. Set by the entry point. */
  shutdown: (options: ShutdownOptions) => Promise<string | null> = options => this.stop(options)

  /** Calls off a shutdown that waits for replicas; false when there is none. Set by the replication part. */
  abortShutdown: () => boolean = () => false

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
    this.facts = world.facts ?? systemProcess()
    this.disk = world.disk ?? systemDisk()
    this.gc = world.gc ?? null
    this.configFile = world.configFile ?? ''
    this.statements = world.statements ?? []
    this.runId = world.random.hex(40)
    this.startedAtMs = world.clock.wallMs()
    const hashKey = { k0: world.random.uint32() | 0, k1: world.random.uint32() | 0 }
    const { databases } = world.config.values
    this.keyspace = new Keyspace(world.arena ?? new Arena(), world.random, hashKey, databases)
    this.replicationId = world.random.hex(40)
    this.changes = new Changes(this)
    this.keyspace.listener = this.changes
    this.users = new OneUser(world.config)
    this.pause = new ClientPause(this)
    if (world.config.values.clusterEnabled) this.mode = 'cluster'
    this.context = new Context(this)
    for (const part of parts) this.install(part)
    renameCommands(this.table, this.statements)
    this.gates.sort((a, b) => a.order - b.order)
    this.beginTurn()
  }

  /** Lets every part bring in what it keeps, one after the other. */
  async start(): Promise<void> {
    for (const part of this.parts) await part.start?.(this)
  }

  /** Lets every part put away what must be kept: null, or the first reason not to end. `force` ends all the same. */
  async stop(options: ShutdownOptions): Promise<string | null> {
    for (const part of this.parts) {
      const reason = (await part.stop?.(this, options)) ?? null
      if (reason !== null && !options.force) return reason
    }
    return null
  }

  /** Bytes that all clients take: buffers, replies under way, themselves. */
  get clientBytes(): number {
    return this.requestBytes + this.chunks.lent + this.sessions.size * SESSION_BYTES
  }

  // Sessions ------------------------------------------------------------------------------------------------

  /** A new session on database 0. `request`: where its words will stand (a connection's parser has its own). */
  openSession(request = new Request()): Session {
    const session = new Session(this.nextSessionId++, this.keyspace.databases[0], request, this.chunks)
    session.createdAtMs = this.keyspace.now
    session.lastActiveMs = this.keyspace.now
    session.set(SessionAlert.unauthenticated, !this.users.open)
    this.sessions.set(session.id, session)
    return session
  }

  closeSession(session: Session): void {
    session.closing = true
    this.sessions.delete(session.id)
    this.monitors.remove(session)
    this.watches.unwatch(session)
    this.waiting.forget(session)
    this.pubsub.leave(session)
    session.reply.discard()
    this.changes.sessionClosed(session)
  }

  /** Ends a session at once: what it has not got yet is lost. */
  kill(session: Session): void {
    this.closeSession(session)
    session.transport.destroy()
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
    this.keyspace.access.setNow(this.keyspace.now)
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
    this.pushes.flush()
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
    if (this.debug.cronPaused) return
    for (const part of this.parts) part.tick?.(this, now)
  }

  // Commands ------------------------------------------------------------------------------------------------

  /** Runs the command whose words stand in the session's request. Never throws what a client can cause. */
  execute(session: Session): void {
    const ctx = this.context
    const entry = this.find(session.request)
    ctx.session = session
    if (entry instanceof CommandError) {
      this.refuseUnfit(session, entry)
      return
    }
    ctx.entry = entry
    session.lastCommand = entry
    if ((this.alert | session.alert) === 0 && !entry.guarded) {
      if (entry.hot !== null && this.sharing) this.callHot(ctx, entry.hot)
      else this.call(ctx)
      return
    }
    const mark = session.reply.length
    const silent = session.alert & SessionAlert.silent
    if (session.noTouch) this.keyspace.touches = entry.name === 'touch'
    if (this.admit(ctx)) this.call(ctx)
    this.keyspace.touches = true
    if ((this.alert & EngineAlert.sizes) !== 0) this.sizeLogs.offer(ctx, session.reply.length - mark)
    if (silent !== 0 && session.waiting === null) session.silence(mark)
    this.pushes.flush()
  }

  /** The command or subcommand that a request names, if its length is right; else the refusal. */
  find(request: Request): TableEntry | CommandError {
    const entry = this.table.lookup(request.words[0])
    if (entry === null) {
      const words = request.words.slice(1, request.count).map(word => word.latin1())
      return unknownCommand(request.words[0].latin1(), words)
    }
    const { count } = request
    if (entry.isContainer && count > 1) {
      const word = request.words[1].latin1()
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
    ctx.effects = 'received'
    try {
      if (!hot(ctx)) {
        this.call(ctx)
        return
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      reply.error(error)
      this.countErrors(ctx, errors, this.stats.errorReplies)
    }
    if (keyspace.dirty !== dirty) this.journal.received(session.db, session.request)
    session.commands++
    this.stats.commands++
    if (this.stopwatch.share(entry) || reply.length - length > HOT_REPLY_MAX) this.settle()
    if (this.waiting.hasReady) this.afterCommand()
  }

  /** Ends the shared timing of hot commands. */
  settle(): void {
    if (this.stopwatch.unsettled) this.stopwatch.settle(this.lap())
  }

  /** Microseconds since the last look at the clock. */
  private lap(): number {
    const endedUs = this.clock.monotonicUs()
    const microseconds = endedUs - this.startedUs
    this.startedUs = endedUs
    this.stats.commandUs += microseconds
    this.setNow()
    return microseconds
  }

  /** True when hot commands may be timed together. */
  private get sharing(): boolean {
    return this.slowLog.thresholdUs >= SHARING_MIN_US && this.latency.thresholdUs === 0
  }

  /** Runs the context's command and sees to what follows from it. */
  call(ctx: Context): void {
    if (this.stopwatch.unsettled) this.settle()
    const { session, entry, keyspace, reply } = ctx
    const { command } = entry
    const { dirty, now } = keyspace
    const { errors } = reply
    const counted = this.stats.errorReplies
    ctx.effects = 'received'
    this.journal.begin()
    try {
      if (entry.hot === null || !entry.hot(ctx)) command.run(ctx, command.compiled.parse(session.request))
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      reply.error(error)
    }
    if (keyspace.dirty !== dirty && ctx.effects === 'received') this.journal.received(session.db, session.request)
    this.journal.end()
    if (reply.errors !== errors) this.countErrors(ctx, errors, counted)
    if ((this.alert & EngineAlert.monitors) !== 0) this.monitors.feed(ctx)
    session.commands++
    this.stats.commands++
    this.time(ctx, this.lap())
    if (ctx.nested) keyspace.now = now
    else if (this.waiting.hasReady) this.afterCommand()
  }

  private time(ctx: Context, microseconds: number): void {
    ctx.entry.stats.record(microseconds, this.stopwatch.tracking)
    if (microseconds >= this.slowLog.thresholdUs) this.slowLog.offer(ctx, microseconds)
    if (this.latency.thresholdUs > 0) this.latency.command(ctx, microseconds)
  }

  /** Runs the queued commands of a transaction, one after the other, as one unit at one instant. */
  callQueued(ctx: Context, transaction: Transaction): void {
    const { session, entry } = ctx
    const own = session.request
    this.settle()
    ctx.nested = true
    this.journal.begin()
    try {
      for (const queued of transaction.queue) {
        session.request = queued.request
        ctx.entry = queued.entry
        this.call(ctx)
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
    const answer = this.answerTo(session, error)
    session.reply.error(answer)
    this.stats.countError(answer.code)
  }

  /** Refuses what names no command, or has not the length that the command takes. */
  private refuseUnfit(session: Session, error: CommandError): void {
    if (this.crossProtocol.stops(session)) return
    const mark = session.reply.length
    this.refuse(session, error, null)
    session.silence(mark)
  }

  /** The refusal in the words of the command refused, where it has its own. */
  private answerTo(session: Session, error: CommandError): CommandError {
    const entry = this.table.lookup(session.request.words[0])
    const refused = entry?.command.options.refused
    if (entry === null || refused === undefined) return error
    this.context.entry = entry
    return refused(this.context, error)
  }

  /** Serves clients whose keys became ready. */
  afterCommand(): void {
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
    if (transaction !== null && !RUN_IN_MULTI.has(entry.command.fullName)) {
      transaction.add(entry, session.request, ctx.flags)
      session.reply.simple('QUEUED')
      return false
    }
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

  private setNow(): void {
    this.keyspace.now = Math.floor((this.startedUs + this.wallAheadUs) / 1000)
  }

  private install(part: Part): void {
    this.parts.push(part)
    for (const command of part.commands ?? []) this.table.add(command)
    this.gates.push(...(part.gates ?? []))
    this.infoSections.push(...(part.info ?? []))
    part.install?.(this)
  }
}

/** A reply of a hot command longer than this is timed at once: it may be what the time went into. */
const HOT_REPLY_MAX = 16 * 1024
/** Hot commands are timed one by one when the slow log wants commands faster than this. */
const SHARING_MIN_US = 1000

/** Commands that are never queued. */
const RUN_IN_MULTI: ReadonlySet<string> = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset'])

/** How SHUTDOWN was asked for. */
export interface ShutdownOptions {
  readonly save: 'default' | 'save' | 'nosave'
  readonly now: boolean
  readonly force: boolean
  readonly reason: string
}
