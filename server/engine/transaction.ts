/** A transaction in the making: what MULTI queued, until EXEC or DISCARD. */

import type { Request } from '../resp/request.js'
import type { TableEntry } from './table.js'

interface Queued {
  readonly entry: TableEntry
  readonly request: Request
}

export class Transaction {
  readonly queue: Queued[] = []
  /** A command was refused while queueing: EXEC will refuse all. */
  aborted = false
  /** Some queued command writes. */
  writes = false
  /** Some queued command may not run when memory is short. */
  needsMemory = false
  /** Bytes of the queued words. */
  bytes = 0

  add(entry: TableEntry, request: Request): void {
    const copy = request.clone()
    this.queue.push({ entry, request: copy })
    this.bytes += copy.bytes
    this.writes ||= entry.command.write || entry.command.has('may_replicate')
    this.needsMemory ||= entry.command.has('denyoom')
  }
}
