/**
 * The engine: data, command table, sessions, and the parts that rooms bring. How a command runs: executor.ts.
 *
 * It knows no sockets and no files. One engine is one world: nothing in the process is shared between two.
 */

import type { Config } from '../config/config.js'
import type { ConfigLine } from '../config/file.js'
import type { Clock } from '../lib/clock.js'
import { type Disk, systemDisk } from '../lib/disk.js'
import type { GcWatch } from '../lib/gc-watch.js'
import type { Log } from '../lib/log.js'
import type { Network } from '../lib/network.js'
import { type ProcessFacts, systemProcess } from '../lib/process-facts.js'
import type { Random } from '../lib/random.js'
import type { Threads } from '../lib/threads.js'
import { Keyspace } from '../keyspace/keyspace.js'
import { Arena } from '../memory/arena.js'
import { ChunkPool } from '../resp/chunks.js'
import { Lookahead } from '../resp/lookahead.js'
import { Request } from '../resp/request.js'
import { type Acknowledgements, NO_ACKNOWLEDGEMENTS } from './acknowledgements.js'
import { Changes } from './changes.js'
import { SESSION_BYTES } from './client-memory.js'
import { renameCommands } from './renamed-commands.js'
import type { Context } from './context.js'
import { DebugSwitches } from './debug-switches.js'
import { Executor } from './executor.js'
import { FunctionShelf } from './function-shelf.js'
import { Journal } from './journal.js'
import { LateAnswers } from './late-answers.js'
import { LatencyMonitor } from './latency-monitor.js'
import { MemoryAccount } from './memory-account.js'
import { Monitors } from './monitors.js'
import type { InfoSection, Part } from './part.js'
import { ClientPause } from './pause.js'
import { PubSub } from './pubsub.js'
import { Pushes } from './pushes.js'
import { Rooms } from './rooms.js'
import { Session, SessionAlert } from './session.js'
import { SizeLogs, SlowLog } from './slow-log.js'
import { EngineStats } from './stats.js'
import { Stopwatch } from './stopwatch.js'
import { CommandTable } from './table.js'
import { Tracking } from './tracking/tracking.js'
import { TurnClock } from './turn-clock.js'
import { DefaultUser } from './default-user.js'
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
  /** Where work is done beside the loop; without, all is done on it. */
  readonly threads?: Threads
  /** How to call other servers; without, nobody is called. */
  readonly network?: Network
  /** What INFO gc shows; nothing without. */
  readonly gc?: GcWatch
  /** The absolute path of the config file; '' when the server runs without. */
  readonly configFile?: string
  /** Its lines `rename-command`. */
  readonly renames?: readonly ConfigLine[]
}

