import { setImmediate as turn } from 'node:timers/promises'
import { type TestClient, type TestEngine, testEngine } from '../../support/engine.js'
import type { Oracle } from '../../support/oracle.js'
import { RawLink } from '../../support/raw-link.js'
import { Push, type Received, ReplyError } from '../../support/reply.js'
import { clearErrno, isJudgedByErrno } from './errno.js'
import type { Words } from './family.js'
import { type ClientName, clientNames, type Operation } from './generator.js'
import { Judge, type Tally } from './judge.js'
import type { Settings } from './settings.js'
import { type Mismatch, shown } from './trial.js'

/**
 * Several clients, and all that any of them hears when one speaks: messages, invalidations, events of keys, the reply
 * that ends a wait.
 *
 * Nothing says when a server has told everybody everything. So ours is asked first; then the oracle must have
 * answered the speaker as often, or have it wait as ours does, and have answered one more request of a connection that
 * takes no other part. What others were to hear has been written by then.
 */

export async function compareCrowd(
  oracle: Oracle,
  operations: readonly Operation[],
  settings: Settings,
  tally: Tally = new Map(),
): Promise<Mismatch | null> {
  const crowd = await Crowd.gather(oracle, settings, tally)
  try {
    return await crowd.run(operations)
  } finally {
    crowd.part()
  }
}

/** How long the oracle may take to do what ours has done. */
const PATIENCE_MS = 1000

const COUNTERS = ['rdb_changes_since_last_save', 'keyspace_hits', 'keyspace_misses'] as const

/** These make consumers (7.2), or look at keys as often as it suits them. */
const COUNTS_OTHERWISE = /^(xreadgroup|xclaim|xautoclaim|scan|spop)$/i

class Crowd {
  /** By how much the oracle's counters are ahead of ours. */
  private apart: readonly number[] = []
  /** How many wait. */
  private waiting = 0

  private constructor(
    private readonly port: number,
    private readonly world: TestEngine,
    private readonly members: ReadonlyMap<ClientName, Member>,
    private readonly control: RawLink,
  ) {}

  static async gather(oracle: Oracle, settings: Settings, tally: Tally): Promise<Crowd> {
    const control = await RawLink.open(oracle.port)
    await control.ask('FLUSHALL')
    await control.ask(['CONFIG', 'SET', ...Object.entries(settings).flat()])
    const world = testEngine({ nowMs: Date.now(), config: settings })
    const members = new Map<ClientName, Member>()
    for (const name of clientNames) {
      const link = await RawLink.open(oracle.port)
      members.set(name, await Member.join(link, world.client(name), tally))
    }
    const crowd = new Crowd(oracle.port, world, members, control)
    await crowd.compareCounters(null)
    return crowd
  }

  async run(operations: readonly Operation[]): Promise<Mismatch | null> {
    for (const [at, { client, words }] of operations.entries()) {
      const speaker = this.members.get(client)!
      if (speaker.waits) continue
      const mismatch =
        (await this.say(speaker, words)) ?? this.listen(speaker) ?? (await this.compareCounters(speaker))
      if (mismatch !== null) return { ...mismatch, at }
    }
    this.world.audit()
    return null
  }

  part(): void {
    for (const { link } of this.members.values()) link.close()
    this.control.close()
  }

  private async say(speaker: Member, words: Words): Promise<Omit<Mismatch, 'at'> | null> {
    speaker.say(words)
    if (isJudgedByErrno(words)) await clearErrno(this.port)
    speaker.client.send(this.addressed(words, member => member.ourId))
    speaker.link.send(this.addressed(words, member => member.theirId))
    const done = await this.hasCaughtUp(speaker)
    await this.control.ask('PING')
    await turn()
    await turn()
    return done
      ? null
      : { theirs: `${speaker.link.waiting} replies`, ours: `${speaker.client.waiting} replies` }
  }

  /**
   * What INFO counts. Where somebody waits, and where a request fails, it is another matter: since 7.2 who is woken asks
   * once more, and some faults are found before a key is looked at.
   */
  private async compareCounters(speaker: Member | null): Promise<Omit<Mismatch, 'at'> | null> {
    const { bytes } = await this.control.ask('INFO everything')
    const text = bytes.toString('latin1')
    const theirs = COUNTERS.map(name => Number(new RegExp(`${name}:(\\d+)`).exec(text)?.[1]))
    const { dirty, stats } = this.world.engine.keyspace
    const ours = [dirty, stats.hits, stats.misses]
    const apart = theirs.map((count, i) => count - ours[i])
    const waiting = [...this.members.values()].filter(({ waits }) => waits).length
    const forgiven = this.waiting > 0 || speaker === null || speaker.failed || speaker.countsOtherwise
    const same = apart.every((difference, i) => forgiven || difference === this.apart[i])
    const moved = apart.map((difference, i) => difference - this.apart[i])
    this.apart = apart
    this.waiting = waiting
    return same ? null : { theirs: `counted ${COUNTERS.join()}: ${moved.join()} more`, ours: '' }
  }

