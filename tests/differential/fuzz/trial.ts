import { type TestClient, type TestEngine, testEngine } from '../../support/engine.js'
import type { Oracle } from '../../support/oracle.js'
import { RawLink } from '../../support/raw-link.js'
import type { Received } from '../../support/reply.js'
import type { Words } from './family.js'
import type { Operation } from './generator.js'
import { clearErrno, isJudgedByErrno } from './errno.js'
import { type Asked, type Control, exchanged, isExchange } from './exchange.js'
import { differenceOfContents } from './contents.js'
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

/** What both servers start with. */
export const DEBUGGING = { 'enable-debug-command': 'yes' } as const

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
  private readonly control: Control
  private readonly speakers = new Map<string, Speaker>()

  private constructor(
    private readonly port: number,
    private readonly links: ReadonlyMap<string, RawLink>,
    protocol: 2 | 3,
    config: Settings,
    tally: Tally,
  ) {
    this.world = testEngine({ nowMs: Date.now(), config: { ...config, ...DEBUGGING } })
    this.control = { link: links.get('control')!, client: this.world.client('control') }
    for (const name of NAMES)
      this.speakers.set(name, new Speaker(links.get(name)!, this.world.client(name, protocol), tally))
  }

  static async begin(oracle: Oracle, protocol: 2 | 3, settings: Settings, tally: Tally): Promise<Trial> {
    const links = new Map<string, RawLink>()
    for (const name of ['control', ...NAMES]) links.set(name, await RawLink.open(oracle.port))
    const control = links.get('control')!
    await control.ask('FLUSHALL')
    await control.ask(['CONFIG', 'SET', ...Object.entries(settings).flat()])
    // Our clock stands, so nothing dies there but when it is met.
    await control.ask('DEBUG SET-ACTIVE-EXPIRE 0')
    for (const name of NAMES) await links.get(name)!.ask(protocol === 3 ? 'HELLO 3' : 'PING')
    return new Trial(oracle.port, links, protocol, settings, tally)
  }

  async run(operations: readonly Operation[]): Promise<Mismatch | null> {
    for (let from = 0; from < operations.length;) {
      const turn = turnOf(operations, from)
      const speaker = this.speakers.get(operations[from].client)!
      const mismatch = await speaker.say(await this.prepared(turn, speaker))
      if (mismatch !== null) return { ...mismatch, at: from + mismatch.at }
      from += turn.length
    }
    this.world.audit()
    return this.compareAll(operations.length - 1)
  }

  end(): void {
    for (const link of this.links.values()) link.close()
  }

  private async prepared(turn: readonly Words[], speaker: Speaker): Promise<Asked[]> {
    const [first] = turn
    if (isExchange(first)) return [await exchanged(first, speaker.database, this.control)]
    if (isJudgedByErrno(first)) await clearErrno(this.port)
    return turn.map(words => ({ theirs: words, ours: words }))
  }

  /** What both hold at the end, whoever was told what. */
  private async compareAll(at: number): Promise<Mismatch | null> {
    const difference = await differenceOfContents(this.control)
    return difference === null ? null : { ...difference, at }
  }
}

/** Who speaks. */
const NAMES = ['a', 'b'] as const

/** What one client says before the other one does, or a batch of it, or what must be prepared. */
function turnOf(operations: readonly Operation[], from: number): Words[] {
  const { client, words } = operations[from]
  if (isExchange(words)) return [words]
  const said = [words]
  for (let at = from + 1; at < operations.length && said.length < BATCH; at++) {
    const next = operations[at]
    if (next.client !== client || isJudgedByErrno(next.words) || isExchange(next.words)) break
    said.push(next.words)
  }
  return said
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

  get database(): number {
    return this.client.session.db.index
  }

  async say(batch: readonly Asked[]): Promise<Mismatch | null> {
    for (const asked of batch) this.link.send(asked.theirs)
    for (const [at, { ours: words }] of batch.entries()) {
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