export class Engine {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly config: Config
  readonly facts: ProcessFacts
  readonly disk: Disk
  readonly threads: Threads | null
  readonly network: Network | null
  readonly gc: GcWatch | null
  readonly configFile: string
  readonly keyspace: Keyspace
  readonly table = new CommandTable()
  readonly chunks = new ChunkPool()
  /** Shared by all connections. */
  readonly lookahead = new Lookahead()
  readonly stats = new EngineStats()
  readonly journal = new Journal()
  readonly watches = new WatchTable()
  readonly waiting = new WaitingRoom((session, error) => {
    this.stats.countError(error.code)
    if (session.lastCommand !== null) session.lastCommand.stats.failed++
  })
  readonly pushes = new Pushes(
    () => this.executor.context.session,
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
  readonly tracking = new Tracking(this)
  readonly pause: ClientPause
  readonly late: LateAnswers
  readonly sessions = new Map<number, Session>()
  readonly infoSections: InfoSection[] = []
  readonly runId: string
  /** The name of this server's history. */
  replicationId: string
  readonly startedAtMs: number
  readonly changes: Changes
  /** What rooms above keep here. */
  readonly rooms = new Rooms()

  /** Bits of EngineAlert: see setAlert. */
  alert = 0
  /** Bytes of query buffers and queued transactions of all clients: kept by the network. */
  requestBytes = 0
  /** Run at the end of the turn, in order: journal sinks first, the flush of replies last. */
  readonly endOfTurn: (() => void)[] = []
  /** Run when the replies are on their way: a slice of what can wait. Who has more asks for another turn. */
  readonly afterTurn: (() => void)[] = []
  /** Told when replicas or disks have confirmed more of what clients wrote. */
  readonly onConfirmed: (() => void)[] = [() => this.waiting.retry('replicas')]
  /** CONFIG RESETSTAT: rooms forget what they have counted. */
  readonly onResetStats: (() => void)[] = []
  /** Told before all databases are emptied at once (FLUSHALL). */
  readonly onFlushAll: (() => void)[] = []
  /** Told when a session becomes as it was when it began (RESET). */
  readonly onReset: ((session: Session) => void)[] = []
  /** Who may come in. */
  readonly defaultUser: DefaultUser
  /** What HELLO, INFO and ROLE say we are. Set by the replication part. */
  role: 'master' | 'replica' = 'master'
  readonly mode: 'standalone' | 'cluster'
  /** Who has confirmed what clients wrote. Set by the replication part. */
  acknowledgements: Acknowledgements = NO_ACKNOWLEDGEMENTS
  /** The libraries of functions, as files keep them. */
  readonly functions = new FunctionShelf()
  /** Frees memory until the limit holds; false when it cannot. Set by the eviction part. */
  makeRoom: (ctx: Context) => boolean = () => true
  /** Delivers a message to a channel; answers how many got it. */
  publish = (channel: string, message: Uint8Array): number => this.pubsub.publish(channel, message)
  /** Ends the server, and the process where that is ours; answers why not. Set by the entry point. */
  shutdown: (options: ShutdownOptions) => Promise<string | null> = options => this.stop(options)

  /** Ends the server at once, as it cannot keep a promise it has made. Set by the entry point. */
  fail: (reason: string) => void = reason =>
    void this.shutdown({ save: 'nosave', now: true, force: true, reason })

  /** An end that a signal asks for: it begins with the next tick. */
  shutdownRequest: ShutdownOptions | null = null

  /** Calls off a shutdown that waits for replicas; false when there is none. Set by the replication part. */
  abortShutdown: () => boolean = () => false

  readonly time: TurnClock
  readonly executor: Executor
  private readonly parts: Part[] = []
  private nextSessionId = 1
  private turnBegun = false
  private turnScheduled = false
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
    this.threads = world.threads ?? null
    this.network = world.network ?? null
    this.gc = world.gc ?? null
    this.configFile = world.configFile ?? ''
    this.runId = this.freshName()
    this.startedAtMs = world.clock.wallMs()
    this.mode = world.config.values.clusterEnabled ? 'cluster' : 'standalone'
    const hashKey = { k0: world.random.uint32() | 0, k1: world.random.uint32() | 0 }
    const { databases } = world.config.values
    this.keyspace = new Keyspace(world.arena ?? new Arena(), world.random, hashKey, databases)
    this.replicationId = this.freshName()
    this.changes = new Changes(this)
    this.keyspace.listener = this.changes
    this.defaultUser = new DefaultUser(world.config)
    this.pause = new ClientPause(this)
    this.late = new LateAnswers(this)
    this.time = new TurnClock(world.clock, this.keyspace)
    this.executor = new Executor(this)
    for (const part of parts) this.install(part)
    renameCommands(this.table, world.renames ?? [])
    this.beginTurn()
  }

  /** Lets every part bring in what it keeps, one after the other. */
  async start(): Promise<void> {
    for (const part of this.parts) await part.start?.(this)
  }

