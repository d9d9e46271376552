import { Config } from '../../server/config/config.js'
import { Engine } from '../../server/engine/engine.js'
import type { Part } from '../../server/engine/part.js'
import type { Session, Transport } from '../../server/engine/session.js'
import { Event } from '../../server/keyspace/events.js'
import type { KeyspaceListener } from '../../server/keyspace/keyspace.js'
import { Mem, type Span } from '../../server/lib/bytes.js'
import { VirtualClock } from '../../server/lib/clock.js'
import type { Log } from '../../server/lib/log.js'
import type { Network } from '../../server/lib/network.js'
import { seededRandom } from '../../server/lib/random.js'
import { SimulatedDisk } from '../../server/lib/simulated-disk.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { parts as allParts } from '../../server/parts.js'
import { HEADROOM, RequestParser } from '../../server/resp/parser.js'
import { type Received, type Reply, splitReplies } from './reply.js'
import { encodeRequest, type Line, lineOf } from './request.js'

/**
 * An engine in a world of its own: time stands still until told to pass, chance comes from a seed, every block of
 * memory is watched, and what the keyspace tells and the journal records is kept. Its clients are sessions without
 * sockets, but their words go through the request parser and their replies through the reply writer.
 */

export interface TestEngineOptions {
  /** Directives by their names in redis.conf. */
  readonly config?: Readonly<Record<string, string>>
  readonly parts?: readonly Part[]
  readonly seed?: number
  /** Unix ms at the start. */
  readonly nowMs?: number
  /** An empty one otherwise. */
  readonly disk?: SimulatedDisk
  /** None otherwise. */
  readonly network?: Network
}

/** Unix ms at which the world of a test begins, unless it says otherwise. */
export const TEST_NOW_MS = 1_000_000_000

export function testEngine(options: TestEngineOptions = {}): TestEngine {
  return new TestEngine(options)
}

export class TestEngine {
  readonly clock: VirtualClock
  readonly arena = new VerifiedArena()
  /** Its root is the working folder. */
  readonly disk: SimulatedDisk
  readonly engine: Engine
  /** Effects that the journal recorded, as lines. */
  readonly history: string[] = []
  /** Events of notify-keyspace-events class A, as `set mykey`. */
  readonly events: string[] = []
  private readonly clients = new Map<string, TestClient>()

  constructor({
    config = {},
    parts = allParts,
    seed = 1,
    nowMs = TEST_NOW_MS,
    disk,
    network,
  }: TestEngineOptions) {
    this.clock = new VirtualClock(nowMs)
    this.disk = disk ?? new SimulatedDisk({ random: seededRandom(seed) })
    this.engine = new Engine(
      {
        clock: this.clock,
        random: seededRandom(seed),
        log: SILENT,
        config: configOf(config),
        arena: this.arena,
        disk: this.disk,
        ...(network === undefined ? {} : { network }),
      },
      parts,
    )
    this.engine.journal.attach({
      append: (_db, mem, start, length) => {
        this.history.push(...effectLines(mem.u8.subarray(start, start + length)))
      },
    })
    this.engine.keyspace.listener = this.overhear(this.engine.keyspace.listener)
    this.clock.every(1000 / this.engine.config.values.hz, () => this.engine.tick())
  }

  /** The client of this name; it connects when first spoken of. */
  client(name = 'a', protocol: 2 | 3 = 2): TestClient {
    const known = this.clients.get(name)
    if (known !== undefined) return known
    const client = new TestClient(this)
    client.session.reply.protocol = protocol
    this.clients.set(name, client)
    return client
  }

  /** What one more client is answered to one command. */
  ask(line: Line): Reply {
    return this.client().ask(line)
  }

  /** Lets time pass, with all that falls due on the way. */
  advance(ms: number): void {
    this.clock.advance(ms)
    this.engine.beginTurn()
  }

  /** Throws unless the arena's blocks are those of the keyspace, each once. */
  audit(): void {
    this.arena.audit(this.engine.keyspace.blocks())
  }

