/** Replies on their way out: every connection that has some is flushed once, at the end of the turn. */

import type { FilledChunk } from '../resp/reply.js'
import type { ChunkPool } from '../resp/chunks.js'
import type { Engine } from '../engine/engine.js'
import type { Connection } from './connection.js'

/** Decides, after a flush, whether a connection's client reads too slowly to keep. */
export type OutputPolicy = (connection: Connection) => void

export class Outbox {
  private queue: Connection[] = []
  private resumable: Connection[] = []
  private readonly chunks: ChunkPool

  constructor(
    private readonly engine: Engine,
    private readonly policy: OutputPolicy,
  ) {
    this.chunks = engine.chunks
    engine.endOfTurn.push(() => this.flush())
  }

  /** The connection has replies (or an end) to be sent at the end of this turn. */
  add(connection: Connection): void {
    if (connection.queued) return
    connection.queued = true
    if (this.queue.push(connection) === 1) this.engine.wantTurn()
  }

  /** The connection's session waits no more: its pipelined requests run at the end of this turn. */
  resume(connection: Connection): void {
    this.resumable.push(connection)
    this.add(connection)
  }

  drained(connection: Connection): void {
    this.policy(connection)
  }

  forget(connection: Connection): void {
    const index = this.queue.indexOf(connection)
    if (index >= 0) this.queue.splice(index, 1)
  }

  private flush(): void {
    while (this.resumable.length > 0) {
      const ready = this.resumable
      this.resumable = []
      for (const connection of ready) connection.run()
    }
    const connections = this.queue
    this.queue = []
    for (const connection of connections) {
      connection.queued = false
      this.send(connection)
    }
  }

  private send(connection: Connection): void {
    const { session, wire } = connection
    const bytes = session.reply.length
    if (bytes > 0) {
      this.engine.stats.outputBytes += bytes
      this.engine.stats.writes++
      connection.bytesSent += bytes
      const only = session.reply.takeOnly()
      if (only !== null) this.write(connection, only)
      else this.writeAll(connection, session.reply.take())
    }
    if (connection.ending) wire.end()
    else if (wire.pending > 0) this.policy(connection)
  }

  private write(connection: Connection, chunk: FilledChunk): void {
    if (connection.wire.write(chunk.mem.u8.subarray(0, chunk.length))) this.chunks.give(chunk.mem)
  }

  private writeAll(connection: Connection, chunks: FilledChunk[]): void {
    const { wire } = connection
    wire.cork()
    for (const chunk of chunks) wire.write(chunk.mem.u8.subarray(0, chunk.length))
    wire.uncork()
    if (wire.pending === 0) for (const chunk of chunks) this.chunks.give(chunk.mem)
  }
}
