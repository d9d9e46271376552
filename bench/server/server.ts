import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender } from '../contenders.js'
import { Connection } from './connection.js'
import { infoField } from './info.js'

const START_TIMEOUT_MS = 15_000
const START_POLL_MS = 20

/** A contender at work: one process, one port, an empty directory, nothing saved. Ends with its scope. */
export class Server implements AsyncDisposable {
  readonly name: string
  readonly port: number
  readonly pid: number
  /** All it has printed so far. */
  output = ''
  private readonly child: ChildProcess
  /** Its own, empty at the start. */
  readonly directory: string

  static async start({ name, command }: Contender, options: readonly string[] = []): Promise<Server> {
    const port = await freePort()
    const directory = mkdtempSync(join(tmpdir(), 'redstart-bench-'))
    const place = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', '']
    const [program, ...words] = command
    const child = spawn(program, [...words, ...place, ...options], { stdio: ['ignore', 'pipe', 'pipe'] })
    const server = new Server(name, port, child, directory)
    try {
      await server.ready()
      return server
    } catch (error) {
      await server[Symbol.asyncDispose]()
      throw new Error(`${command.join(' ')}: ${String(error)}\n${server.output}`, { cause: error })
    }
  }

  private constructor(name: string, port: number, child: ChildProcess, directory: string) {
    this.name = name
    this.port = port
    this.pid = child.pid ?? 0
    this.child = child
    this.directory = directory
    const read = (chunk: Buffer): void => void (this.output += chunk.toString('latin1'))
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.on('error', error => void (this.output += error.message))
    process.once('exit', this.abandon)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.abandon)
    const { child } = this
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** Asks a single thing. */
  async call(...words: string[]): Promise<unknown> {
    const connection = await Connection.open(this.port)
    const reply = await connection.call(...words)
    connection.close()
    return reply
  }

  /** Ends it in order; what it wrote stays until the scope ends. */
  async end(): Promise<void> {
    this.child.kill('SIGTERM')
    await once(this.child, 'exit')
  }

  /** The length of a file in its directory. */
  fileBytes(name: string): number {
    return statSync(join(this.directory, name)).size
  }

  /** Waits for the first answer; refuses a wrapper script, whose CPU and memory would be measured instead. */
  private async ready(): Promise<void> {
    const connection = await this.connect()
    while (!(await isUp(connection))) await sleep(START_POLL_MS)
    const info = await connection.call('INFO', 'server').catch(() => '')
    connection.close()
    const pid = infoField(String(info), 'process_id')
    if (pid !== null && Number(pid) !== this.pid)
      throw new Error(`process ${this.pid} was started, but ${pid} answers: name the server itself`)
  }

  private async connect(): Promise<Connection> {
    const giveUp = performance.now() + START_TIMEOUT_MS
    while (performance.now() < giveUp) {
      if (this.pid === 0 || this.child.exitCode !== null) throw new Error('ended before it answered')
      try {
        return await Connection.open(this.port)
      } catch {
        await sleep(START_POLL_MS)
      }
    }
    throw new Error('did not start in time')
  }

  private readonly abandon = (): void => {
    this.child.kill('SIGKILL')
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** False while it is loading its data. */
async function isUp(connection: Connection): Promise<boolean> {
  try {
    await connection.call('PING')
    return true
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('LOADING')) return false
    throw error
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
