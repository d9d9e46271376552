/**
 * What a client may cost us, and who looks when.
 *
 *      a reply grows by a chunk        output limits
 *      its replies are flushed         output limits, weight
 *      a request was read              query buffer limit, weight
 *      the turn ends                   maxmemory-clients
 *      the tick                        soft output limits; some clients in turn: spare query buffer, figures
 *
 * Nothing is looked at per command.
 */

import type { Engine } from '../engine/engine.js'
import { ClientEviction } from './client-eviction.js'
import type { Connection, Limits } from './connection.js'
import { OutputLimits } from './output-limits.js'

/** Every client has its turn within a second, and at least so many have it in a tick. */
const CLIENTS_PER_TICK_MIN = 5
/** How much of an oversized query buffer the log shows. */
const SHOWN_BYTES = 64

export class ClientLimits implements Limits {
  private readonly output: OutputLimits
  private readonly connections = new Set<Connection>()
  private readonly eviction: ClientEviction
  private round: Iterator<Connection> = this.connections.values()

  constructor(private readonly engine: Engine) {
    this.output = new OutputLimits(engine)
    this.eviction = new ClientEviction(engine, this.connections)
  }

  opened(connection: Connection): void {
    this.connections.add(connection)
    this.eviction.weigh(connection)
  }

  closed(connection: Connection): void {
    this.connections.delete(connection)
    this.output.forget(connection)
    this.eviction.forget(connection)
  }

  hasRead(connection: Connection): void {
    if (connection.requestMemory > this.engine.config.values.clientQueryBufferLimit)
      this.refuseInput(connection)
    // Who has replies is weighed when they are flushed. A request on its way counts now: it may not last until then.
    else if (!connection.queued) this.eviction.weighNow(connection)
  }

  hasSent(connection: Connection): void {
    this.output.relieve(connection)
    this.eviction.weigh(connection)
  }

  mayWait(connection: Connection, bytes: number): boolean {
    return this.output.mayWait(connection, bytes)
  }

  cutsOff(connection: Connection): boolean {
    return this.output.cutsOff(connection)
  }

  /** Everything has been flushed. */
  turnEnds(): void {
    this.eviction.enforce()
  }

  tick(): void {
    const { connections, engine } = this
    this.output.tick()
    const share = Math.ceil(connections.size / engine.config.values.hz)
    const count = Math.min(connections.size, Math.max(CLIENTS_PER_TICK_MIN, share))
    for (let i = 0; i < count; i++) this.lookAfter(this.nextInRound())
  }

  private nextInRound(): Connection | undefined {
    const next = this.round.next()
    if (next.done !== true) return next.value
    this.round = this.connections.values()
    return this.round.next().value as Connection | undefined
  }

  private lookAfter(connection: Connection | undefined): void {
    if (connection === undefined) return
    connection.lookAfter(this.engine.keyspace.now)
    this.eviction.weigh(connection)
  }

  private refuseInput(connection: Connection): void {
    const { engine } = this
    const shown = connection.firstInput(SHOWN_BYTES)
    engine.log.warning(
      `Closing client that reached max query buffer length: ${connection.describe()} (qbuf initial bytes: ${shown})`,
    )
    engine.stats.inputBufferLimitDisconnections++
    connection.cutOff()
  }
}
