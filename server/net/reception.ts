/**
 * Who is let in: `maxclients`, `protected-mode`, `tcp-keepalive`; and who has to leave: `timeout`.
 *
 * A refused client is told why, in the words that client libraries know, and let go.
 */

import type { Engine } from '../engine/engine.js'
import type { Wire } from '../lib/network.js'
import { Connection } from './connection.js'
import type { Outbox } from './outbox.js'

const TOO_MANY = '-ERR max number of clients reached\r\n'

/** Long, but it is what a puzzled newcomer sees first, and the sentence that everybody searches the web for. */
const PROTECTED =
  '-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the ' +
  'default user. In this mode connections are only accepted from the loopback interface. If you want to connect ' +
  'from external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode ' +
  "sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the " +
  'same host the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. ' +
  'Use CONFIG REWRITE to make this change permanent. 2) Alternatively you can just disable the protected mode by ' +
  "editing the Redis configuration file, and setting the protected mode option to 'no', and then restarting the " +
  'server. 3) If you started the server manually just for testing, restart it with the ' +
  "'--protected-mode no' option. 4) Setup a an authentication password for the default user. NOTE: You only need to " +
  'do one of the above things in order for the server to start accepting connections from the outside.\r\n'

const IDLE_CHECK_MS = 1000

export class Reception {
  private readonly connections = new Set<Connection>()
  private idleCheckedMs = 0

  constructor(
    private readonly engine: Engine,
    private readonly outbox: Outbox,
  ) {}

  get count(): number {
    return this.connections.size
  }

  /** A new wire: its connection, or null when it was refused. */
  accept(wire: Wire): Connection | null {
    const { engine } = this
    engine.stats.connections++
    const refusal = this.refusal(wire)
    if (refusal !== null) {
      engine.stats.rejectedConnections++
      wire.write(Buffer.from(refusal, 'latin1'))
      wire.end()
      return null
    }
    engine.beginTurn()
    if (!wire.unix) wire.keepAlive(engine.config.values.tcpKeepalive)
    const connection = new Connection(engine, wire, this.outbox, gone => this.connections.delete(gone))
    this.connections.add(connection)
    engine.log.verbose(`Accepted ${wire.unix ? 'connection to unix socket' : wire.remoteAddress}`)
    return connection
  }

  /** Lets go of clients that have been silent for too long; looks once a second. */
  tick(nowMs: number): void {
    const limitMs = this.engine.config.values.timeout * 1000
    if (limitMs === 0 || nowMs - this.idleCheckedMs < IDLE_CHECK_MS) return
    this.idleCheckedMs = nowMs
    for (const connection of this.connections) {
      if (nowMs - connection.session.lastActiveMs <= limitMs || mayBeSilent(connection)) continue
      this.engine.log.verbose('Closing idle client')
      connection.destroy()
    }
  }

  /** Ends all connections; what was already answered is still sent. */
  close(): void {
    for (const connection of this.connections) connection.finish()
  }

  /** Ends them now. */
  destroy(): void {
    for (const connection of this.connections) connection.destroy()
  }

  private refusal(wire: Wire): string | null {
    const { defaultUser, config } = this.engine
    const { maxclients, protectedMode } = config.values
    if (this.connections.size >= maxclients) return TOO_MANY
    return protectedMode && defaultUser.open && !wire.loopback ? PROTECTED : null
  }
}

/** Subscribers, replicas and clients that wait in a blocking command are silent by trade. */
function mayBeSilent({ session }: Connection): boolean {
  return (
    session.class !== 'normal' || session.subscriptions > 0 || session.waiting !== null || session.trusted
  )
}