  /** Lets every part put away what must be kept: null, or the first reason not to end. `force` ends all the same. */
  async stop(options: ShutdownOptions): Promise<string | null> {
    const waits = this.parts.flatMap(({ beforeStop }) => beforeStop ?? [])
    const begins = this.parts.flatMap(({ beginStop }) => beginStop ?? [])
    const stops = this.parts.flatMap(({ stop }) => stop ?? [])
    for (const step of [...waits, ...begins, ...stops]) {
      const reason = await step(this, options)
      if (reason === null || options.force) continue
      this.pause.end('shutdown')
      return reason
    }
    return null
  }

  /** Lets every part clear away what is half made, before the process ends without more ado. */
  async abandon(): Promise<void> {
    for (const part of this.parts) await part.abandon?.(this)
  }

  /** Calls off an end that was asked for and has not begun; false when there is none. */
  withdrawShutdown(): boolean {
    if (this.shutdownRequest === null) return false
    this.shutdownRequest = null
    this.log.notice('Shutdown manually aborted.')
    return true
  }

  /** Bytes that all clients take: buffers, replies under way, themselves. */
  get clientBytes(): number {
    return this.requestBytes + this.chunks.lent + this.sessions.size * SESSION_BYTES
  }

  /** For a run, or for a history: 40 random hex digits. */
  freshName(): string {
    return this.random.hex(40)
  }

  /** Raises an alert (see gates.ts), or lets it be. */
  setAlert(alert: number, on: boolean): void {
    this.alert = on ? this.alert | alert : this.alert & ~alert
  }

  // Sessions ------------------------------------------------------------------------------------------------

  /** A new session on database 0. `request`: where its words will stand (a connection's parser has its own). */
  openSession(request = new Request()): Session {
    const session = new Session(this.nextSessionId++, this.keyspace.databases[0], request, this.chunks)
    session.createdAtMs = this.keyspace.now
    session.lastActiveMs = this.keyspace.now
    session.set(SessionAlert.unauthenticated, !this.defaultUser.open)
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
    session.feed?.closed()
    this.changes.sessionClosed(session)
  }

  /** Ends a session at once: what it has not got yet is lost. */
  kill(session: Session): void {
    this.closeSession(session)
    session.transport.destroy()
  }

  // Turns ---------------------------------------------------------------------------------------------------

  /** A turn of the loop begins, or goes on with another connection: the clocks are read. */
  beginTurn(): void {
    if (this.turnBegun) this.time.lap()
    else this.time.begin()
    this.turnBegun = true
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
    this.turnBegun = false
    this.stats.turns++
    this.pushes.flush()
    for (const step of this.endOfTurn) step()
    for (const step of this.afterTurn) step()
  }

  /** Monotonic ms, as of the last reading. */
  get nowMs(): number {
    return this.time.nowMs
  }

  /** Runs the parts' ticks: `hz` times a second. */
  tick(): void {
    this.beginTurn()
    const now = this.keyspace.now
    this.waiting.tick(this.nowMs)
    this.executor.serveReady()
    if (this.debug.cronPaused) return
    for (const part of this.parts) part.tick?.(this, now)
    this.serveShutdownRequest()
  }

  private serveShutdownRequest(): void {
    const options = this.shutdownRequest
    this.shutdownRequest = null
    if (options !== null) void this.shutdown(options)
  }

  // Commands ------------------------------------------------------------------------------------------------

  /** Runs the command whose words stand in the session's request. Never throws what a client can cause. */
  execute(session: Session): void {
    this.executor.execute(session)
  }

  /** Ends a row of hot commands: to be called when a client's requests have run, before their bytes go. */
  settle(): void {
    this.executor.settle()
  }

  private install(part: Part): void {
    this.parts.push(part)
    for (const command of part.commands ?? []) this.table.add(command)
    this.executor.addGates(part.gates ?? [])
    this.infoSections.push(...(part.info ?? []))
    part.install?.(this)
  }
}

/** How SHUTDOWN was asked for. */
export interface ShutdownOptions {
  readonly save: 'default' | 'save' | 'nosave'
  readonly now: boolean
  readonly force: boolean
  readonly reason: string
}
