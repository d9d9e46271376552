/** DEBUG RELOAD: what is saved is what is loaded. It stops the world, as with Redis: nothing comes in between. */

import type { Context } from '../../server/engine/context.js'
import type { DebugSubcommand } from '../../server/engine/debug-switches.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { BAD_RELOAD_OPTION, RELOAD_FAILED, saveFailed } from '../../server/resp/errors.js'
import { KEEPER, type SnapshotKeeper } from './keeper.js'
import { loadRdbNow } from './load.js'
import { RdbError } from './rdb-error.js'

const OPTIONS: readonly string[] = ['nosave', 'noflush', 'merge']

export const reload: DebugSubcommand = {
  name: 'reload',
  syntax: '[NOSAVE] [NOFLUSH] [MERGE]',
  does: 'Saves the data and loads it again; keys that are there already are replaced with MERGE, an error without.',
  words: [0, Infinity],
  run(ctx, words) {
    const options = new Set(words.map(word => word.toLowerCase()))
    for (const option of options) if (!OPTIONS.includes(option)) throw BAD_RELOAD_OPTION
    const keeper = ctx.engine.rooms.get(KEEPER)
    if (!options.has('nosave') && !keeper.saveNow()) throw saveFailed(keeper.lastError)
    if (!options.has('noflush')) empty(ctx)
    loadNow(ctx, keeper, options.has('merge'))
    ctx.reply.ok()
  },
}

function empty({ engine, keyspace }: Context): void {
  for (const db of keyspace.databases) db.flush(false)
  engine.functions.clear()
}

function loadNow({ engine }: Context, { path }: SnapshotKeeper, replace: boolean): void {
  try {
    loadRdbNow(engine, path, engine.disk.readFileSync(path), { replace })
  } catch (error) {
    if (error instanceof RdbError) engine.log.warning(error.sentence)
    engine.log.warning(systemSentence(error))
    throw RELOAD_FAILED
  }
  engine.log.warning('DB reloaded by DEBUG RELOAD')
}