  /** Whether the oracle has answered the speaker, or has it wait, as ours. */
  private async hasCaughtUp({ link, client, theirId, waits }: Member): Promise<boolean> {
    const replies = client.waiting
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await turn()) {
      if (link.waiting >= replies && !waits) return true
      if (waits && (await this.isBlocked(theirId))) return true
    }
    return false
  }

  private async isBlocked(id: number): Promise<boolean> {
    const { bytes } = await this.control.ask(`CLIENT LIST ID ${id}`)
    return /flags=\S*b/.test(bytes.toString('latin1'))
  }

  private addressed(words: Words, id: (member: Member) => number): string[] {
    return words.map(word => {
      const member = word.startsWith('@') ? this.members.get(word.slice(1) as ClientName) : undefined
      return member === undefined ? word : `${id(member)}`
    })
  }

  private listen(speaker: Member): Omit<Mismatch, 'at'> | null {
    for (const member of this.members.values()) member.hear()
    for (const [name, member] of this.members) {
      const mismatch = member.compare(speaker)
      if (mismatch !== null)
        return { theirs: `${name}: ${mismatch.theirs}`, ours: `${name}: ${mismatch.ours}` }
    }
    return null
  }
}

class Member {
  /** What it said last. */
  words: Words = ['PING']
  /** Whether what it said, or has queued, is not counted alike. */
  countsOtherwise = false
  /** Whether it was answered with an error last. */
  failed = false
  private theirs: readonly Received[] = []
  private ours: readonly Received[] = []
  private readonly judge: Judge

  private constructor(
    readonly link: RawLink,
    readonly client: TestClient,
    readonly theirId: number,
    tally: Tally,
  ) {
    this.judge = new Judge(tally)
  }

  static async join(link: RawLink, client: TestClient, tally: Tally): Promise<Member> {
    const { value } = await link.ask('CLIENT ID')
    return new Member(link, client, Number(value), tally)
  }

  say(words: Words): void {
    this.words = words
    const queued = this.countsOtherwise && this.client.session.transaction !== null
    this.countsOtherwise = queued || COUNTS_OTHERWISE.test(words[0])
  }

  get ourId(): number {
    return this.client.session.id
  }

  get waits(): boolean {
    return this.client.session.waiting !== null
  }

  /** Takes what it has heard. */
  hear(): void {
    this.theirs = all(this.link.waiting, () => this.link.takeOne())
    this.ours = all(this.client.waiting, () => this.client.receive())
    const last = this.ours.findLast(isReply)
    if (last !== undefined) this.failed = last.value instanceof ReplyError
  }

  /** Compares what it heard when `speaker`, perhaps itself, spoke. */
  compare(speaker: Member): Omit<Mismatch, 'at'> | null {
    const { theirs, ours } = this
    // Where a request is refused, the key may have been looked at before.
    const told = (each: Received): boolean =>
      isMessage(each) && !(speaker.failed && each.bytes.includes('keymiss'))
    const [theirMessages, ourMessages] = [theirs, ours].map(all => all.filter(told))
    // One who listens by several patterns hears in the order of a hash table.
    const ordered = !/^s?publish$/i.test(speaker.words[0])
    const sameMessages = textOf(theirMessages, ordered) === textOf(ourMessages, ordered)
    if (sameMessages && this.agree(theirs.filter(isReply), ours.filter(isReply))) return null
    return { theirs: theirs.map(shown).join(' '), ours: ours.map(shown).join(' ') }
  }

  private agree(theirs: readonly Received[], ours: readonly Received[]): boolean {
    return theirs.length === ours.length && ours.every((each, at) => this.agrees(theirs[at], each))
  }

  private agrees(theirs: Received, ours: Received): boolean {
    if (!this.judge.accepts(this.words, theirs, ours)) return false
    this.judge.follow(this.words, ours.value)
    return true
  }
}

/** Since 7.2 commands of a group make a consumer known that 7.0 does not. */
const isAboutConsumers = ({ bytes }: Received): boolean => bytes.includes('xgroup-createconsumer')

/** Since 7.2 messages come behind the reply of whoever caused them: so the two are compared apart. */
const isMessage = ({ value }: Received): boolean =>
  MESSAGE.test(String(value instanceof Push ? value.items[0] : Array.isArray(value) ? value[0] : ''))
const MESSAGE = /^([ps]?message|invalidate|tracking-redir-broken)$/
const isReply = (received: Received): boolean => !isMessage(received)

function textOf(received: readonly Received[], ordered: boolean): string {
  const texts = received.map(({ bytes }) => bytes.toString('latin1'))
  return (ordered ? texts : texts.sort()).join('')
}

function all(count: number, take: () => Received): Received[] {
  return Array.from({ length: count }, take).filter(received => !isAboutConsumers(received))
}
