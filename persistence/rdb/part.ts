/** Snapshots as a part of the server: what is loaded at the start, saved on request and by save points, and at the end. */

import type { Engine, ShutdownOptions } from '../../server/engine/engine.js'
import type { Part } from '../../server/engine/part.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { loadingOf } from '../loading.js'
import { secondsSince } from '../progress.js'
import { bgsave, lastSave, save } from './commands.js'
import { snapshotGate } from './gate.js'
import { snapshotSection } from './info.js'
import { KEEPER, SnapshotKeeper } from './keeper.js'
import { loadRdbFile } from './load.js'
import { RdbError } from './rdb-error.js'
import { snapshotRuns } from './snapshot-run.js'
import { reload } from './reload.js'

export const snapshotPart: Part = {
  name: 'snapshots',
  commands: [save, bgsave, lastSave],
  gates: [snapshotGate],
  info: [snapshotSection],

  install(engine) {
    const keeper = engine.rooms.put(KEEPER, new SnapshotKeeper(engine))
    engine.debug.subcommands.push(reload)
    engine.onFlushAll.push(() => saveEmptiness(engine, keeper))
    engine.config.onAnyChange(['save', 'stop-writes-on-bgsave-error'], () => {
      keeper.judge()
      return null
    })
  },

  async start(engine) {
    if (!engine.config.values.appendonly) await loadingOf(engine).start(() => loadDataset(engine))
  },

  tick(engine, nowMs) {
    engine.rooms.get(KEEPER).tick(nowMs)
    snapshotRuns(engine).prepare()
  },

  stop: finalSave,

  async abandon(engine) {
    const keeper = engine.rooms.get(KEEPER)
    keeper.cancel()
    await keeper.saving?.outcome
  },
}

/** Loads the snapshot file, if there is one. Rejects with a sentence for the log. */
export async function loadDataset(engine: Engine): Promise<void> {
  const { clock, log, disk } = engine
  const { path, beforeLoad, auxReaders } = engine.rooms.get(KEEPER)
  const loading = loadingOf(engine)
  const startedUs = clock.monotonicUs()
  loading.begin()
  try {
    if ((await disk.stat(path)) === null) return
    for (const prepare of beforeLoad) prepare()
    const { aux } = await loadRdbFile(engine, path, { keepExpired: engine.role === 'replica' })
    for (const read of auxReaders) read(aux)
    log.notice(`DB loaded from disk: ${secondsSince(engine, startedUs)}`)
  } catch (error) {
    if (error instanceof RdbError) {
      log.warning(error.sentence)
      log.warning('Terminating server after rdb file reading failure.')
    }
    throw new Error(`Fatal error loading the DB: ${systemSentence(error)}. Exiting.`, { cause: error })
  } finally {
    loading.end()
  }
}

/**
 * What was to be saved is gone: so is the reason to go on. With save points the emptiness is saved before the client hears
 * of it, as Redis does: what was deleted must not come back.
 */
function saveEmptiness(engine: Engine, keeper: SnapshotKeeper): void {
  keeper.cancel()
  if (!keeper.hasSavePoints || loadingOf(engine).active) return
  keeper.saveNow()
  // One that could not be stopped any more would bring the old data back.
  if (keeper.saving !== null) keeper.scheduled = true
}

/** The last save. Nobody writes meanwhile: what is not in the file would be lost without a word. */
async function finalSave(engine: Engine, options: ShutdownOptions): Promise<string | null> {
  const keeper = engine.rooms.get(KEEPER)
  const { log, pause } = engine
  if (keeper.saving !== null) {
    log.warning('There is a snapshot being saved. Cancelling it!')
    keeper.cancel()
    await keeper.saving.outcome
  }
  const wanted = options.save === 'save' || (options.save === 'default' && keeper.hasSavePoints)
  if (loadingOf(engine).active) {
    loadingOf(engine).cancel()
    return null
  }
  if (!wanted) return null
  // One for a replica, perhaps: it would end with us.
  snapshotRuns(engine).current?.cancel()
  log.notice('Saving the final RDB snapshot before exiting.')
  pause.begin('shutdown', 'write', Infinity)
  const outcome = await keeper.save()
  if (outcome === 'saved' || options.force) {
    if (outcome !== 'saved') log.warning('Error trying to save the DB. Exit anyway.')
    return null
  }
  pause.end('shutdown')
  log.warning("Error trying to save the DB, can't exit.")
  return "Error trying to save the DB, can't exit."
}
