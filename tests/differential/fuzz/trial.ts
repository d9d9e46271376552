import { type TestClient, type TestEngine, testEngine } from '../../support/engine.js'
import type { Oracle } from '../../support/oracle.js'
import { RawLink } from '../../support/raw-link.js'
import type { Received } from '../../support/reply.js'
import type { Words } from './family.js'
import type { Operation } from './generator.js'
import { clearErrno, isJudgedByErrno } from './errno.js'
import { Judge, type Tally } from './judge.js'
import type { Settings } from './settings.js'

/** Operations asked of redis-server and of ours, both empty at the beginning, until one is answered differently. */

/** An answer that nothing explains. */
export interface Mismatch {
  /** Which of the operations. */
  readonly at: number
  readonly theirs: string
  readonly ours: string
}

const BATCH = 200

export async function compare(
  oracle: Oracle,
  protocol: 2 | 3,
  operations: readonly Operation[],
  settings: Settings,
  tally: Tally = new Map(),
): Promise<Mismatch | null> {
  const trial = await Trial.begin(oracle, protocol, settings, tally)
  try {
    return await trial.run(operations)
  } finally {
    trial.end()
  }
}

class Trial {
  private readonly world: TestEngine
  private readonly speakers = new Map<string, Speaker>()

  private constructor(
    private readonly port: number,
    private readonly links: ReadonlyMap<string, RawLink>,
    protocol: 2 | 3,
    config: Settings,
    tally: Tally,
  ) {
    this.world = testEngine({ nowMs: Date.now(), config })
    for (const [name, link] of links)
      this.speakers.set(name, new Speaker(link, this.world.client(name, protocol), tally))
  }

  static async begin(oracle: Oracle, protocol: 2 | 3, settings: Settings, tally: Tally): Promise<Trial> {
    const links = new Map<string, RawLink>()
    for (const name of ['a', 'b']) links.set(name, await RawLink.open(oracle.port))
    for (const link of links.values()) await link.ask(protocol === 3 ? 'HELLO 3' : 'PING')
    await links.get('a')!.ask('FLUSHALL')
    await links.get('a')!.ask(['CONFIG', 'SET', ...Object.entries(settings).flat()])
    return new Trial(oracle.port, links, protocol, settings, tally)
  }

  async run(operations: readonly Operation[]): Promise<Mismatch | null> {
    for (let from = 0; from < operations.length;) {
      const batch = turnOf(operations, from)
      if (isJudgedByErrno(batch[0])) await clearErrno(this.port)
      const mismatch = await this.speakers.get(operations[from].client)!.say(batch)
      if (mismatch !== null) return { ...mismatch, at: from + mismatch.at }
      from += batch.length
    }
    this.world.audit()
    return null
  }

  end(): void {
    for (const link of this.links.values()) link.close()
  }
}

/** What one client says before the other one does, or a batch of it. */
function turnOf(operations: readonly Operation[], from: number): Words[] {
  const { client } = operations[from]
  const words: Words[] = []
  for (let at = from; at < operations.length && words.length < BATCH; at++) {
    if (operations[at].client !== client || (at > from && isJudgedByErrno(operations[at].words))) break
    words.push(operations[at].words)
  }
  return words
}

/** A request that waits for ever must end the trial, not hang the campaign. */
const PATIENCE_MS = 20_000

async function inTime<T>(reply: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => (timer = setTimeout(resolve, PATIENCE_MS, null)))
  try {
    return await Promise.race([reply, late])
  } finally {
    clearTimeout(timer)
  }
}

/** One client, on both sides. */
class Speaker {
  private readonly judge: Judge

  constructor(
    private readonly link: RawLink,
    private readonly client: TestClient,
    tally: Tally,
  ) {
    this.judge = new Judge(tally)
  }

  async say(batch: readonly Words[]): Promise<Mismatch | null> {
    for (const words of batch) this.link.send(words)
    for (const [at, words] of batch.entries()) {
      const theirs = await inTime(this.link.receive())
      const ours = this.answer(words)
      if (theirs === null)
        return { at, theirs: 'no answer', ours: typeof ours === 'string' ? ours : shown(ours) }
      if (typeof ours === 'string') return { at, theirs: shown(theirs), ours }
      if (!this.judge.accepts(words, theirs, ours)) return { at, theirs: shown(theirs), ours: shown(ours) }
      this.judge.follow(words, ours.value)
    }
    return null
  }

  /** Our reply, or what went wrong. */
  private answer(words: Words): Received | string {
    try {
      this.client.send(words)
      return this.client.receive()
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
  }
}

export function shown({ bytes }: Received): string {
  const text = JSON.stringify(bytes.toString('latin1'))
  return text.length > 2000 ? `${text.slice(0, 2000)}...` : text
}
