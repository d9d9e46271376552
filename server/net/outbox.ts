/**
 * Replies on their way out: every connection that has some is flushed once, at the end of the turn.
 *
 * What the kernel does not take at once stays in our hands: one batch at a time is under way, the rest waits in
 * the session's reply writer, where it goes on filling the same chunks. So a slow client costs the bytes that it
 * has not read and no more, they can be counted at any moment, and taken back when the client is cut off.
 *
 * Replicas come first: a write is on its way to them before its client hears that it is done. Then those who asked.
 * What nobody asked for, a message to its listeners, may concern tens of thousands, and a write to each takes some
 * microseconds: they come last, in pieces, between which others are served.
 */

import type { Engine } from '../engine/engine.js'
import type { Connection, Dispatch } from './connection.js'
import type { ClientLimits } from './limits.js'

/** How long listeners are told in one turn, and how many between two looks at the clock. */
const TELLING_US = 1000
const BETWEEN_LOOKS = 16

export class Outbox implements Dispatch {
  private queue: Connection[] = []
  /** Those that are fed with a stream. */
  private fed: Connection[] = []
  /** Those who are told something. */
  private readonly listeners = new Set<Connection>()
  private resumable: Connection[] = []
  /** The turn is ending: what is added now goes with it, and is no reason for another turn. */
  private isTurnEnding = false

  constructor(
    private readonly engine: Engine,
    readonly limits: ClientLimits,
  ) {
    engine.endOfTurn.unshift(() => this.beginEnd())
    engine.endOfTurn.push(() => this.flush())
  }

  add(connection: Connection): void {
    if (connection.queued) return
    connection.queued = true
    const queue = connection.session.feed === null ? this.queue : this.fed
    if (queue.push(connection) === 1 && !this.isTurnEnding) this.engine.wantTurn()
  }

  tell(connection: Connection): void {
    if (connection.session.feed !== null) return this.add(connection)
    this.listeners.add(connection)
    if (this.listeners.size === 1 && !this.isTurnEnding) this.engine.wantTurn()
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
    this.listeners.delete(connection)
    if (!connection.queued) return
    for (const queue of [this.fed, this.queue]) {
      const index = queue.indexOf(connection)
      if (index >= 0) queue.splice(index, 1)
    }
  }

  private beginEnd(): void {
    this.isTurnEnding = true
    while (this.resumable.length > 0) {
      const ready = this.resumable
      this.resumable = []
      for (const connection of ready) connection.run()
    }
  }

  private flush(): void {
    const { fed, queue } = this
    this.isTurnEnding = false
    this.fed = []
    this.queue = []
    for (const connection of fed) send(connection)
    for (const connection of queue) send(connection)
    this.tellListeners()
    this.limits.turnEnds()
    this.engine.chunks.flushed()
  }

  /** In the order in which they are to hear of it. */
  private tellListeners(): void {
    const { listeners, engine } = this
    if (listeners.size === 0) return
    const deadlineUs = engine.clock.monotonicUs() + TELLING_US
    let left = BETWEEN_LOOKS
    for (const connection of listeners) {
      listeners.delete(connection)
      connection.flush()
      if (--left > 0) continue
      if (engine.clock.monotonicUs() >= deadlineUs) return engine.wantTurn()
      left = BETWEEN_LOOKS
    }
  }
}

function send(connection: Connection): void {
  connection.queued = false
  connection.flush()
}
