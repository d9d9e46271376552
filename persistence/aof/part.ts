/** The append-only file as a part of the server. */

import type { Engine, ShutdownOptions } from '../../server/engine/engine.js'
import type { Part } from '../../server/engine/part.js'
import { loadingOf } from '../loading.js'
import { AOF, Aof } from './aof.js'
import { bgrewriteaof, flushSleep, loadAof } from './commands.js'
import { logGate } from './gate.js'
import { holdUntil } from './hold.js'
import { aofSection } from './info.js'
import { startLog } from './start.js'

export const aofPart: Part = {
  name: 'append-only file',
  commands: [bgrewriteaof],
  gates: [logGate],
  info: [aofSection],

  install(engine) {
    const aof = engine.rooms.put(AOF, new Aof(engine))
    engine.debug.subcommands.push(loadAof, flushSleep)
    engine.endOfTurn.push(() => aof.endTurn())
    engine.memory.register({ purpose: 'aof.buffer', limited: false, bytes: () => aof.appender.memory })
    const { acknowledgements } = engine
    engine.acknowledgements = { ...acknowledgements, localDisks: written => aof.localDisks(written) }
    followConfig(engine, aof)
  },

  start: engine => loadingOf(engine).start(() => startLog(engine, engine.rooms.get(AOF))),

  tick(engine, nowMs) {
    engine.rooms.get(AOF).tick(nowMs)
  },

  beginStop: (engine, options) => giveUpRewrite(engine, engine.rooms.get(AOF), options),

  async stop(engine) {
    const aof = engine.rooms.get(AOF)
    if (aof.state !== 'off') engine.log.notice('Calling fsync() on the AOF file.')
    await aof.close()
    return null
  },
}

/** CONFIG SET answers when the files are as it says. */
function followConfig({ config, executor }: Engine, aof: Aof): void {
  const answerAfter = (work: Promise<unknown>): null => {
    holdUntil(executor.context.session, work)
    return null
  }
  config.onChange('appendonly', on => answerAfter(on ? wish(aof) : aof.turnOff()))
  config.onChange('aof-disable-auto-gc', () => answerAfter(aof.folder.deleteHistory()))
}

/** There may be a log already, for the sake of a backup. */
async function wish(aof: Aof): Promise<void> {
  await aof.keep()
  await aof.turnOn()
}

/** The first one is what the log begins with: without it nothing that was collected is worth anything. */
function giveUpRewrite({ log }: Engine, aof: Aof, { force }: ShutdownOptions): string | null {
  if (aof.state === 'waiting' && !force) {
    log.warning("Writing initial AOF, can't exit.")
    return 'the initial AOF is being written'
  }
  if (aof.rewrite === null) return null
  log.warning('There is a child rewriting the AOF. Killing it!')
  aof.rewrite.cancel()
  return null
}
