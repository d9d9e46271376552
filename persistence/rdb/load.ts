/**
 * Loads RDB files, in slices, so that the loop goes round meanwhile.
 *
 *     report = await loadRdbFile(engine, path)       a file of the disk
 *     report = await loadRdb(engine, stream)         bytes from anywhere: a file's beginning, a master
 *     report = loadRdbNow(engine, name, bytes)       all at once, for those who have stopped the world
 *
 * All take LoadOptions, put keys in beside those that are there, and throw RdbError. Who calls says that data is being
 * loaded: see loading.ts. What was loaded before the error stays, for the caller to judge.
 */

import type { Engine } from '../../server/engine/engine.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { KeyDelay } from '../key-delay.js'
import { type Loading, loadingOf } from '../loading.js'
import { RdbDecoder } from './decoder.js'
import { KeyspaceReceiver, type LoadOptions, type LoadReport } from './keyspace-receiver.js'
import { type ByteStream, STARVED, Window } from './window.js'

/** How long the loop waits for its turn. */
const SLICE_US = 3000
/** The first letters: a log of commands begins otherwise. */
const MAGICS: readonly string[] = ['REDIS', 'VALKE']
/** Parts read between two looks at the clock. */
const PARTS_PER_LOOK = 16

/** Rejects with RdbError, or with what the disk says. */
export async function loadRdbFile(
  engine: Engine,
  path: string,
  options: LoadOptions = {},
): Promise<LoadReport> {
  const file = await engine.disk.open(path, 'read')
  try {
    loadingOf(engine).totalBytes = await file.size()
    return await loadRdb(engine, streamOf(file, path), options)
  } finally {
    await file.close()
  }
}

export async function loadRdb(
  engine: Engine,
  stream: ByteStream,
  options: LoadOptions = {},
): Promise<LoadReport> {
  const receiver = receiverOf(engine, options)
  const { report } = receiver
  const window = Window.empty(receiver.checks)
  const decoder = new RdbDecoder(window, stream.name, receiver)
  const loading = loadingOf(engine)
  const delay = new KeyDelay(engine.clock, () => engine.config.values.keyLoadDelay)
  for (;;) {
    const state = runSlice(engine, decoder, report, delay)
    note(loading, report, window.offset)
    if (state === 'end') return finish(engine, report)
    if (state === 'starved' && !(await window.fill(stream))) throw decoder.shortRead()
    if (delay.due) await delay.pass(() => loading.requireWanted())
    if (state === 'time') await loading.turn()
  }
}

export function loadRdbNow(
  engine: Engine,
  name: string,
  bytes: Uint8Array,
  options: LoadOptions = {},
): LoadReport {
  const receiver = receiverOf(engine, options)
  const window = Window.on(bytes, receiver.checks)
  const decoder = new RdbDecoder(window, name, receiver)
  try {
    while (decoder.step()) continue
  } catch (error) {
    throw error === STARVED ? decoder.shortRead() : error
  }
  note(loadingOf(engine), receiver.report, window.offset)
  return finish(engine, receiver.report)
}

/** Whether a file is a snapshot, or begins with one. */
export async function beginsAsSnapshot(file: DiskFile): Promise<boolean> {
  const magic = Buffer.alloc(5)
  return (await file.readAt(0, magic)) === 5 && MAGICS.includes(magic.toString('latin1'))
}

/** A file, from its beginning on. */
export function streamOf(file: DiskFile, name: string): ByteStream {
  let position = 0
  return {
    name,
    async read(into) {
      const count = await file.readAt(position, into)
      position += count
      return count
    },
  }
}

/** Reads for a while: until the file ends, the window does, or others have waited long enough. */
function runSlice(
  { clock }: Engine,
  decoder: RdbDecoder,
  report: LoadReport,
  delay: KeyDelay,
): 'end' | 'starved' | 'time' {
  const deadlineUs = clock.monotonicUs() + SLICE_US
  let { keysLoaded } = report
  try {
    for (let parts = 1; decoder.step(); parts++) {
      if (report.keysLoaded !== keysLoaded) delay.add()
      keysLoaded = report.keysLoaded
      if (delay.due) return 'time'
      if (parts % PARTS_PER_LOOK === 0 && clock.monotonicUs() >= deadlineUs) return 'time'
    }
    return 'end'
  } catch (error) {
    if (error === STARVED) return 'starved'
    throw error
  }
}

function receiverOf(engine: Engine, options: LoadOptions): KeyspaceReceiver {
  const receiver = new KeyspaceReceiver(engine, options)
  receiver.onFact = (name, value) => logFact(engine, name, value)
  return receiver
}

function note(loading: Loading, report: LoadReport, bytes: number): void {
  report.bytes = loading.loadedBytes = bytes
  loading.keysLoaded = report.keysLoaded
  loading.keysExpired = report.keysExpired
}

function finish({ log }: Engine, report: LoadReport): LoadReport {
  const { keysLoaded, keysExpired, keysEmpty } = report
  const empty = keysEmpty === 0 ? '' : `, empty keys skipped: ${keysEmpty}`
  log.notice(`Done loading RDB, keys loaded: ${keysLoaded}, keys expired: ${keysExpired}${empty}.`)
  return report
}

function logFact(engine: Engine, name: string, value: string): void {
  const { log, clock } = engine
  if (name.startsWith('%')) log.notice(`RDB '${name}': ${value}`)
  else if (name === 'redis-ver' || name === 'valkey-ver')
    log.notice(`Loading RDB produced by version ${value}`)
  else if (name === 'ctime')
    log.notice(`RDB age ${Math.max(0, Math.floor(clock.wallMs() / 1000) - Number(value))} seconds`)
  else if (name === 'used-mem') {
    loadingOf(engine).usedMemory = Number(value)
    log.notice(`RDB memory usage when created ${(Number(value) / 2 ** 20).toFixed(2)} Mb`)
  } else if (name === 'aof-base' && Number(value) !== 0) log.notice('RDB is base AOF')
  else if (name === 'aof-preamble' && Number(value) !== 0) log.notice('RDB has an AOF tail')
}
