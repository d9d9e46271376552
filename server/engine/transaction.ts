/** A transaction in the making: what MULTI queued, until EXEC or DISCARD. */

import type { Request } from '../resp/request.js'
import type { CommandFlag } from './command.js'
import type { TableEntry } from './table.js'

interface Queued {
  readonly entry: TableEntry
  readonly request: Request
}

export class Transaction {
  readonly queue: Queued[] = []
  /** A command was refused while queueing: EXEC will refuse all. */
  aborted = false
  /** Bytes of the queued words. */
  bytes = 0

  /** What will not run anyway is not kept. */
  add(entry: TableEntry, request: Request): void {
    if (this.aborted) return
    const copy = request.clone()
    this.queue.push({ entry, request: copy })
    this.bytes += copy.bytes
  }

  some(flag: CommandFlag): boolean {
    return this.queue.some(({ entry }) => entry.command.has(flag))
  }

  every(flag: CommandFlag): boolean {
    return this.queue.every(({ entry }) => entry.command.has(flag))
  }
}
