import { Config } from '../../server/config/config.js'
import { Engine } from '../../server/engine/engine.js'
import { Mem } from '../../server/lib/bytes.js'
import { type Clock, systemClock } from '../../server/lib/clock.js'
import { silentLog } from '../../server/lib/log.js'
import { seededRandom } from '../../server/lib/random.js'
import { Connection } from '../../server/net/connection.js'
import { ClientLimits } from '../../server/net/limits.js'
import { Outbox } from '../../server/net/outbox.js'
import { parts } from '../../server/parts.js'
import { WireToNowhere } from '../../server/rehearsal/wire-to-nowhere.js'
import { HEADROOM } from '../../server/resp/parser.js'
import type { Micro } from './micro.js'

/**
 * A command's whole way through the server but for the system calls: a read of so many pipelined requests from
 * one of 50 connections, parsed, run, answered and handed to a wire that takes everything.
 */
const CONNECTIONS = 50
const KEYS = 100_000
/** Enough to come by most keys: what a command costs is half of it how far they are. */
const REQUESTS = 200_000

/** The words of a request, of a random key; in the first half of the requests, or in the second. */
type Words = (key: string, first: boolean) => string[]

const commands: Readonly<Record<string, Words>> = {
  SET: key => ['SET', `key:${key}`, 'VXK'],
  GET: key => ['GET', `key:${key}`],
  INCR: key => ['INCR', `counter:${key}`],
  LPUSH: () => ['LPUSH', 'list', 'VXK'],
  'LPUSH and RPOP': (_, first) => (first ? ['LPUSH', 'list', 'VXK'] : ['RPOP', 'list']),
  SADD: key => ['SADD', 'set', `element:${key}`],
  'SADD and SPOP': (key, first) => (first ? ['SADD', 'set', `element:${key}`] : ['SPOP', 'set']),
  HSET: key => ['HSET', 'hash', `element:${key}`, 'VXK'],
  'HSET small': key => ['HSET', `hash:${key.slice(0, -1)}`, `field:${key.slice(-1)}`, 'VXK'],
  ZADD: key => ['ZADD', 'zset', key, `element:${key}`],
  MSET: key => ['MSET', ...Array.from({ length: 10 }, (_, i) => [`key:${i}${key.slice(1)}`, 'VXK']).flat()],
}

export default function register(micro: Micro): void {
  for (const [name, words] of Object.entries(commands)) {
    for (const pipeline of [1, 16, 64]) {
      // Built when it runs: most runs choose a few of them.
      let load: Load | null = null
      micro(`${name} P${pipeline}`, iterations => (load ??= new Load(pipeline, words)).run(iterations))
    }
  }
}

/** No batch is longer. */
const BATCH_BYTES_MAX = 1 << 16

class Load {
  private readonly soon: (() => void)[] = []
  private readonly connections: Connection[]
  private readonly mem = new Mem(new ArrayBuffer(HEADROOM + BATCH_BYTES_MAX))
  private batches: readonly Buffer[] = []
  private turn = 0

  constructor(
    private readonly pipeline: number,
    words: Words,
  ) {
    const random = seededRandom(1)
    const real = systemClock()
    const clock: Clock = {
      wallMs: () => real.wallMs(),
      wallUs: () => real.wallUs(),
      monotonicUs: () => real.monotonicUs(),
      after: (ms, run) => real.after(ms, run),
      busyUs: () => real.busyUs(),
      every: (ms, run) => real.every(ms, run),
      soon: run => this.soon.push(run),
      stall: ms => real.stall(ms),
    }
    const engine = new Engine({ clock, random, log: silentLog(), config: new Config() }, parts)
    const outbox = new Outbox(engine, new ClientLimits(engine))
    this.connections = Array.from(
      { length: CONNECTIONS },
      () => new Connection(engine, new WireToNowhere(), outbox),
    )
    this.fill()
    const request = (first: boolean): string => encode(words(nameOf(random.below(KEYS)), first))
    const batches = REQUESTS / pipeline
    this.batches = Array.from({ length: batches }, (_, batch) =>
      Buffer.from(Array.from({ length: pipeline }, () => request(batch < batches / 2)).join('')),
    )
  }

  /** So that GET has something to find. */
  private fill(): void {
    this.batches = Array.from({ length: KEYS }, (_, i) => Buffer.from(encode(commands.SET(nameOf(i), true))))
    this.run(KEYS * this.pipeline)
    this.turn = 0
  }

  run(commands: number): number {
    for (let done = 0; done < commands; done += this.pipeline) {
      const batch = this.batches[this.turn % this.batches.length]
      this.mem.u8.set(batch, HEADROOM)
      this.connections[this.turn % CONNECTIONS].received(this.mem, HEADROOM, batch.length)
      if (++this.turn % CONNECTIONS === 0) for (const run of this.soon.splice(0)) run()
    }
    return this.turn
  }
}

/** As redis-benchmark has it. */
function nameOf(key: number): string {
  return String(key).padStart(12, '0')
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map(word => `$${word.length}\r\n${word}\r\n`).join('')}`
}
