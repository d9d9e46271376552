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

  async stop(engine, options) {
    const aof = engine.rooms.get(AOF)
    if (aof.state !== 'off') engine.log.notice('Calling fsync() on the AOF file.')
    await aof.close()
    return refuseInDoubt(engine, aof, options)
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
  config.onChange('appendfsync', () => {
    aof.judge()
    return null
  })
}

/** There may be a log already, for the sake of a backup. */
async function wish(aof: Aof): Promise<void> {
  await aof.keep()
  await aof.turnOn()
}

/**
 * The first one is what the log begins with: without it nothing that was collected is worth anything. Nor is another
 * given up that makes good what is in doubt on disk.
 */
function giveUpRewrite(engine: Engine, aof: Aof, options: ShutdownOptions): string | null {
  const { log } = engine
  const refusal = refuseInDoubt(engine, aof, options)
  if (refusal !== null) return refusal
  if (aof.state === 'waiting' && !options.force) {
    log.warning("Writing initial AOF, can't exit.")
    return 'the initial AOF is being written'
  }
  if (aof.rewrite === null) return null
  log.warning('There is a child rewriting the AOF. Killing it!')
  aof.rewrite.cancel()
  return null
}

/** What the memory holds may be the only whole copy of the data. */
function refuseInDoubt({ log }: Engine, aof: Aof, { force }: ShutdownOptions): string | null {
  if (!aof.isDoubtful || force) return null
  log.warning(
    `The append only file may lack something on disk (${aof.appender.file.doubt ?? ''}) and is to be written anew, can't exit.`,
  )
  return 'the append-only file is not safe on disk'
}
