import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'

type Printing = ChildProcessByStdio<null, Readable, Readable>

/**
 * One process of the suite, with everything it starts: servers, replicas, write loads. They share a process group
 * of their own, which is killed as a whole when the process ends or its time is over, so nothing outlives it.
 */
export class ProcessGroups {
  private readonly running = new Set<number>()

  /** Runs to the end or to the limit and resolves with what was printed; the log file gets it as it comes. */
  async run(command: readonly string[], folder: string, log: string, limitMs: number): Promise<string> {
    const child = start(command, folder)
    const group = child.pid
    if (group === undefined) throw new Error(`${command[0]} cannot be started`)
    this.running.add(group)
    const printed = collect(child, log)
    const timer = setTimeout(() => this.kill(group), limitMs)
    // What the suite leaves behind may hold its pipes open: the group goes first, then the pipes close.
    child.once('exit', () => this.kill(group))
    await new Promise(resolve => child.once('close', resolve))
    clearTimeout(timer)
    return printed()
  }

  killAll(): void {
    for (const group of this.running) this.kill(group)
  }

  private kill(group: number): void {
    this.running.delete(group)
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // Nobody of the group is left.
    }
  }
}

/** Plain and in UTF-8: test names are compared with a list. */
function start([program, ...args]: readonly string[], folder: string): Printing {
  const env = { ...process.env, TERM: 'dumb', LC_ALL: 'C.UTF-8' }
  return spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env })
}

/** Keeps both streams in the order they arrive; the returned function hands them over once the log is closed. */
function collect(child: Printing, log: string): () => Promise<string> {
  const file = createWriteStream(log)
  const chunks: Buffer[] = []
  const keep = (chunk: Buffer) => {
    chunks.push(chunk)
    file.write(chunk)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return async () => {
    file.end()
    await finished(file)
    return Buffer.concat(chunks).toString('utf8')
  }
}
