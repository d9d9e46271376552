/**
 * The log: pino underneath, Redis' lines on the surface, because people and tools read them by pattern.
 *
 *     4711:M 20 Nov 2026 05:26:41.380 * Ready to accept connections
 *     pid:role  local time        level  message        . debug   - verbose   * notice   # warning
 *
 * A line is in the file when the call returns: Redis' own test suite reads the file right after the reply, and
 * the last line before a crash is the one that matters. So the destination is synchronous (about 4 us a line),
 * and nothing on the path of an ordinary command writes to it at the default level.
 *
 * A log that cannot be written must not stop the server: while the disk is full the lines wait, up to
 * BACKLOG_MAX_BYTES of them, and appear when there is room again.
 */

import { closeSync, openSync } from 'node:fs'
import { pino, type DestinationStream, type Logger } from 'pino'
import type { Clock } from './clock.js'

export type LogLevel = 'debug' | 'verbose' | 'notice' | 'warning' | 'nothing'

/** Master, replica ("slave" in the old tongue), child (a writer of snapshots) or sentinel. */
export type LogRole = 'M' | 'S' | 'C' | 'X'

export interface LogOptions {
  level: LogLevel
  /** Where to append; '' is the standard output. Throws when it cannot be opened. */
  file: string
  format: 'text' | 'json'
  /** Asked for every line. */
  role: () => LogRole
}

export interface Log {
  debug(message: string): void
  verbose(message: string): void
  notice(message: string): void
  warning(message: string): void
  /** At level notice, as it stands: no date in front. For the logo. */
  raw(text: string): void
  setLevel(level: LogLevel): void
  /** Opens the file anew by its name, after somebody has moved it away. Throws when that fails, and goes on with the old. */
  reopen(): void
  /** What is logged afterwards is lost. */
  close(): void
}

const BACKLOG_MAX_BYTES = 1 << 20
const STDOUT = 1

/** Pino's numbers for our levels. `nothing` is not a level to log at: it is pino's `silent`. */
const LEVELS = { debug: 20, verbose: 30, notice: 35, warning: 40 } as const
type LineLevel = keyof typeof LEVELS

const SYMBOLS: Readonly<Record<number, string>> = {
  [LEVELS.debug]: '.',
  [LEVELS.verbose]: '-',
  [LEVELS.notice]: '*',
  [LEVELS.warning]: '#',
}

export function createLog(options: LogOptions, clock: Clock): Log {
  return new ServerLog(options, clock)
}

/** For embedding: nothing is written anywhere. */
export function silentLog(): Log {
  const ignore = (): void => {}
  return {
    debug: ignore,
    verbose: ignore,
    notice: ignore,
    warning: ignore,
    raw: ignore,
    setLevel: ignore,
    reopen: ignore,
    close: ignore,
  }
}

class ServerLog implements Log {
  private readonly options: LogOptions
  private readonly destination: ReturnType<typeof pino.destination>
  private readonly logger: Logger<LineLevel, true>

  constructor(options: LogOptions, clock: Clock) {
    this.options = options
    this.destination = openDestination(options.file)
    this.logger = pino(
      {
        customLevels: LEVELS,
        useOnlyCustomLevels: true,
        level: pinoLevel(options.level),
        base: { pid: process.pid },
        timestamp: () => `,"time":${clock.wallMs()}`,
        formatters: { level: label => ({ level: label }) },
        mixin: () => ({ role: options.role() }),
      },
      options.format === 'json' ? this.destination : new RedisLines(this.destination, options.role),
    )
  }

  debug(message: string): void {
    this.logger.debug(message)
  }

  verbose(message: string): void {
    this.logger.verbose(message)
  }

  notice(message: string): void {
    this.logger.notice(message)
  }

  warning(message: string): void {
    this.logger.warning(message)
  }

  raw(text: string): void {
    if (this.options.format === 'json') this.logger.notice(text)
    else if (this.logger.isLevelEnabled('notice')) this.destination.write(`${text}\n`)
  }

  setLevel(level: LogLevel): void {
    this.logger.level = pinoLevel(level)
  }

  /** The trial matters: sonic-boom would close its old descriptor twice after a reopening that failed. */
  reopen(): void {
    if (this.options.file === '') return
    closeSync(openSync(this.options.file, 'a'))
    this.destination.reopen()
  }

  close(): void {
    this.setLevel('nothing')
    this.destination.end()
  }
}

function pinoLevel(level: LogLevel): LineLevel | 'silent' {
  return level === 'nothing' ? 'silent' : level
}

function openDestination(file: string): ReturnType<typeof pino.destination> {
  const dest = file === '' ? STDOUT : file
  const destination = pino.destination({ dest, sync: true, maxLength: BACKLOG_MAX_BYTES })
  destination.on('error', () => {}) // the lines wait; see above
  return destination
}

/**
 * Stands between pino and the file and writes a line of its own in place of pino's. Pino leaves the parts of
 * each record here before it calls `write` (its documented `metadata` contract), so nothing is parsed.
 */
class RedisLines implements DestinationStream {
  readonly [pino.symbols.needsMetadataGsym] = true
  lastLevel = 0
  lastMsg = ''
  lastTime = ''
  private readonly destination: DestinationStream
  private readonly role: () => LogRole

  constructor(destination: DestinationStream, role: () => LogRole) {
    this.destination = destination
    this.role = role
  }

  write(): void {
    const date = redisDate(new Date(Number(this.lastTime)))
    const symbol = SYMBOLS[this.lastLevel]
    this.destination.write(`${process.pid}:${this.role()} ${date} ${symbol} ${this.lastMsg}\n`)
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `20 Nov 2026 05:26:41.380`, local time. */
function redisDate(at: Date): string {
  const day = `${padded(at.getDate())} ${MONTHS[at.getMonth()]} ${at.getFullYear()}`
  const time = `${padded(at.getHours())}:${padded(at.getMinutes())}:${padded(at.getSeconds())}`
  return `${day} ${time}.${padded(at.getMilliseconds(), 3)}`
}

function padded(n: number, digits = 2): string {
  return String(n).padStart(digits, '0')
}
