/**
 * A master becomes a replica: before its data gives way to the new master's, what that one never saw is put aside. See
 * split-brain.ts.
 *
 *      PING ...                            as always
 *      INFO replication, PING              how far is our history theirs?   (only after we have led)
 *      PSYNC replid offset                 +CONTINUE: they have seen all; nothing is unseen
 *                                          +FULLRESYNC: what is behind the parting is unseen; to the disk with it
 */

import type { Engine } from '../server/engine/engine.js'
import type { Conversation } from './conversation.js'
import type { Master } from './master.js'
import { type Known, partingPoint, readKnown } from './parting.js'
import { SPLIT_BRAINS } from './split-brain.js'

export class Demotion {
  private theirs: Known | null = null

  constructor(
    private readonly engine: Engine,
    private readonly master: Master,
    private readonly conversation: Conversation,
  ) {}

  /** Asks the new master what it knows of our history, if we have made any. */
  async ask(): Promise<void> {
    if (this.isConcerned) this.theirs = readKnown(await this.info())
  }

  /** Puts aside what it has not seen. Rejects when that fails: our data must stay then. */
  async save(theirReplid: string): Promise<void> {
    const { engine, master, theirs } = this
    const { stream, ledFrom, history, offset } = master
    if (stream === null || ledFrom === null || !this.isConcerned) return
    const common = theirs === null ? null : partingPoint({ history, offset }, theirs)
    const { replicaof } = engine.config.values
    await engine.rooms.get(SPLIT_BRAINS).save(stream.backlog, {
      replid: history.replid,
      from: common ?? ledFrom,
      master: replicaof === null ? '?' : `${replicaof.host}:${replicaof.port}`,
      theirs: theirReplid,
    })
  }

  private get isConcerned(): boolean {
    return this.master.ledFrom !== null && this.engine.config.values.splitBrainFile
  }

  /** The lines of its answer. PING says where they end: no line of INFO begins as a reply does. */
  private async info(): Promise<string[]> {
    const { conversation } = this
    conversation.say('INFO', 'replication')
    conversation.say('PING')
    const lines = [await conversation.line()]
    const isEnd = (line: string): boolean => line.startsWith('+') || line.startsWith('-')
    for (let line = await conversation.line(); !isEnd(line); line = await conversation.line())
      lines.push(line)
    return lines
  }
}
