/**
 * A real server is killed with SIGKILL under load, and starts again on its files.
 *
 * Several clients count up, each its own key, each waiting for its reply. With `always` every key has at least the count
 * that was last acknowledged. With `everysec` and `no` a write is mostly in the hands of the kernel before it is
 * acknowledged, and at worst, during a sync, within 5 ms and the time of one write to a busy disk: what was acknowledged a
 * quarter of a second before the kill must be there. Nothing may be there that was not asked for.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Random } from '../../server/lib/random.js'
import { freePort, Program } from '../support/program.js'
import { RawLink } from '../support/raw-link.js'

export type Policy = 'always' | 'everysec' | 'no'

const CLIENTS = 20
const SAFE_AFTER_MS = 250
const LOAD_MIN_MS = 1200
const LOAD_SPREAD_MS = 800

/** What a client was told: its count, and the one of a second before. */
class Counter {
  asked = 0
  private readonly told: { count: number; atMs: number }[] = []

  constructor(readonly key: string) {}

  async run(link: RawLink): Promise<void> {
    for (;;) {
      this.asked++
      const { value } = await link.ask(['INCR', this.key])
      this.told.push({ count: Number(value), atMs: performance.now() })
    }
  }

  /** The last count acknowledged at least so long before. */
  acknowledged(beforeMs: number): number {
    return this.told.findLast(({ atMs }) => atMs <= beforeMs)?.count ?? 0
  }
}

/** Null when every promise was kept; else the first that was not. */
export async function faultAfterKill(policy: Policy, random: Random): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'redstart-kill-'))
  try {
    const counters = Array.from({ length: CLIENTS }, (_, index) => new Counter(`count:${index}`))
    const killedMs = await loadAndKill(folder, policy, counters, LOAD_MIN_MS + random.below(LOAD_SPREAD_MS))
    const promisedMs = policy === 'always' ? killedMs : killedMs - SAFE_AFTER_MS
    return await compare(folder, policy, counters, promisedMs)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function begin(folder: string, policy: Policy): Promise<{ program: Program; port: number }> {
  const port = await freePort()
  const log = ['--appendonly', 'yes', '--appendfsync', policy, '--save', '']
  const program = new Program(['--port', `${port}`, '--dir', folder, ...log], folder)
  await program.ready()
  return { program, port }
}

/** Answers when the server was killed. */
async function loadAndKill(
  folder: string,
  policy: Policy,
  counters: readonly Counter[],
  loadMs: number,
): Promise<number> {
  const { program, port } = await begin(folder, policy)
  await using _ended = program
  for (const counter of counters) counter.run(await RawLink.open(port)).catch(() => undefined)
  await new Promise(resolve => setTimeout(resolve, loadMs))
  const killedMs = performance.now()
  program.signal('SIGKILL')
  await program.exit()
  return killedMs
}

async function compare(
  folder: string,
  policy: Policy,
  counters: readonly Counter[],
  promisedMs: number,
): Promise<string | null> {
  const { program, port } = await begin(folder, policy)
  await using _ended = program
  const link = await RawLink.open(port)
  for (const counter of counters) {
    const { value } = await link.ask(['GET', counter.key])
    const found = Number(value ?? 0)
    const promised = counter.acknowledged(promisedMs)
    if (found < promised) return `${counter.key} has ${found}, ${promised} were promised`
    if (found > counter.asked) return `${counter.key} has ${found}, only ${counter.asked} were asked for`
  }
  return null
}
