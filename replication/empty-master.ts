/**
 * A master that comes back empty must not empty its replicas.
 *
 * It happens to every master that is restarted by its supervisor without persistence, or whose disk was not mounted:
 * it is up again before anybody has noticed, it holds nothing, and its replicas ask it for all that it has. In Redis
 * they flush their data, the last copy there is, and load nothing.
 *
 * Here a replica looks into the snapshot before it lets go of what it has. The snapshot says at its very beginning
 * whether there is a key in it: facts and functions come first, then a key or the end.
 *
 *     REDIS0010  AUX ...  AUX ...  [FUNCTION ...]  SELECTDB ...    there are keys
 *     REDIS0010  AUX ...  AUX ...  [FUNCTION ...]  END             there are none
 *
 * A master of the same history that is empty was emptied by somebody who could have told us by the stream: that is
 * taken. An empty master of another history is refused, again and again, while the old data is served; until it has
 * data, or we follow somebody else, or `replica-accept-empty-master yes` says that this is meant.
 */

import { MAGIC_BYTES, Opcode } from '../persistence/rdb/format.js'
import { STARVED, Window } from '../persistence/rdb/window.js'
import { ValueReader } from '../server/data/serial/value-reader.js'
import type { Engine } from '../server/engine/engine.js'
import { RoomKey } from '../server/engine/rooms.js'
import type { History } from './history.js'
import { Pace } from './pace.js'

/** Who has said so much before its first key has one. */
const OPENING_MAX = 1 << 20
/** Ms between two warnings about the same master. */
const COMPLAINT_MS = 30_000

/** Where the snapshot comes from. */
export interface Incoming {
  /** The next bytes, at least one. */
  bytes(): Promise<Buffer>
  /** They are to be read again. */
  putBack(bytes: Buffer): void
}

/** Whether there is a key in a snapshot that begins like this; null: that cannot be told yet. */
export function holdsKeys(opening: Uint8Array): boolean | null {
  const window = Window.on(opening, false)
  const reader = new ValueReader(window)
  try {
    window.take(MAGIC_BYTES)
    for (;;) {
      const code = reader.byte()
      if (code === Opcode.end) return false
      if (!skip(reader, code)) return true
    }
  } catch (error) {
    // Whether it is a snapshot at all is for the one to say who loads it.
    return error === STARVED && opening.length < OPENING_MAX ? null : true
  }
}

/** Reads what says nothing about keys; false: it is something else. */
function skip(reader: ValueReader, code: number): boolean {
  if (code === Opcode.aux) {
    reader.string()
    reader.string()
  } else if (code === Opcode.functionLibrary) {
    reader.string()
  } else if (code === Opcode.selectDb) {
    reader.size()
  } else if (code === Opcode.resizeDb) {
    reader.size()
    reader.size()
  } else {
    return false
  }
  return true
}

/** Whether an empty snapshot of this history would take data from us that nobody has said is to go. */
export function bereaves({ replid, replid2 }: History, keys: number, theirs: string): boolean {
  return keys > 0 && theirs !== replid && theirs !== replid2
}

export class EmptyMasters {
  /** Snapshots that were refused. */
  refused = 0
  private readonly complaints = new Pace()

  constructor(private readonly engine: Engine) {}

  /**
   * Looks into the snapshot of a master whose history is `theirs`, and leaves it unread. Rejects when it must not be
   * taken.
   */
  async examine(incoming: Incoming, own: History, theirs: string): Promise<void> {
    const { config, keyspace } = this.engine
    if (config.values.replicaAcceptEmptyMaster || !bereaves(own, keyspace.keys, theirs)) return
    let opening = await incoming.bytes()
    while (holdsKeys(opening) === null) opening = Buffer.concat([opening, await incoming.bytes()])
    incoming.putBack(opening)
    if (holdsKeys(opening) === false) this.refuse()
  }

  private refuse(): never {
    const { engine } = this
    this.refused++
    if (this.complaints.isDue(engine.nowMs, COMPLAINT_MS)) {
      engine.log.warning(
        `The master holds no keys, and this replica holds ${engine.keyspace.keys}: it has perhaps been restarted ` +
          'without its data. The full synchronization is refused and the old data kept. If the data is to go, say ' +
          "'CONFIG SET replica-accept-empty-master yes'; if it is to stay, 'REPLICAOF NO ONE' makes this the master.",
      )
    }
    throw new Error('Full synchronization with an empty master refused')
  }
}

export const EMPTY_MASTERS = new RoomKey<EmptyMasters>('guard against empty masters')
