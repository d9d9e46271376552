/**
 * What a process does around its server: settings, log, pid file, title, signals, the last words, the exit.
 *
 *     settings -> (background) -> log -> banner -> sockets -> pid file -> data -> ready ... end -> exit
 *
 * Exit codes: 0 after an orderly end, 1 when it could not start or crashed.
 */

import { ConfigFileError } from './config/file.js'
import type { ShutdownOptions } from './engine/engine.js'
import { REDIS_VERSION } from './engine/version.js'
import { systemClock } from './lib/clock.js'
import { isDetached, startDetached } from './lib/detach.js'
import { systemDisk } from './lib/disk.js'
import { systemThreads } from './lib/threads.js'
import { watchGc } from './lib/gc-watch.js'
import { letV8GiveWay } from './lib/priority.js'
import { createLog, type Log } from './lib/log.js'
import { systemNetwork } from './lib/network.js'
import type { ProcessFacts } from './lib/process-facts.js'
import { systemRandom } from './lib/random.js'
import { ageHeap } from './lib/v8-flags.js'
import { acquaintWithDirectories } from './memory/acquaint.js'
import { parts } from './parts.js'
import { announce, introduce } from './process/banner.js'
import { type CrashFact, reportCrashes } from './process/crash-report.js'
import { fitClients, warnOfBacklog } from './process/limits.js'
import { PidFile } from './process/pid-file.js'
import { NoSettings, readSettings, type Settings } from './process/settings.js'
import { listenToSignals } from './process/signals.js'
import { systemSentence } from './process/system-sentence.js'
import { showTitle } from './process/title.js'
import { HEADROOM, READ_BYTES } from './resp/parser.js'
import { rehearse } from './rehearsal/rehearsal.js'
import { Server } from './server.js'

const PROGRAM = 'redstart'

/** Resolves when the server is ready, or when the work goes on in the background. Exits the process when it fails. */
export async function runProgram(args: readonly string[], facts: ProcessFacts): Promise<void> {
  const home = facts.workingFolder()
  const warnings: ((text: string) => void)[] = []
  const settings = orExit(() => {
    refuseSentinel(args)
    return readSettings(args, facts, text => warnings.forEach(warn => warn(text)))
  })
  if (settings.config.values.daemonize && !isDetached()) return startDetached(home, settings.input)
  const log = orExit(() => openLog(settings))
  warnings.push(text => log.warning(text))
  introduce(log, settings.configFile, facts)
  await orExit(() => new Program(settings, log, facts)).start()
}

