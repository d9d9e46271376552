import { Config } from '../../server/config/config.js'
import { Engine } from '../../server/engine/engine.js'
import type { Part } from '../../server/engine/part.js'
import { VirtualClock } from '../../server/lib/clock.js'
import type { Disk } from '../../server/lib/disk.js'
import type { Network } from '../../server/lib/network.js'
import { type Log, silentLog } from '../../server/lib/log.js'
import { seededRandom } from '../../server/lib/random.js'
import { SimulatedDisk } from '../../server/lib/simulated-disk.js'
import { InsideClient, type Reply, type Word } from '../../server/net/inside-client.js'
import { parts } from '../../server/parts.js'

/** A server without sockets on a simulated disk, whose time and turns pass when told to. */
export interface AofWorldOptions {
  readonly disk: Disk
  readonly config?: Readonly<Record<string, string>>
  readonly seed?: number
  readonly network?: Network
  /** Stands behind all the others. */
  readonly part?: Part
  /** That of the disk, if it has one. */
  readonly clock?: VirtualClock
}

export const DATA_FOLDER = '/data'

/** A disk with an empty data folder that survives crashes. */
export async function freshDisk(seed = 1): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk({ random: seededRandom(seed) })
  await disk.mkdir(DATA_FOLDER)
  await disk.syncFolder('/')
  return disk
}

/** The same, each of whose operations takes up to so many ms. Time has to pass for it: see AofWorldOptions. */
export async function slowDisk(
  seed: number,
  clock: VirtualClock,
  latencyMaxMs: number,
): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk({ random: seededRandom(seed), clock, latencyMaxMs })
  const made = disk.mkdir(DATA_FOLDER).then(() => disk.syncFolder('/'))
  await passing(clock, made)
  return disk
}

export class AofWorld {
  readonly clock: VirtualClock
  readonly engine: Engine
  readonly lines: string[] = []
  /** Why the server ended itself. */
  failed: string | null = null
  private readonly own: InsideClient

  constructor({ disk, config = {}, seed = 1, network, part, clock = new VirtualClock() }: AofWorldOptions) {
    this.clock = clock
    const settings = new Config({ directory: DATA_FOLDER })
    const usual = { appendonly: 'yes', save: '""', 'enable-debug-command': 'yes', ...config }
    settings.load(
      Object.entries(usual)
        .map(([name, value]) => `${name} ${value}\n`)
        .join(''),
      () => [],
    )
    const world = {
      clock: this.clock,
      random: seededRandom(seed),
      log: this.log(),
      config: settings,
      disk,
      network,
    }
    this.engine = new Engine(world, part === undefined ? parts : [...parts, part])
    this.engine.fail = reason => {
      this.failed = reason
    }
    this.clock.every(100, () => this.engine.tick())
    this.own = new InsideClient(this.engine)
  }

  /** Brings the data in. Rejects as the start would. */
  start(): Promise<void> {
    return this.until(this.engine.start())
  }

  client(): InsideClient {
    return new InsideClient(this.engine)
  }

  /** Asks, and lets turns pass until there is a reply. */
  ask(...words: readonly Word[]): Promise<Reply> {
    return this.until(this.own.execute(words, false))
  }

  /** Lets turns pass until this has settled. */
  until<T>(work: Promise<T>): Promise<T> {
    return passing(this.clock, work)
  }

  /** One turn of the loop: a millisecond passes, what the disk has done is heard of. */
  turn(): Promise<void> {
    return turn(this.clock)
  }

  private log(): Log {
    const keep = (line: string): void => {
      this.lines.push(line)
    }
    return { ...silentLog(), notice: keep, warning: keep }
  }
}

const TURNS_MAX = 20_000

async function turn(clock: VirtualClock): Promise<void> {
  clock.advance(1)
  await new Promise<void>(resolve => void setImmediate(resolve))
}

async function passing<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let settled = false
  const done = (): void => {
    settled = true
  }
  work.then(done, done)
  for (let turns = 0; !settled; turns++) {
    if (turns > TURNS_MAX) throw new Error('it never ends')
    await turn(clock)
  }
  return work
}