  private overhear(listener: KeyspaceListener): KeyspaceListener {
    return {
      changed: (db, key, expelled) => listener.changed(db, key, expelled),
      wantsSubkeys: flag => listener.wantsSubkeys(flag),
      subkeys: (flag, name, db, key, subkeys) => listener.subkeys(flag, name, db, key, subkeys),
      removed: (flag, db, key) => listener.removed(flag, db, key),
      fieldRemoved: (db, key, field) => listener.fieldRemoved(db, key, field),
      ready: (db, key) => listener.ready(db, key),
      flushed: (db, other) => listener.flushed(db, other),
      allChanged: () => listener.allChanged(),
      event: (flag, name, db, key: Span) => {
        if ((flag & (Event.keyMiss | Event.newKey)) === 0) this.events.push(`${name} ${key.latin1()}`)
        listener.event(flag, name, db, key)
      },
    }
  }
}

/** A client inside the process. */
export class TestClient {
  readonly session: Session
  private readonly parser = new RequestParser(() => ({
    maxBulk: this.world.engine.config.values.protoMaxBulkLen,
    authenticated: true,
  }))
  private unread: Received[] = []
  private partial = Buffer.alloc(0)

  constructor(private readonly world: TestEngine) {
    this.session = world.engine.openSession(this.parser.request)
    this.session.transport = { ...this.session.transport, ...this.transport() }
  }

  /** Sends a command and answers its first reply. Throws when none has come: the command waits. */
  ask(line: Line): Reply {
    this.send(line)
    return this.receive().value
  }

  send(line: Line): void {
    this.sendBytes(encodeRequest(line))
  }

  /** Bytes as they would come from a socket. */
  sendBytes(bytes: Buffer): void {
    const { engine, clock } = this.world
    engine.beginTurn()
    this.parser.feed(Mem.copyOf(Buffer.concat([Buffer.alloc(HEADROOM), bytes])), HEADROOM, bytes.length)
    this.run()
    clock.advance(0)
  }

  /** The next reply or message that has come. */
  receive(): Received {
    this.collect()
    const next = this.unread.shift()
    if (next === undefined) throw new Error('no reply has come')
    return next
  }

  /** How many replies and messages have come and were not received yet. */
  get waiting(): number {
    this.collect()
    return this.unread.length
  }

  close(): void {
    this.world.engine.closeSession(this.session)
  }

  private run(): void {
    const { engine } = this.world
    const { session, parser } = this
    while (session.waiting === null && !session.closing && parser.next()) engine.execute(session)
    engine.settle()
    if (parser.error !== null && !session.closing) {
      session.reply.error(parser.error)
      session.close()
    }
    parser.park()
  }

  private collect(): void {
    const chunks = this.session.reply.take()
    const bytes = chunks.map(({ mem, length }) => Buffer.from(mem.u8.subarray(0, length)))
    for (const { mem } of chunks) this.world.engine.chunks.give(mem)
    const { replies, rest } = splitReplies(Buffer.concat([this.partial, ...bytes]))
    this.unread.push(...replies)
    this.partial = Buffer.from(rest)
  }

  private transport(): Partial<Transport> {
    const { clock } = this.world
    return {
      address: '127.0.0.1:50000',
      localAddress: '127.0.0.1:6379',
      resume: () => clock.soon(() => this.run()),
    }
  }
}

function configOf(directives: Readonly<Record<string, string>>): Config {
  const config = new Config()
  const lines = Object.entries(directives).map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`)
  config.load(lines.join(''), () => [])
  return config
}

/** What the journal hands over: encoded commands. */
function effectLines(bytes: Buffer): string[] {
  return splitReplies(bytes).replies.map(({ value }) => lineOf(value as string[]))
}

const ignore = (): void => undefined

const SILENT: Log = {
  debug: ignore,
  verbose: ignore,
  notice: ignore,
  warning: ignore,
  raw: ignore,
  setLevel: ignore,
  reopen: ignore,
  close: ignore,
}
