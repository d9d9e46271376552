/**
 * The start of a server with `appendonly yes`.
 *
 * What there is decides: files of the log are loaded; a single file of the time before manifests is taken in; when
 * there is only a snapshot (`dbfilename`) it is loaded and becomes the base. There Redis begins with nothing, and who
 * turned the log on in the config file and restarted has lost the data: we differ.
 */

import type { Engine } from '../../server/engine/engine.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { loadingOf } from '../loading.js'
import { secondsSince } from '../progress.js'
import { KEEPER } from '../rdb/keeper.js'
import { loadDataset } from '../rdb/part.js'
import type { Aof } from './aof.js'
import { baseFile, baseForm, writeBase } from './base.js'
import type { AofFolder } from './folder.js'
import { loadFiles } from './loader.js'
import { type BaseForm, dataFiles, withBase, withIncremental } from './manifest.js'

/** Rejects with the sentence to end with. */
export async function startLog(engine: Engine, aof: Aof): Promise<void> {
  const { folder } = aof
  const { appendonly } = engine.config.values
  const letClientsIn = appendonly ? putClientsOff(engine, folder) : () => undefined
  try {
    await folder.read()
    for (const tell of aof.onFound) await tell()
    // A log that was lent is as new as the data can be, now; it will not be when this run has ended.
    await (appendonly ? folder.keep() : folder.eraseLent())
    if (appendonly) await prepare(engine, aof)
  } catch (error) {
    throw new Error(systemSentence(error), { cause: error })
  } finally {
    letClientsIn()
  }
}

/** What they write has to be logged. Where there is nothing to load they only wait, for a moment. */
function putClientsOff(engine: Engine, folder: AofFolder): () => void {
  const { disk, pause } = engine
  const loading = loadingOf(engine)
  if (
    [folder.manifestPath, folder.oldPath, engine.rooms.get(KEEPER).path].some(path => disk.existsSync(path))
  ) {
    loading.begin()
    return () => loading.end()
  }
  pause.begin('start', 'write', Infinity)
  return () => pause.end('start')
}

async function prepare(engine: Engine, aof: Aof): Promise<void> {
  const { folder } = aof
  await folder.upgrade()
  await folder.create()
  const exists = dataFiles(folder.manifest).length > 0
  const lastBytes = exists ? await load(engine, aof) : await convert(engine, aof)
  if (exists) aof.heedRemark(lastBytes)
  await goOn(aof, lastBytes)
  await folder.deleteHistory()
}

async function load(engine: Engine, aof: Aof): Promise<number> {
  const startedUs = engine.clock.monotonicUs()
  const { totalBytes, baseBytes, lastBytes } = await loadFiles(engine, aof.folder)
  aof.currentBytes = totalBytes
  aof.baseBytes = baseBytes
  if (totalBytes > 0) engine.log.notice(`DB loaded from append only file: ${secondsSince(engine, startedUs)}`)
  return lastBytes
}

/** The data of a snapshot file, or none, becomes the first base. */
async function convert(engine: Engine, aof: Aof): Promise<number> {
  const { folder } = aof
  const { disk } = engine
  if (await disk.stat(engine.rooms.get(KEEPER).path)) {
    await loadDataset(engine)
    loadingOf(engine).begin()
  }
  if (engine.keyspace.keys > 0) {
    engine.log.warning(
      'There was no append only file but a snapshot: it was loaded, and becomes the base of the new append only file',
    )
  }
  const form = baseForm(engine)
  const next = withBase(folder.manifest, folder.prefix, form)
  const name = next.base?.name ?? ''
  aof.currentBytes = aof.baseBytes = await makeBase(engine, form, folder.file(name))
  engine.log.notice(`Creating AOF base file ${name} on server start`)
  folder.manifest = next
  return 0
}

/** Answers how long it is. */
async function makeBase(engine: Engine, form: BaseForm, path: string): Promise<number> {
  const file = baseFile(engine, path)
  const run = writeBase(engine, form, file)
  try {
    await run.done
    await file.commit()
  } catch (error) {
    await file.discard()
    throw error
  }
  return run.bytes
}

/** With the last incremental file, or a first one. */
async function goOn(aof: Aof, lastBytes: number): Promise<void> {
  const { folder } = aof
  const isNew = folder.manifest.incremental.length === 0
  const next = isNew ? withIncremental(folder.manifest, folder.prefix) : folder.manifest
  folder.manifest = next
  await aof.open(isNew ? 0 : lastBytes, isNew ? 'create' : 'append')
  if (isNew) await folder.write(next)
}
