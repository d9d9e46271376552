/**
 * What a master wrote that its new master never saw.
 *
 * A partition, and each side has a master: the old one goes on acknowledging writes, the other one was promoted. When
 * they meet again the old master is told to follow the new one, and all that it wrote since they parted is flushed, as
 * it is not part of the history that goes on. Nobody is told, and nobody can look it up.
 *
 *     A   0 ------------- 900 =========== 1047     the old master, until it is demoted
 *                           \
 *     B                      `------------------ 1200     the new master
 *
 * Here those writes (===) are still in the backlog when the new master orders a full synchronization. Before anything
 * is flushed they go to a file of their own, `split-brain-<time>.aof`: commands as an append-only file has them, so
 * that `redstart check aof` lists them and `redis-cli --pipe` could run them again. Which of them should be is for
 * somebody to decide who knows what they mean.
 *
 * Where the histories part the new master says itself, in INFO replication (parting.ts): a demoted master asks for it
 * before it asks to synchronize. One that has no name in common with us, as it was restarted or is a stranger, has seen
 * nothing of what we wrote since we lead.
 *
 * What it does not promise: more than the backlog holds. What was dropped from it is counted in the first line of the
 * file (`missing`); `repl-backlog-size` should hold the writes of the longest partition. And a master that was
 * restarted before it was demoted has no backlog any more: its own append-only file is the place to look.
 */

import { join } from 'node:path'
import type { Engine } from '../server/engine/engine.js'
import { RoomKey } from '../server/engine/rooms.js'
import type { Backlog } from './backlog.js'
import { UnseenWrites } from './unseen-writes.js'

const PIECE_BYTES = 256 * 1024

export interface Parting {
  /** The history that ends here, and where the other one left it. */
  readonly replid: string
  readonly from: number
  /** Who goes on, as `host:port`, and the name of its history. */
  readonly master: string
  readonly theirs: string
}

export class SplitBrains {
  /** Files written since the start, and the writes in them. */
  files = 0
  writes = 0
  /** Name of the last file; '': there is none. */
  last = ''

  constructor(private readonly engine: Engine) {}

  /** Resolves when all writes behind the parting are safe on disk; rejects when the disk does not take them. */
  async save(backlog: Backlog, parting: Parting): Promise<void> {
    const { engine } = this
    const unseen = new UnseenWrites(backlog, parting.from)
    const begun = await unseen.next(PIECE_BYTES)
    if (begun.length === 0 && unseen.writes === 0) return
    const name = `split-brain-${timestamp(engine.clock.wallMs())}.aof`
    const { dir } = engine.config.values
    const file = await engine.disk.open(join(dir, name), 'create')
    try {
      await file.append(Buffer.from(this.heading(parting, unseen.missing, backlog.end), 'latin1'))
      for (let piece = begun; piece.length > 0; piece = await unseen.next(PIECE_BYTES))
        await file.append(piece)
      await file.sync()
    } finally {
      unseen.close()
      await file.close()
    }
    await engine.disk.syncFolder(dir)
    this.note(name, unseen.writes, parting)
  }

  /** An annotation, which whoever loads the file skips. */
  private heading({ replid, from, master, theirs }: Parting, missing: number, to: number): string {
    const seconds = Math.floor(this.engine.clock.wallMs() / 1000)
    return (
      `#SPLIT-BRAIN replid=${replid} from=${from} to=${to} missing=${missing} master=${master} ` +
      `master-replid=${theirs}\r\n#TS:${seconds}\r\n`
    )
  }

  private note(name: string, writes: number, { master }: Parting): void {
    this.files++
    this.writes += writes
    this.last = name
    this.engine.log.warning(
      `The new master ${master} has never seen ${writes} writes of ours: they are kept in ${name}.`,
    )
  }
}

/** `20261120T104512.123Z`: sorts by time, and fits into the name of a file anywhere. */
function timestamp(wallMs: number): string {
  return new Date(wallMs).toISOString().replaceAll(/[-:]/g, '')
}

export const SPLIT_BRAINS = new RoomKey<SplitBrains>('writes that the new master never saw')
