import { Redis } from 'ioredis'
import { expect, vi } from 'vitest'
import type { Random } from '../../server/lib/random.js'
import { startOracle } from '../support/oracle.js'
import { startOurs } from '../support/ours.js'
import { drawWrite } from '../support/random-writes.js'
import { contentsOf } from './contents.js'

/** Servers of either make that follow each other, asked by the same client. */

export type Make = 'redstart' | 'redis'

const PATIENCE = { timeout: 10_000, interval: 20 }

export class Node {
  private constructor(
    readonly make: Make,
    readonly port: number,
    private readonly end: () => Promise<unknown>,
    readonly client = new Redis(port, { enableOfflineQueue: true }),
  ) {}

  static async start(make: Make, config: Readonly<Record<string, string>> = {}): Promise<Node> {
    const settings = { 'enable-debug-command': 'yes', 'repl-diskless-sync-delay': '0', ...config }
    if (make === 'redstart') {
      const server = await startOurs({ config: settings })
      return new Node(make, server.port, () => server.close())
    }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    const oracle = await startOracle(args)
    return new Node(make, oracle.port, () => oracle.stop())
  }

  ask(...words: readonly (string | number)[]): Promise<unknown> {
    const [name, ...rest] = words.map(String)
    return this.client.call(name, ...rest)
  }

  async follow(master: Node): Promise<void> {
    await this.ask('REPLICAOF', '127.0.0.1', master.port)
    await vi.waitFor(
      async () => expect(await this.field('replication', 'master_link_status')).toBe('up'),
      PATIENCE,
    )
  }

  async field(section: string, name: string): Promise<string> {
    const text = (await this.ask('INFO', section)) as string
    return new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1].trim() ?? ''
  }

  offset(): Promise<string> {
    return this.field('replication', 'master_repl_offset')
  }

  /** Full and partial synchronizations that it has granted. */
  async synchronizations(): Promise<readonly [full: number, partial: number]> {
    return [
      Number(await this.field('stats', 'sync_full')),
      Number(await this.field('stats', 'sync_partial_ok')),
    ]
  }

  contents(readCounts: boolean): Promise<string[]> {
    return contentsOf(this.client, readCounts)
  }

  async stop(): Promise<void> {
    this.client.disconnect()
    await this.end()
  }
}

/** Sends so many random writes, in pipelines and transactions, as its clients would. */
export async function writeMuch(node: Pick<Node, 'client'>, random: Random, count: number): Promise<void> {
  for (let sent = 0; sent < count;) {
    const size = Math.min(count - sent, 1 + random.below(40))
    const batch = random.below(3) === 0 ? node.client.multi() : node.client.pipeline()
    for (let i = 0; i < size; i++) {
      const [name, ...words] = drawWrite(random, () => true)
      batch.call(name, ...words)
    }
    await batch.exec().catch(() => undefined)
    sent += size
  }
}
