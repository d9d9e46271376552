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
import { CommandText, type CommandWord } from '../server/resp/command-text.js'
import { Backlog } from './backlog.js'

export class ReplicationStream implements JournalSink {
  readonly takesMessages = true
  readonly backlog: Backlog
  /** Of the words of its own. */
  private readonly text = new CommandText()
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
    this.say('PING')
  }

  askHowFar(): void {
    this.say('REPLCONF', 'GETACK', '*')
  }

  private select(db: number): void {
    this.say('SELECT', db)
    this.selectedDb = db
  }

  private say(...words: readonly CommandWord[]): void {
    const { backlog, text } = this
    text.clear()
    text.addWords(words)
    backlog.add(text.mem, 0, text.length)
  }
}