class Program {
  private readonly server: Server
  private readonly pidFile: PidFile
  private ending: Promise<string | null> | null = null

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    private readonly facts: ProcessFacts,
  ) {
    const { config, configFile, renames } = settings
    fitClients(config, facts, log)
    warnOfBacklog(config, facts, log)
    this.pidFile = new PidFile(config, facts, log)
    this.server = new Server(
      {
        clock: systemClock(),
        random: systemRandom(),
        network: systemNetwork({ headroom: HEADROOM, bytes: READ_BYTES }),
        disk: systemDisk(),
        threads: systemThreads(),
        gc: watchGc(),
        facts,
        log,
        config,
        configFile,
        renames,
      },
      parts,
    )
  }

  async start(): Promise<void> {
    const { config, configFile } = this.settings
    reportCrashes(this.log, () => this.state())
    listenToSignals(config, this.log, (words, signal) => {
      const { engine } = this.server
      const asked = this.ending !== null || engine.shutdownRequest !== null
      if (asked && signal === 'SIGINT') return this.insist()
      const save = words.includes('save') ? 'save' : words.includes('nosave') ? 'nosave' : 'default'
      const options = {
        save,
        now: words.includes('now'),
        force: words.includes('force'),
        reason: signal,
      } as const
      if (!asked) engine.shutdownRequest = options
    })
    this.server.engine.shutdown = options => this.end(options)
    this.server.engine.fail = () => this.exit(1)
    try {
      await this.server.listen()
      announce(this.log, config, this.facts)
      this.pidFile.write()
      showTitle(config, { program: PROGRAM, configFile })
      await this.server.load()
    } catch (error) {
      // Who ended the server while it was loading gets the end that was asked for.
      await this.ending
      // The reason is the last line of the log.
      this.pidFile.remove()
      this.log.warning(systemSentence(error))
      this.exit(1)
    }
    this.warmUp()
    if (config.values.supervised !== 'no') this.log.warning(UNSUPERVISED)
    const { ineffective } = config
    if (ineffective.length > 0) this.log.warning(`Settings without effect here: ${ineffective.join(', ')}`)
  }

  /** A young process does everything for the first time. From then on V8's threads have little to do. */
  private warmUp(): void {
    acquaintWithDirectories()
    ageHeap()
    const brokenOff = (error: unknown): void =>
      this.log.verbose(`The rehearsal was broken off: ${String(error)}`)
    void rehearse(this.server.engine, parts, letV8GiveWay).catch(brokenOff).then(letV8GiveWay)
  }

  /** Asked again meanwhile, it is the same end. */
  private async end(options: ShutdownOptions): Promise<string | null> {
    this.ending ??= this.endNow(options)
    const reason = await this.ending
    this.ending = null
    return reason
  }

  /** Somebody cannot wait for the end. */
  private insist(): void {
    this.log.warning('You insist... exiting now.')
    void this.server.engine.abandon().finally(() => this.exit(1))
  }

  private async endNow(options: ShutdownOptions): Promise<string | null> {
    this.log.warning('User requested shutdown...')
    const reason = await this.server.end(options)
    if (reason === null) {
      this.pidFile.remove()
      this.log.warning('Redstart is now ready to exit, bye bye...')
      this.exit(0)
    }
    this.log.warning(`Errors trying to shut down the server: ${reason}`)
    return reason
  }

  private exit(code: number): never {
    this.pidFile.remove()
    this.log.close()
    process.exit(code)
  }

  /** For the report of a crash: what was going on, and no data. */
  private state(): readonly CrashFact[] {
    const { engine, config } = this.server
    const last = [...engine.sessions.values()].map(session => session.lastCommand?.name ?? '-')
    return [
      ['node', this.facts.nodeVersion],
      ['os', this.facts.machine.os],
      ['rss_bytes', this.facts.rssBytes()],
      ['uptime_ms', engine.clock.wallMs() - engine.startedAtMs],
      ['role', config.values.replicaof === null ? 'master' : 'replica'],
      ['commands', engine.stats.commands],
      ['sessions', engine.sessions.size],
      ['last_commands', last.slice(0, LAST_COMMANDS).join(' ')],
    ]
  }
}

/** Sessions whose last command a crash report names. */
const LAST_COMMANDS = 20

const UNSUPERVISED =
  "supervised: Node cannot send a readiness message; with systemd use Type=exec and 'supervised no', and keep the server in the foreground"

function refuseSentinel(args: readonly string[]): void {
  if (!args.includes('--sentinel')) return
  throw new NoSettings('--sentinel: this release has no Sentinel mode. Run redis-sentinel next to it.')
}

/** A log that cannot be opened is an error of the configuration. */
function openLog({ config }: Settings): Log {
  const { loglevel: level, logfile: file, logFormat } = config.values
  const role = () => (config.values.replicaof === null ? 'M' : 'S')
  const format = logFormat === 'json' ? 'json' : 'text'
  try {
    return createLog({ level, file, format, role }, systemClock())
  } catch (error) {
    throw new ConfigFileError(`Can't open the log file: ${systemSentence(error)}`)
  }
}

/** What `step` makes; when the configuration stands in its way, the process ends and says why. */
function orExit<T>(step: () => T): T {
  try {
    return step()
  } catch (error) {
    if (error instanceof ConfigFileError) return exitWith(error.report(REDIS_VERSION))
    if (error instanceof NoSettings) return exitWith(error.message)
    throw error
  }
}

function exitWith(text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
