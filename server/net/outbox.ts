/**
 * Replies on their way out: every connection that has some is flushed once, at the end of the turn.
 *
 * What the kernel does not take at once stays in our hands: one batch at a time is under way, the rest waits in
 * the session's reply writer, where it goes on filling the same chunks. So a slow client costs the bytes that it
 * has not read and no more, they can be counted at any moment, and taken back when the client is cut off.
 */

import type { Engine } from '../engine/engine.js'
import type { Connection, Dispatch } from './connection.js'
import type { ClientLimits } from './limits.js'

export class Outbox implements Dispatch {
  private queue: Connection[] = []
  private resumable: Connection[] = []

  constructor(
    private readonly engine: Engine,
    readonly limits: ClientLimits,
  ) {
    engine.endOfTurn.unshift(() => this.runResumable())
    engine.endOfTurn.push(() => this.flush())
  }

  add(connection: Connection): void {
    if (connection.queued) return
    connection.queued = true
    if (this.queue.push(connection) === 1) this.engine.wantTurn()
  }

  /**
   * The connection's session waits no more: its pipelined requests run at the end of this turn, before what the turn
   * wrote goes to disk, or at the end of the next.
   */
  resume(connection: Connection): void {
    this.resumable.push(connection)
    this.add(connection)
    this.engine.wantTurn()
  }

  forget(connection: Connection): void {
    if (!connection.queued) return
    const index = this.queue.indexOf(connection)
    if (index >= 0) this.queue.splice(index, 1)
  }

  private runResumable(): void {
    while (this.resumable.length > 0) {
      const ready = this.resumable
      this.resumable = []
      for (const connection of ready) connection.run()
    }
  }

  private flush(): void {
    const connections = this.queue
    this.queue = []
    for (const connection of connections) {
      connection.queued = false
      connection.flush()
    }
    this.limits.turnEnds()
    this.engine.chunks.flushed()
  }
}
