/**
 * History as replicas hear it: a sink of the journal that writes to the backlog.
 *
 * Besides effects the stream carries words of its own, and every byte counts for the offset: SELECT when the database
 * changes, PING that the silence of a quiet master is not taken for its death, GETACK when somebody waits to know how
 * far the replicas are.
 */

import type { Engine } from '../server/engine/engine.js'
import type { JournalSink } from '../server/engine/journal.js'
import type { Session } from '../server/engine/session.js'
import type { Mem } from '../server/lib/bytes.js'
import { Backlog } from './backlog.js'

export class ReplicationStream implements JournalSink {
  readonly takesMessages = true
  readonly backlog: Backlog
  private selectedDb = -1

  /** Goes on at this offset of the history. */
  constructor(
    private readonly engine: Engine,
    offset: number,
  ) {
    this.backlog = new Backlog(offset, () => engine.config.values.replBacklogSize)
  }

  /** The one that it spoke of last. */
  get database(): number {
    return Math.max(0, this.selectedDb)
  }

  append(db: number, mem: Mem, start: number, length: number): void {
    const { backlog, engine } = this
    backlog.mark(this.selectedDb)
    if (db !== this.selectedDb) this.select(db)
    backlog.add(mem, start, length)
    const session = engine.executor.context.session as Session | undefined
    if (session !== undefined) session.replicatedTo = backlog.end
  }

  /** Somebody begins to listen here: the next effect says which database it speaks of. */
  beginText(): void {
    this.selectedDb = -1
  }

  ping(): void {
    this.backlog.addText('*1\r\n$4\r\nPING\r\n')
  }

  askHowFar(): void {
    this.backlog.addText('*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n')
  }

  private select(db: number): void {
    const digits = `${db}`
    this.backlog.addText(`*2\r\n$6\r\nSELECT\r\n$${digits.length}\r\n${digits}\r\n`)
    this.selectedDb = db
  }
}
