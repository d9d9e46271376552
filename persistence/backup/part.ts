/** Backups as a part of the server. */

import type { Engine } from '../../server/engine/engine.js'
import type { Part } from '../../server/engine/part.js'
import { AOF } from '../aof/aof.js'
import { BACKUP, Backup } from './backup.js'
import { backup } from './commands.js'

const roomOf = ({ rooms }: Engine): Backup => rooms.get(BACKUP)

/**
 * Stands behind the append-only file's part, whose files a backup is made of, and behind replication's: while a master
 * waits for its replicas its end can be called off, and an open backup goes on.
 */
export const backupPart: Part = {
  name: 'backups',
  commands: [backup],
  info: [
    {
      name: 'persistence',
      default: true,
      *fields(engine) {
        yield ['backup_in_progress', roomOf(engine).open ? 1 : 0]
      },
    },
  ],

  install(engine) {
    engine.rooms.put(BACKUP, new Backup(engine, engine.rooms.get(AOF)))
  },

  tick(engine, nowMs) {
    roomOf(engine).tick(nowMs)
  },

  /** What is not sealed is worth nothing to the next start. A log that cannot be written is not waited for. */
  async beforeStop(engine) {
    const room = roomOf(engine)
    if (!room.open) return null
    const over = room.abort('the server ended')
    if (engine.rooms.get(AOF).appender.file.error === null) await over
    return null
  },
}
