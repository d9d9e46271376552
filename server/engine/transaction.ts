/** A transaction in the making: what MULTI queued, until EXEC or DISCARD. */

import type { Request } from '../resp/request.js'
import type { CommandFlag } from './command.js'
import type { TableEntry } from './table.js'

interface Queued {
  readonly entry: TableEntry
  readonly request: Request
  readonly flags: ReadonlySet<CommandFlag>
}

export class Transaction {
  readonly queue: Queued[] = []
  /** A command was refused while queueing: EXEC will refuse all. */
  aborted = false
  /** Bytes of the queued words. */
  bytes = 0

  /** What will not run anyway is not kept. */
  add(entry: TableEntry, request: Request, flags: ReadonlySet<CommandFlag>): void {
    if (this.aborted) return
    const copy = request.clone()
    this.queue.push({ entry, request: copy, flags })
    this.bytes += copy.bytes
  }

  some(flag: CommandFlag): boolean {
    return this.queue.some(queued => queued.flags.has(flag))
  }

  every(flag: CommandFlag): boolean {
    return this.queue.every(queued => queued.flags.has(flag))
  }
}
