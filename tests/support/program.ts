import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { resolve } from 'node:path'

/** Our program as a process of its own, run from the sources: no build is needed, and none is stale. */

const MAIN = resolve(import.meta.dirname, '../../server/main.ts')
const TSX = import.meta.resolve('tsx')

/** How long a text may take to appear, on a machine that is busy with other tests. */
const PATIENCE_MS = 15_000

export class Program implements AsyncDisposable {
  private printed = ''
  private readonly watchers = new Set<() => void>()
  private readonly closed: Promise<unknown>
  private readonly child: ChildProcess

  /** `input` is what standard input holds. */
  constructor(args: readonly string[], folder: string, input = '') {
    this.child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], { cwd: folder, stdio: 'pipe' })
    this.closed = once(this.child, 'close').then(() => this.tell())
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('latin1').on('data', (text: string) => {
        this.printed += text
        this.tell()
      })
    }
    this.child.stdin!.on('error', () => undefined).end(input, 'latin1')
  }

  get pid(): number {
    return this.child.pid!
  }

  /** Standard output and standard error so far. */
  get output(): string {
    return this.printed
  }

  /** Resolves when this text has been printed; rejects when the program ends or hangs without. */
  async says(text: string): Promise<void> {
    await new Promise<void>((done, fail) => {
      const give = (why: string): void => {
        stop()
        fail(new Error(`${why} without saying '${text}':\n${this.printed}`))
      }
      const look = (): void => {
        if (this.printed.includes(text)) {
          stop()
          done()
        } else if (this.child.exitCode !== null || this.child.signalCode !== null) give('it ended')
      }
      const timer = setTimeout(give, PATIENCE_MS, 'it went on')
      const stop = (): void => {
        clearTimeout(timer)
        this.watchers.delete(look)
      }
      this.watchers.add(look)
      look()
    })
  }

  ready(): Promise<void> {
    return this.says('Ready to accept connections')
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Resolves to the exit code when all output has been read. */
  async exit(): Promise<number | null> {
    await this.closed
    return this.child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL')
    await this.closed
  }

  private tell(): void {
    for (const look of [...this.watchers]) look()
  }
}

/** What a server answers to a line, until it falls silent at the end of a line. `at` is a port or a socket's path. */
export async function tell(at: number | string, line: string): Promise<string> {
  const socket = typeof at === 'number' ? connect(at, '127.0.0.1') : connect(at)
  socket.write(`${line}\r\n`)
  const [reply] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return reply.toString('latin1')
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
