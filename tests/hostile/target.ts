import { expect } from 'vitest'
import { Config } from '../../server/config/config.js'
import { keepRenames } from '../../server/engine/renamed-commands.js'
import type { Engine } from '../../server/engine/engine.js'
import { systemClock } from '../../server/lib/clock.js'
import { systemDisk } from '../../server/lib/disk.js'
import { silentLog } from '../../server/lib/log.js'
import { systemNetwork } from '../../server/lib/network.js'
import { systemProcess } from '../../server/lib/process-facts.js'
import { systemRandom } from '../../server/lib/random.js'
import { parts } from '../../server/parts.js'
import { HEADROOM, READ_BYTES } from '../../server/resp/parser.js'
import { Server } from '../../server/server.js'
import { temporaryFolder } from '../support/temporary-folder.js'

/** A whole server on real sockets, in this process, so that a test can see what an attack has left behind. */
export class Target implements AsyncDisposable {
  private readonly before: Figures

  private constructor(
    private readonly server: Server,
    private readonly folder: Disposable,
  ) {
    this.before = figuresOf(server.engine)
  }

  static async start(): Promise<Target> {
    const folder = temporaryFolder()
    const config = new Config({ directory: folder.path })
    const renames = keepRenames(config)
    config.load(`save ""\nbind 127.0.0.1\nport 0`, () => '')
    const world = {
      clock: systemClock(),
      random: systemRandom(),
      network: systemNetwork({ headroom: HEADROOM, bytes: READ_BYTES }),
      disk: systemDisk(),
      facts: systemProcess(),
      log: silentLog(),
      config,
      renames,
    }
    const server = new Server(world, parts)
    await server.listen(true)
    await server.load()
    return new Target(server, folder)
  }

  get port(): number {
    return this.server.config.values.port
  }

  get engine(): Engine {
    return this.server.engine
  }

  /** Bytes that clients hold: query buffers, replies under way. */
  get clientBytes(): number {
    return this.engine.requestBytes + this.engine.chunks.lent
  }

  /** Empties the data, and resolves when nothing is left of all who were here: no session, no block of memory. */
  async isUnharmed(): Promise<void> {
    this.engine.keyspace.databases.forEach(db => db.flush(false))
    await until(() => JSON.stringify(figuresOf(this.engine)) === JSON.stringify(this.before)).catch(() => {
      expect(figuresOf(this.engine)).toEqual(this.before)
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.end({ save: 'nosave', now: true, force: true, reason: 'test' })
    this.folder[Symbol.dispose]()
  }
}

interface Figures {
  readonly sessions: number
  readonly lent: number
  readonly requestBytes: number
  readonly waiting: number
  readonly watching: number
  readonly keys: number
  /** Bytes of blocks in the arena. */
  readonly arena: number
}

function figuresOf({ sessions, chunks, requestBytes, waiting, watches, keyspace }: Engine): Figures {
  return {
    sessions: sessions.size,
    lent: chunks.lent,
    requestBytes,
    waiting: waiting.blocked,
    watching: watches.sessions,
    keys: keyspace.databases.reduce((sum, db) => sum + db.size, 0),
    arena: keyspace.arena.used,
  }
}

/** Resolves when this holds; rejects when it does not within some seconds. */
export async function until(holds: () => boolean, patienceMs = 4000): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`it never became true: ${holds.toString()}`)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
}
