import { CommandReader } from '../../persistence/aof/command-reader.js'
import { Replay } from '../../persistence/aof/replay.js'
import type { Engine } from '../../server/engine/engine.js'

/** Runs a log of commands, as at the start of a server. Throws when it is none, or is not whole. */
export async function replayed(engine: Engine, log: Uint8Array): Promise<void> {
  const replay = new Replay(engine)
  const file = {
    readAt(position: number, into: Uint8Array): Promise<number> {
      const piece = log.subarray(position, position + into.length)
      into.set(piece)
      return Promise.resolve(piece.length)
    },
  }
  const reader = new CommandReader(file, 0, log.length, replay.session.request, 'always')
  for (;;) {
    const found = reader.next()
    if (found === 'wrong') throw new Error(`no command at ${reader.offset}`)
    if (found === 'command') replay.take()
    if (found === 'more' && !(await reader.fill())) break
  }
  if (reader.left > 0) throw new Error(`the log ends within a command at ${reader.offset}`)
  replay.close()
}
