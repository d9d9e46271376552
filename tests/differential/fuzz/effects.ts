import { type TestClient, type TestEngine, testEngine } from '../../support/engine.js'
import { RawLink } from '../../support/raw-link.js'
import { splitReplies } from '../../support/reply.js'
import { lineOf } from '../../support/request.js'
import { agree } from './effect-differences.js'
import type { Oracle } from '../../support/oracle.js'
import { clearErrno, isJudgedByErrno } from './errno.js'
import type { Effect, Follower } from './follower.js'
import type { Operation } from './generator.js'
import type { Settings } from './settings.js'
import { DEBUGGING, type Mismatch } from './trial.js'

/**
 * What replicas and the append-only file are told of each operation: by redis-server, as one that follows it hears, and
 * by our journal.
 *
 * Behind each operation its client publishes a message, which goes to those who follow in its place among the effects.
 * Within a transaction nothing is published, as it would be queued: all effects are those of its EXEC.
 */

const CHANNEL = 'effects-end'
const NAMES = ['a', 'b'] as const

export async function compareEffects(
  oracle: Oracle,
  follower: Follower,
  operations: readonly Operation[],
  settings: Settings,
): Promise<Mismatch | null> {
  const trial = await Trial.begin(oracle, follower, settings)
  try {
    return await trial.run(operations)
  } finally {
    trial.end()
  }
}

/** Names each message of this process once. */
let counter = 0

class Trial {
  private readonly world: TestEngine
  private readonly journal: Effect[] = []

  private constructor(
    private readonly port: number,
    private readonly links: ReadonlyMap<string, RawLink>,
    private readonly follower: Follower,
    config: Settings,
  ) {
    this.world = testEngine({ nowMs: Date.now(), config: { ...config, ...DEBUGGING } })
    this.world.engine.journal.attach({
      append: (database, mem, start, length) => {
        const { replies } = splitReplies(Buffer.from(mem.u8.subarray(start, start + length)))
        for (const { value } of replies) this.journal.push([database, ...(value as string[])])
      },
    })
  }

  static async begin(oracle: Oracle, follower: Follower, settings: Settings): Promise<Trial> {
    const links = new Map<string, RawLink>()
    for (const name of NAMES) links.set(name, await RawLink.open(oracle.port))
    const link = links.get('a')!
    for (const line of [['FLUSHALL'], ['CONFIG', 'SET', ...Object.entries(settings).flat()]])
      await link.ask(line)
    await link.ask('DEBUG SET-ACTIVE-EXPIRE 0')
    const mark = `${counter++}`
    await link.ask(['PUBLISH', CHANNEL, mark])
    await follower.until(CHANNEL, mark)
    return new Trial(oracle.port, links, follower, settings)
  }

  async run(operations: readonly Operation[]): Promise<Mismatch | null> {
    for (const [at, operation] of operations.entries()) {
      const mismatch = await this.one(operation)
      if (mismatch !== null) return { ...mismatch, at }
    }
    return null
  }

  end(): void {
    for (const link of this.links.values()) link.close()
  }

  private async one({ client, words }: Operation): Promise<Omit<Mismatch, 'at'> | null> {
    const ours = this.world.client(client)
    const inTransaction = this.ask(ours, words)
    const link = this.links.get(client)!
    if (isJudgedByErrno(words)) await clearErrno(this.port)
    await link.ask(words)
    if (inTransaction) return null
    const mark = `${counter++}`
    await link.ask(['PUBLISH', CHANNEL, mark])
    const theirs = await this.follower.until(CHANNEL, mark)
    const told = this.journal.splice(0)
    return agree(words, theirs, told) ? null : { theirs: shown(theirs), ours: shown(told) }
  }

  /** Whether a transaction is open behind it. */
  private ask(client: TestClient, words: readonly string[]): boolean {
    client.send(words)
    client.receive()
    return client.session.transaction !== null
  }
}

function shown(effects: readonly Effect[]): string {
  return effects.map(([database, ...words]) => `\n      ${database}> ${lineOf(words)}`).join('')
}
