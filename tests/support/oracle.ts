import { spawn, execFileSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe } from 'vitest'

/**
 * The oracle: a real `redis-server` 7.0, asked what the right answer is. Another release answers differently in
 * places, so it does not count as one.
 */

const ORACLE_RELEASE = /v=7\.0\.\d+/

/** How long the oracle may take to start, on a machine that is busy with other tests. */
const START_TIMEOUT_MS = 10_000

/** A free port can be taken between finding it and binding it, by another test file doing the same. */
const PORT_ATTEMPTS = 5

export interface Oracle {
  readonly port: number
  readonly pid: number
  /** Ends the process and removes its directory. */
  stop(): Promise<void>
}

/** The path of the `redis-server` 7.0.x on PATH, or null. */
export function findOracle(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'redis-server')
    if (isExecutable(path)) return ORACLE_RELEASE.test(versionOf(path)) ? path : null
  }
  return null
}

/** `describe`, where the oracle is installed; elsewhere the whole group is skipped and says why. */
export function describeWithOracle(name: string, fn: () => void): void {
  if (findOracle() !== null) {
    describe(name, fn)
    return
  }
  const reason = 'skipped: needs redis-server 7.0.x on PATH (Debian 12: apt-get install redis-server)'
  console.warn(`${name}: ${reason}`)
  describe.skip(`${name} (${reason})`, fn)
}

/**
 * Starts an oracle on a free port of 127.0.0.1, in a directory of its own, without snapshots.
 * `args` follow ours on the command line, so they win: `startOracle(['--appendonly', 'yes'])`.
 */
export async function startOracle(args: readonly string[] = []): Promise<Oracle> {
  const path = findOracle()
  if (path === null) throw new Error('no redis-server 7.0.x on PATH: put this test into describeWithOracle')
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(path, await freePort(), args)
    } catch (error) {
      if (attempt === PORT_ATTEMPTS || !String(error).includes('Address already in use')) throw error
    }
  }
}

async function startOnce(path: string, port: number, args: readonly string[]): Promise<Oracle> {
  const directory = mkdtempSync(join(tmpdir(), 'redstart-oracle-'))
  const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', directory, '--save', '']
  const child = spawn(path, [...own, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const abandon = (): void => {
    child.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
  process.once('exit', abandon)
  const stop = async (): Promise<void> => {
    process.off('exit', abandon)
    await end(child)
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await ready(child)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, pid: child.pid!, stop }
}

/** Resolves when the server accepts connections; rejects with all it printed when it ends or hangs before that. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const fail = (why: string): void => reject(new Error(`redis-server ${why}:\n${printed}`))
    const timer = setTimeout(fail, START_TIMEOUT_MS, 'did not start in time')
    const read = (chunk: Buffer): void => {
      printed += chunk.toString('latin1')
      if (!printed.includes('Ready to accept connections')) return
      clearTimeout(timer)
      printed = ''
      child.stdout!.off('data', read).resume()
      child.stderr!.off('data', read).resume()
      resolve()
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('error', error => fail(error.message))
    child.once('close', () => {
      clearTimeout(timer)
      fail('ended before it was ready')
    })
  })
}

/** SIGKILL also ends an oracle that a test has stopped (SIGSTOP) or put to sleep (DEBUG SLEEP). */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'exit')
  child.kill('SIGKILL')
  await closed
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function versionOf(path: string): string {
  return execFileSync(path, ['--version'], { encoding: 'latin1' })
}
