/**
 * Redstart inside your own process: for tests, for tools, for applications that want a Redis without installing
 * one.
 *
 *     import { startServer } from 'redstart'
 *
 *     await using server = await startServer()
 *     await server.execute(['SET', 'greeting', 'hello'])
 *     const client = new Redis(server.url)
 *
 * Any number of servers can run in one process; they share nothing. A server leaves the process alone: no signal
 * handlers, no change of the working folder or the title, nothing on standard output unless asked for.
 */

import { Config } from './config/config.js'
import { ConfigFileError } from './config/file.js'
import { keepRenames } from './engine/renamed-commands.js'
import type { ShutdownOptions } from './engine/engine.js'
import { type Clock, systemClock } from './lib/clock.js'
import { systemDisk } from './lib/disk.js'
import { systemThreads } from './lib/threads.js'
import { createLog, type Log, type LogLevel, silentLog } from './lib/log.js'
import { systemNetwork } from './lib/network.js'
import { systemProcess } from './lib/process-facts.js'
import { systemRandom } from './lib/random.js'
import { quoteWord } from './lib/words.js'
import { InsideClient, type Reply, type Word } from './net/inside-client.js'
import { parts } from './parts.js'
import { HEADROOM, READ_BYTES } from './resp/parser.js'
import { Server } from './server.js'

export { ReplyError, type Reply, type Word } from './net/inside-client.js'
export type { Log, LogLevel } from './lib/log.js'

/** The value of a directive of redis.conf. A list stands for several words: `{ save: [3600, 1] }`. */
export type Setting = string | number | boolean | readonly (string | number)[]

export interface ServerOptions {
  /** The TCP port; 0 (the default) is any that is free, false is none. */
  readonly port?: number | false
  /** The address or name to listen on; `127.0.0.1` unless told otherwise. */
  readonly host?: string
  /** The path of a unix socket to listen on as well. */
  readonly unixSocket?: string
  /**
   * Any other directive of redis.conf, by its name. Two defaults differ from redis.conf: `save` is empty, so that
   * nothing is written to disk unless you say so, and `bind` is `host`. Nothing is read from there either, unless
   * `save`, `appendonly`, `dir` or `dbfilename` is given.
   */
  readonly config?: Readonly<Record<string, Setting>>
  /** Where the log goes: nowhere (the default), to standard output from this level on, or to you. */
  readonly log?: 'silent' | LogLevel | Log
}

export interface ExecuteOptions {
  /** Replies hold Buffers where they would hold strings: for bytes that are no UTF-8. */
  readonly buffers?: boolean
}

/** A session of its own: database, transaction and watched keys belong to it. */
export interface ServerSession extends Disposable {
  /**
   * Runs one command and resolves to its reply, in the shapes of RESP2. Rejects with a ReplyError when the reply
   * is an error, and with another Error when the session has ended. Commands run in the order of the calls;
   * behind one that waits (BLPOP) the next ones wait. Commands that answer later or not at all (SUBSCRIBE,
   * MONITOR, CLIENT REPLY) need a real connection.
   */
  execute(command: readonly Word[], options?: ExecuteOptions): Promise<Reply>
  close(): void
}

export interface RunningServer extends AsyncDisposable {
  /** 0 when there is no TCP port. */
  readonly port: number
  readonly host: string
  /** `redis://127.0.0.1:54321`, or `unix:///path` when there is no TCP port. */
  readonly url: string
  /** `execute` of a session that lasts as long as the server. */
  execute(command: readonly Word[], options?: ExecuteOptions): Promise<Reply>
  openSession(): ServerSession
  /**
   * Saves what the configuration says must be saved, ends all connections, and resolves when all is closed.
   * Rejects, and the server goes on, when saving failed.
   */
  close(): Promise<void>
}

