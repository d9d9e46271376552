import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Redis } from 'ioredis'
import { CuttableLink } from '../replication/cuttable-link.js'
import type { Make } from '../replication/nodes.js'
import { findOracle } from '../support/oracle.js'

const MAIN = resolve(import.meta.dirname, '../../server/main.ts')
const TSX = import.meta.resolve('tsx')
const PATIENCE_MS = 30_000
const STEP_MS = 50

const COMMON = [
  ...['--bind', '127.0.0.1', '--repl-diskless-sync-delay', '0'],
  ...['--repl-timeout', '3', '--repl-ping-replica-period', '1'],
]

export const sleep = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** A master that was killed before its first save is empty, and is followed all the same. */
const OURS = ['--replica-accept-empty-master', 'yes']

/** A server of either make, in a process that is killed, stopped and cut off, and its client, who tries again. */
export class Member {
  readonly client: Redis
  /** The way to its master; null: it leads. */
  link: CuttableLink | null = null
  private child: ChildProcess | null = null

  constructor(
    readonly make: Make,
    readonly port: number,
    private readonly folder: string,
    private readonly config: readonly string[],
  ) {
    mkdirSync(folder, { recursive: true })
    this.client = new Redis(port, { maxRetriesPerRequest: 0, retryStrategy: () => STEP_MS })
    this.client.on('error', () => undefined)
  }

  /** Rejects when it does not come up. */
  async start(): Promise<void> {
    const follows = this.link === null ? [] : ['--replicaof', '127.0.0.1', `${this.link.port}`]
    const own = ['--port', `${this.port}`, '--dir', this.folder, '--logfile', join(this.folder, 'log')]
    const args = [...COMMON, ...own, ...this.config, ...follows]
    const [program, first] =
      this.make === 'redis' ? [findOracle() ?? '', []] : [process.execPath, ['--import', TSX, MAIN, ...OURS]]
    this.child = spawn(program, [...first, ...args], { stdio: 'ignore' })
    await this.until(async () => (await this.client.ping()) === 'PONG')
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal)
  }

  /** Resolves when the process is no more. Rejects when it has ended before, by itself. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this
    this.child = null
    if (child === null) return
    if (this.hasEnded(child)) throw new Error(`${this.make} at ${this.folder} has ended by itself`)
    const gone = once(child, 'exit')
    child.kill(signal)
    // Who is writing a first append-only file does not end when told to, and is told again.
    const again = setInterval(() => child.kill(signal), 1000)
    await gone
    clearInterval(again)
  }

  async follow(master: Member): Promise<void> {
    const before = this.link
    const link = await CuttableLink.to(master.port)
    this.link = link
    await this.until(async () => (await this.client.replicaof('127.0.0.1', link.port)) === 'OK')
    await before?.close()
  }

  async lead(): Promise<void> {
    await this.client.replicaof('NO', 'ONE')
    await this.link?.close()
    this.link = null
  }

  async field(section: string, name: string): Promise<string> {
    return new RegExp(`^${name}:(.*)\r$`, 'm').exec(await this.client.info(section))?.[1] ?? ''
  }

  /** Lines of its log that no server should ever write. */
  get alarms(): string[] {
    const lines = readFileSync(join(this.folder, 'log'), 'latin1').split('\n')
    return lines.filter(line => /== CRITICAL|makes no sense|TypeError|RangeError/.test(line))
  }

  async dispose(): Promise<void> {
    this.client.disconnect()
    await this.end('SIGKILL').catch(() => undefined)
    await this.link?.close()
  }

  /** Tries until this is so, whatever fails meanwhile. Rejects when the process ends, or it takes too long. */
  private async until(isSo: () => Promise<boolean>): Promise<void> {
    const tries = PATIENCE_MS / STEP_MS
    for (let i = 0; i < tries && this.child !== null && !this.hasEnded(this.child); i++) {
      if (await isSo().catch(() => false)) return
      await sleep(STEP_MS)
    }
    throw new Error(`${this.make} at ${this.folder} does not serve`)
  }

  private hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
    return exitCode !== null || signalCode !== null
  }
}
