/** What a running command sees: who asks, on what data, where the answer goes, and what must be remembered. */

import { Mem, Span } from '../lib/bytes.js'
import type { Config } from '../config/config.js'
import type { Database } from '../keyspace/database.js'
import type { Keyspace } from '../keyspace/keyspace.js'
import type { CommandWord } from '../resp/command-text.js'
import type { ReplyWriter } from '../resp/reply.js'
import type { Request } from '../resp/request.js'
import type { Command, CommandFlag } from './command.js'
import type { Engine } from './engine.js'
import type { Session } from './session.js'
import type { TableEntry } from './table.js'
import type { Transaction } from './transaction.js'

/** One per engine, pointed at each command in turn: no allocation per command. */
export class Context {
  /** Whose command runs, and which; undefined before the first. They are there at once: a context has one shape for V8. */
  session = undefined as unknown as Session
  entry = undefined as unknown as TableEntry
  /** True while EXEC (or a script) runs commands of a session: they must not block. */
  nested = false
  /** How the journal learns of this command: as received unless the command said otherwise. */
  effects: 'received' | 'stated' | 'none' = 'received'

  /** For handlers that look at one value at a time: holds nothing between commands. */
  readonly span = new Span(new Mem(new ArrayBuffer(8)), 0, 0)

  constructor(readonly engine: Engine) {}

  get db(): Database {
    return this.session.db
  }

  get reply(): ReplyWriter {
    return this.session.reply
  }

  get request(): Request {
    return this.session.request
  }

  get keyspace(): Keyspace {
    return this.engine.keyspace
  }

  get config(): Config {
    return this.engine.config
  }

  get command(): Command {
    return this.entry.command
  }

  /** Whether the command has this flag, or is EXEC and some queued command has it. */
  any(flag: CommandFlag): boolean {
    return this.command.has(flag) || (this.queued?.some(flag) ?? false)
  }

  /** Whether the command has this flag, and with EXEC every queued command too. */
  all(flag: CommandFlag): boolean {
    return this.command.has(flag) && (this.queued?.every(flag) ?? true)
  }

  /** What the command is about to run, when it is EXEC. */
  private get queued(): Transaction | null {
    return this.command.fullName === 'exec' ? this.session.transaction : null
  }

  /** Unix ms, the same for the whole command (and for all commands of a transaction). */
  get now(): number {
    return this.engine.keyspace.now
  }

  /** Word `index` of the request; 0 is the command's name. */
  word(index: number): Span {
    return this.request.word(index)
  }

  get count(): number {
    return this.request.count
  }

  /** Journals this effect in place of the command as received. May be called several times, in order. */
  propagateAs(...words: readonly CommandWord[]): void {
    this.propagateList(words)
  }

  /** As `propagateAs`, of as many words as a client has sent: more than the stack takes. */
  propagateList(words: readonly CommandWord[]): void {
    this.effects = 'stated'
    this.engine.journal.record(this.db, words)
  }

  /** As `propagateAs`: the command as received, with another word in place of one of its own. */
  propagateWith(index: number, word: Span): void {
    this.effects = 'stated'
    this.engine.journal.edited(this.db, this.request, index, word)
  }

  /** The command changed something that nobody else needs to hear of. */
  propagateNothing(): void {
    if (this.effects === 'received') this.effects = 'none'
  }

  /** Deletes as the client asked: lazily when lazyfree-lazy-user-del says so. */
  get lazyDelete(): boolean {
    return this.config.values.lazyfreeLazyUserDel
  }
}