/**
 * Starts a server and resolves when it is ready for clients. Rejects when a directive is unknown or its value
 * wrong, when nobody can listen there, or when the data cannot be loaded.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const facts = systemProcess()
  const clock = systemClock()
  const config = new Config({ directory: facts.workingFolder() })
  const renames = keepRenames(config)
  configure(config, options)
  const network = systemNetwork({ headroom: HEADROOM, bytes: READ_BYTES })
  const log = logOf(options.log ?? 'silent', config, clock)
  const doors = { clock, random: systemRandom(), network, disk: systemDisk(), threads: systemThreads() }
  const world = { ...doors, facts, log, config, renames }
  const server = new Server(world, parts)
  server.engine.shutdown = shutdown => server.end(shutdown)
  const { port = 0 } = options
  try {
    await server.listen(port === 0)
    log.notice('Server initialized')
    await server.load(keepsData(options))
  } catch (error) {
    await server.end({ ...CLOSE, save: 'nosave', force: true })
    throw error
  }
  return new EmbeddedServer(server, options.host ?? HOST)
}

const HOST = '127.0.0.1'
/** Who names none of these has asked for no files: a dump.rdb that lies about in the working folder is not ours. */
const KEEPING: ReadonlySet<string> = new Set(['save', 'appendonly', 'dir', 'dbfilename'])

function keepsData({ config = {} }: ServerOptions): boolean {
  return Object.keys(config).some(name => KEEPING.has(name.toLowerCase()))
}
const CLOSE: ShutdownOptions = { save: 'default', now: false, force: false, reason: 'close' }

class EmbeddedServer implements RunningServer {
  private readonly own: InsideClient

  constructor(
    private readonly server: Server,
    readonly host: string,
  ) {
    this.own = new InsideClient(server.engine)
  }

  get port(): number {
    return this.server.config.values.port
  }

  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host
    return this.port === 0 ? `unix://${this.server.config.values.unixsocket}` : `redis://${host}:${this.port}`
  }

  execute(command: readonly Word[], { buffers = false }: ExecuteOptions = {}): Promise<Reply> {
    return this.own.execute(command, buffers)
  }

  openSession(): ServerSession {
    const client = new InsideClient(this.server.engine)
    return {
      execute: (command, { buffers = false } = {}) => client.execute(command, buffers),
      close: () => client.close(),
      [Symbol.dispose]: () => client.close(),
    }
  }

  async close(): Promise<void> {
    const reason = await this.server.end(CLOSE)
    if (reason !== null) throw new Error(reason)
    this.own.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** Reads the options as lines of a config file, on top of the defaults of an embedded server. */
function configure(config: Config, options: ServerOptions): void {
  const { port = 0, host = HOST, unixSocket = '' } = options
  const defaults = {
    save: '',
    'rdb-del-sync-files': true,
    bind: host,
    port: port === false ? 0 : port,
    unixsocket: unixSocket,
  }
  const lines = Object.entries<Setting>({ ...defaults, ...options.config }).map(lineOf)
  try {
    config.load(lines.join('\n'), () => 'there is no config file to include into')
  } catch (error) {
    if (!(error instanceof ConfigFileError)) throw error
    throw new Error(`${error.reason}: ${error.line?.text ?? ''}`, { cause: error })
  }
}

function lineOf([name, setting]: [string, Setting]): string {
  const words = Array.isArray(setting) ? (setting as readonly (string | number)[]) : [setting]
  return [name, ...words.map(word => quoteWord(Buffer.from(wordOf(word))))].join(' ')
}

function wordOf(word: string | number | boolean | readonly (string | number)[]): string {
  return typeof word === 'boolean' ? (word ? 'yes' : 'no') : String(word)
}

function logOf(log: 'silent' | LogLevel | Log, config: Config, clock: Clock): Log {
  if (log === 'silent') return silentLog()
  if (typeof log !== 'string') return log
  config.replace('loglevel', log)
  return createLog({ level: log, file: '', format: 'text', role: () => 'M' }, clock)
}
