/**
 * A server: an engine, the sockets in front of it, and a tick.
 *
 *     wires -> reception -> connections -> engine -> outbox -> wires
 *                                            ^
 *                       heartbeat, hz times a second
 *
 * It is made of what it is given: clock, network, disk and chance may be those of this machine or simulated
 * ones. It touches neither the process nor anything another server in it could see; what a program does besides
 * (signals, pid file, exit) is in main.ts.
 *
 * The order of a start: sockets open, data comes in (clients get -LOADING meanwhile), ready. The order of an end:
 * every part puts away what must be kept, and may refuse; nobody new is let in; the replies that are there go
 * out; the sockets close.
 */

import type { Config } from './config/config.js'
import { Engine, type ShutdownOptions, type World } from './engine/engine.js'
import type { Part } from './engine/part.js'
import { Heartbeat } from './heartbeat.js'
import type { Disk } from './lib/disk.js'
import type { Network } from './lib/network.js'
import type { ProcessFacts } from './lib/process-facts.js'
import { ClientLimits } from './net/limits.js'
import { Listeners } from './net/listeners.js'
import { Outbox } from './net/outbox.js'
import { Reception } from './net/reception.js'

/** What a server stands on. */
export interface ServerWorld extends World {
  readonly network: Network
  readonly disk: Disk
  readonly facts: ProcessFacts
}

/** How long the last replies may take to go, for clients that do not read them. */
const FAREWELL_MS = 500

export class Server {
  readonly engine: Engine
  readonly config: Config
  readonly listeners: Listeners
  private readonly reception: Reception
  private readonly heartbeat: Heartbeat
  private ending: Promise<string | null> | null = null

  constructor(
    private readonly world: ServerWorld,
    parts: readonly Part[],
  ) {
    const { config, clock, network, log } = world
    this.config = config
    this.engine = new Engine(world, parts)
    const limits = new ClientLimits(this.engine)
    this.reception = new Reception(this.engine, new Outbox(this.engine, limits))
    this.listeners = new Listeners(network, config, log, wire => this.reception.accept(wire))
    const clients = () => this.reception.count
    this.heartbeat = new Heartbeat(clock, config, clients, () => {
      this.engine.tick()
      limits.tick()
      this.reception.tick(this.engine.keyspace.now)
    })
  }

  /** Opens the sockets. `anyPort`: port 0 is not none but any that is free. Rejects with ListeningFailed. */
  async listen(anyPort = false): Promise<void> {
    await this.listeners.open(anyPort)
    this.heartbeat.start()
  }

  /** Lets the parts bring in the data, if there may be any. Rejects with what a part says. */
  async load(mayHaveData = true): Promise<void> {
    if (mayHaveData) await this.engine.start()
    const { log } = this.world
    for (const kind of this.listeners.kinds) log.notice(`Ready to accept connections ${kind}`)
  }

  /** Ends in order. Asked again meanwhile, it is the same end. Null when it has ended; else why it goes on. */
  async end(options: ShutdownOptions): Promise<string | null> {
    this.ending ??= this.endNow(options)
    const reason = await this.ending
    if (reason !== null) this.ending = null
    return reason
  }

  private async endNow(options: ShutdownOptions): Promise<string | null> {
    const reason = await this.engine.stop(options)
    if (reason !== null) return reason
    this.heartbeat.stop()
    const closed = this.listeners.close()
    this.reception.close()
    await this.farewell()
    await closed
    this.world.threads?.end()
    return null
  }

  /** The replies that are there go out at the end of this turn; slow readers get a moment more. */
  private async farewell(): Promise<void> {
    const { clock } = this.world
    const deadlineUs = clock.monotonicUs() + FAREWELL_MS * 1000
    while (this.reception.count > 0 && clock.monotonicUs() < deadlineUs) {
      await new Promise<void>(resolve => clock.after(1, resolve, { ref: true }))
    }
    this.reception.destroy()
  }
}
