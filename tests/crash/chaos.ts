/**
 * Three servers of both makes, one of them followed by the others, under a random load; and whatever may befall them:
 * links that are cut, processes that are killed, stopped for longer than `repl-timeout`, ended and started again from a
 * snapshot or an append-only file, rewrites, full synchronizations of every kind, other masters. Then peace: all of them
 * must come to hold the same.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type Random, seededRandom } from '../../server/lib/random.js'
import { contentsOf } from '../replication/contents.js'
import { type Make, writeMuch } from '../replication/nodes.js'
import { findOracle } from '../support/oracle.js'
import { freePort } from '../support/program.js'
import { Member, sleep } from './member.js'

const MEMBERS = 3
const PEACE_TRIES = 600
const PEACE_STEP_MS = 50

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]

const KEPT_BY: readonly (readonly string[])[] = [
  ['--save', '1', '100'],
  ['--save', '', '--appendonly', 'yes'],
  ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
]

const SETTINGS: readonly (readonly [string, string])[] = [
  ['repl-backlog-size', '20kb'],
  ['repl-backlog-size', '8mb'],
  ['repl-diskless-sync', 'no'],
  ['repl-diskless-sync', 'yes'],
  ['repl-diskless-load', 'swapdb'],
  ['repl-diskless-load', 'disabled'],
  ['rdb-key-save-delay', '2000'],
  ['rdb-key-save-delay', '0'],
]

class Chaos {
  private master = 0
  private loading = true
  private readonly members: Member[] = []

  constructor(
    private readonly random: Random,
    private readonly folder: string,
  ) {}

  async begin(): Promise<void> {
    for (let i = 0; i < MEMBERS; i++) {
      const member = new Member(this.make(i), await freePort(), join(this.folder, `${i}`), this.config())
      this.members.push(member)
      await member.start()
      if (i > 0) await member.follow(this.members[0])
    }
  }

  async rage(ms: number): Promise<void> {
    const load = this.load()
    try {
      for (const endMs = performance.now() + ms; performance.now() < endMs;) {
        await this.befall(pick(this.random, this.members))
        await sleep(this.random.below(400))
      }
    } finally {
      this.loading = false
      await load
    }
  }

  /** Null when all hold the same at last; else what does not. */
  async peace(): Promise<string | null> {
    for (const { link, client } of this.members) {
      link?.mend()
      await client.config('SET', 'rdb-key-save-delay', '0')
    }
    let fault: string | null = null
    for (let i = 0; i < PEACE_TRIES; i++) {
      fault = await this.difference().catch(String)
      if (fault === null) break
      await sleep(PEACE_STEP_MS)
    }
    return fault ?? this.members.flatMap(({ alarms }) => alarms).at(0) ?? null
  }

  async dispose(): Promise<void> {
    for (const member of this.members) await member.dispose()
  }

  private make(index: number): Make {
    return index > 0 && findOracle() !== null && this.random.below(2) === 0 ? 'redis' : 'redstart'
  }

  private config(): string[] {
    const size = pick(this.random, ['16kb', '1mb', '16mb'])
    return ['--repl-backlog-size', size, ...pick(this.random, KEPT_BY)]
  }

  private async load(): Promise<void> {
    const random = seededRandom(this.random.uint32())
    while (this.loading) {
      await writeMuch(this.members[this.master], random, 100)
      await sleep(random.below(20))
    }
  }

  /** Whoever refuses, or is away, is left alone; who dies of it is not. */
  private async befall(member: Member): Promise<void> {
    const { random } = this
    const { client, link } = member
    switch (random.below(9)) {
      case 0:
        return this.again(member, pick(random, ['SIGKILL', 'SIGTERM']))
      case 1:
        return this.stop(member)
      case 2:
        await this.promote(member)
        return
      case 3:
        await client.config('SET', ...pick(random, SETTINGS)).catch(() => undefined)
        return
      case 4:
        await client.call(pick(random, ['BGSAVE', 'BGREWRITEAOF'])).catch(() => undefined)
        return
      case 5:
        await client
          .call('CLIENT', 'KILL', 'TYPE', pick(random, ['replica', 'master']))
          .catch(() => undefined)
        return
      default:
        link?.cut()
        await sleep(random.below(1500))
        link?.mend()
    }
  }

  private async again(member: Member, signal: NodeJS.Signals): Promise<void> {
    await member.end(signal)
    await sleep(this.random.below(600))
    await member.start()
  }

  /** Perhaps for so long that others give it up. */
  private async stop(member: Member): Promise<void> {
    member.signal('SIGSTOP')
    await sleep(this.random.below(5000))
    member.signal('SIGCONT')
  }

  private async promote(member: Member): Promise<void> {
    const at = this.members.indexOf(member)
    if (at === this.master) return
    await member.lead()
    this.master = at
    for (const other of this.members) if (other !== member) await other.follow(member)
  }

  private async difference(): Promise<string | null> {
    const { members } = this
    for (const member of members) {
      const status = await member.field('replication', 'master_link_status')
      if (member.link !== null && status !== 'up') return `the link of ${member.make} stays down`
    }
    const offsets = await Promise.all(members.map(one => one.field('replication', 'master_repl_offset')))
    if (new Set(offsets).size > 1) return `offsets are ${offsets.join(', ')}`
    const all = await Promise.all(members.map(({ port }) => contentsAt(port)))
    const theirs = all.findIndex(lines => lines !== all[this.master])
    return theirs < 0 ? null : `${members[theirs].make} holds other data than its master`
  }
}

/** In another session: it goes through the databases. */
async function contentsAt(port: number): Promise<string> {
  const client = new Redis(port)
  try {
    return (await contentsOf(client, false)).join('\n')
  } finally {
    client.disconnect()
  }
}

/** Null when all went well; else what did not. */
export async function faultInChaos(seed: number, ms: number): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), 'redstart-chaos-'))
  const chaos = new Chaos(seededRandom(seed), folder)
  try {
    await chaos.begin()
    await chaos.rage(ms)
    return await chaos.peace()
  } catch (error) {
    return String(error)
  } finally {
    await chaos.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
}
