/**
 * Loads a log: the base, then the incremental files, as the manifest lists them.
 *
 * Whatever is wrong is one of three things. *Torn*: the file ends within a command or a transaction, as a crash leaves
 * it; NULs at the end count as not written, for a power cut may lengthen a file before its bytes arrive. The last file
 * may end so: what is behind the last whole command is cut off (`aof-load-truncated`), and nothing acknowledged as safe
 * is lost. *Corrupt at the end*: the rest is no commands, but there is little of it; it is cut off when
 * `aof-load-corrupt-tail-max-size` allows so much. *Damaged*: anything else. Then the server does not start, and says
 * in which file and where.
 */

import type { Engine } from '../../server/engine/engine.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { KeyDelay } from '../key-delay.js'
import { type Loading, loadingOf } from '../loading.js'
import { secondsSince } from '../progress.js'
import { KEEPER } from '../rdb/keeper.js'
import { beginsAsSnapshot, loadRdb, streamOf } from '../rdb/load.js'
import { CommandReader } from './command-reader.js'
import { cutOff } from './cut-off.js'
import type { AofFolder } from './folder.js'
import { dataFiles } from './manifest.js'
import { Replay, UnknownCommandError } from './replay.js'

/** Sizes of what was loaded. */
export interface Loaded {
  readonly totalBytes: number
  readonly baseBytes: number
  /** Of the last file. */
  readonly lastBytes: number
}

/** Work between two looks at the clients. */
const SLICE_US = 5000
/** Commands between two looks at the clock. */
const COMMANDS_PER_LOOK = 64

/** Loads all files of the folder's manifest, while clients are put off. Rejects with the sentence to end with. */
export async function loadFiles(engine: Engine, folder: AofFolder): Promise<Loaded> {
  const files = dataFiles(folder.manifest)
  const sizes: number[] = []
  for (const { name } of files) sizes.push(await sizeOf(engine, folder, name))
  const totalBytes = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const loaded = [...sizes]
  loadingOf(engine).totalBytes = totalBytes
  for (const [index, { name, type }] of files.entries()) {
    // Nothing is written to a file before the one in front of it is safe.
    const isLast = sizes.slice(index + 1).every(bytes => bytes === 0)
    const startedUs = engine.clock.monotonicUs()
    loaded[index] = await new FileLoader(engine, folder, name, isLast).load(sizes[index])
    const kind = type === 'b' ? 'base' : 'incr'
    const took = secondsSince(engine, startedUs)
    if (sizes[index] > 0) engine.log.notice(`DB loaded from ${kind} file ${name}: ${took}`)
  }
  engine.rooms.find(KEEPER)?.settle()
  return {
    totalBytes: loaded.reduce((sum, bytes) => sum + bytes, 0),
    baseBytes: files[0]?.type === 'b' ? loaded[0] : 0,
    lastBytes: loaded.at(-1) ?? 0,
  }
}

async function sizeOf({ disk, log }: Engine, folder: AofFolder, name: string): Promise<number> {
  const facts = await disk.stat(folder.file(name))
  if (facts !== null) return facts.bytes
  const sentence = `Unable to obtain the AOF file ${name} length. stat: No such file or directory`
  log.warning(sentence)
  throw new Error('Fatal error loading the DB, check server logs. Exiting.')
}

class FileLoader {
  private readonly loading: Loading
  private readonly replay: Replay
  private readonly delay: KeyDelay
  /** Where the last whole command, or transaction, ends. */
  private validUpTo = 0
  /** Bytes of the files before this one. */
  private readonly before: number
  private sliceEndUs = 0

  constructor(
    private readonly engine: Engine,
    private readonly folder: AofFolder,
    private readonly name: string,
    private readonly isLast: boolean,
  ) {
    this.loading = loadingOf(engine)
    this.before = this.loading.loadedBytes
    this.replay = new Replay(engine)
    this.delay = new KeyDelay(engine.clock, () => engine.config.values.keyLoadDelay)
  }

  /** Answers how long the file is afterwards. */
  async load(bytes: number): Promise<number> {
    const file = await this.open()
    try {
      if (await beginsAsSnapshot(file)) this.validUpTo = await this.readSnapshot(file)
      return await this.readCommands(file, bytes)
    } finally {
      this.replay.close()
      await file.close()
    }
  }

  private async open(): Promise<DiskFile> {
    const { disk } = this.engine
    try {
      return await disk.open(this.folder.file(this.name), 'read')
    } catch (error) {
      const why = systemSentence(error)
      throw new Error(`Fatal error: can't open the append log file ${this.name} for reading: ${why}`, {
        cause: error,
      })
    }
  }

  private async readSnapshot(file: DiskFile): Promise<number> {
    const { log } = this.engine
    const isOld = this.name === this.folder.prefix
    log.notice(isOld ? 'Reading RDB preamble from AOF file...' : 'Reading RDB base file on AOF loading...')
    try {
      const { bytes: end } = await loadRdb(this.engine, streamOf(file, this.name), { keepExpired: true })
      if (isOld) log.notice('Reading the remaining AOF tail...')
      return end
    } catch (error) {
      log.warning(systemSentence(error))
      const what = isOld ? `the RDB preamble of the AOF file` : `the RDB base file`
      throw new Error(`Error reading ${what} ${this.name}, AOF loading aborted`, { cause: error })
    }
  }

  private async readCommands(file: DiskFile, bytes: number): Promise<number> {
    const { request } = this.replay.session
    const summing = this.engine.config.values.aofChecksumEnabled ? 'always' : 'marked'
    const reader = new CommandReader(file, this.validUpTo, bytes, request, summing)
    const verdict = await this.run(reader)
    if (verdict === 'whole') return bytes
    if (verdict === 'false') throw this.falseChecksum(reader)
    const isTorn = verdict === 'short' || (await this.endsInNuls(file, bytes))
    if (isTorn) await this.cutTornEnd()
    else await this.cutCorruptEnd(bytes, reader.offset)
    return this.validUpTo
  }

  /** Runs all there is. `short`: the file ends within a command or a transaction. */
  private async run(reader: CommandReader): Promise<'whole' | 'short' | 'wrong' | 'false'> {
    const { loading, delay } = this
    this.beginSlice()
    for (;;) {
      const found = this.runSome(reader)
      loading.loadedBytes = this.before + reader.offset
      if (found === 'wrong' || found === 'false') return found
      if (found === 'more' && !(await reader.fill())) return this.verdictAtEnd(reader)
      if (delay.due) await delay.pass(() => loading.requireWanted())
      if (!this.sliceOver) continue
      await loading.turn()
      this.beginSlice()
    }
  }

  private get sliceOver(): boolean {
    return this.engine.clock.monotonicUs() >= this.sliceEndUs
  }

  private beginSlice(): void {
    this.sliceEndUs = this.engine.clock.monotonicUs() + SLICE_US
  }

  /** Until there is something to wait for. */
  private runSome(reader: CommandReader): 'more' | 'wrong' | 'false' | 'pause' {
    for (let count = 1; ; count++) {
      const found = reader.next()
      if (found === 'more' || found === 'wrong' || found === 'false') return found
      if (found === 'command') this.take()
      if (!this.replay.inUnit) this.validUpTo = reader.offset
      if (this.delay.due || (count % COMMANDS_PER_LOOK === 0 && this.sliceOver)) return 'pause'
    }
  }

  private take(): void {
    try {
      this.replay.take()
    } catch (error) {
      if (!(error instanceof UnknownCommandError)) throw error
      throw new Error(`${error.message} reading the append only file ${this.name}`, { cause: error })
    }
    this.delay.add()
  }

  private verdictAtEnd({ left }: CommandReader): 'whole' | 'short' {
    if (!this.replay.inUnit) return left === 0 ? 'whole' : 'short'
    this.engine.log.warning(`Revert incomplete MULTI/EXEC transaction in AOF file ${this.name}`)
    this.replay.dropUnit()
    return 'short'
  }

  /** True when the file, but for NULs at its end, ends within a command or right behind one. */
  private async endsInNuls(file: DiskFile, bytes: number): Promise<boolean> {
    const end = await withoutNuls(file, this.validUpTo, bytes)
    if (end === bytes) return false
    const reader = new CommandReader(file, this.validUpTo, end, this.replay.session.request)
    for (;;) {
      const found = reader.next()
      if (found === 'wrong') return false
      if (found === 'more' && !(await reader.fill())) return true
    }
  }

  /** The commands were run before they were found out: there is nothing that could be cut off. */
  private falseChecksum({ offset, checksums }: CommandReader): Error {
    const { name, engine } = this
    engine.log.warning(
      `The AOF file ${name} is damaged between offsets ${checksums.sectionAt} and ${offset}: these are not the bytes that ` +
        'were written, as the checksum behind them says',
    )
    return new Error(badFormat(name))
  }

  private async cutTornEnd(): Promise<void> {
    const { name } = this
    const { log, config } = this.engine
    if (!config.values.aofLoadTruncated) throw new Error(unexpectedEnd(name))
    if (!this.isLast) {
      log.warning('Fatal error: the truncated file is not the last file')
      throw new Error(unexpectedEnd(name))
    }
    log.warning(`!!! Warning: short read while loading the AOF file ${name}!!!`)
    log.warning(`!!! Truncating the AOF ${name} at offset ${this.validUpTo} !!!`)
    await this.truncate()
    log.warning(`AOF ${name} loaded anyway because aof-load-truncated is enabled`)
  }

  private async cutCorruptEnd(bytes: number, offset: number): Promise<void> {
    const { name, isLast, validUpTo } = this
    const { log, config } = this.engine
    const { aofLoadTruncated, aofLoadCorruptTailMaxSize: most } = config.values
    const tail = bytes - validUpTo
    log.warning(`The AOF file ${name} is damaged at offset ${offset}, ${tail} bytes from its end`)
    if (!isLast || !aofLoadTruncated || tail > most) throw new Error(badFormat(name))
    log.warning(
      `!!! Truncating the corrupt tail of the AOF ${name} at offset ${validUpTo}: ${tail} bytes !!!`,
    )
    await this.truncate()
    log.warning(`AOF ${name} loaded anyway because aof-load-corrupt-tail-max-size allows it`)
  }

  private truncate(): Promise<void> {
    return cutOff(this.engine.disk, this.folder.file(this.name), this.validUpTo)
  }
}

/** Where the NULs at the end of a file begin, if it ends in such; not before `start`. */
async function withoutNuls(file: DiskFile, start: number, bytes: number): Promise<number> {
  const block = Buffer.alloc(64 * 1024)
  let end = bytes
  while (end > start) {
    const from = Math.max(start, end - block.length)
    const read = await file.readAt(from, block.subarray(0, end - from))
    let last = read - 1
    while (last >= 0 && block[last] === 0) last--
    if (last >= 0) return from + last + 1
    end = from
  }
  return start
}

const unexpectedEnd = (name: string): string =>
  `Unexpected end of file reading the append only file ${name}. You can: 1) Make a backup of your AOF file, then use ` +
  "./redis-check-aof --fix <filename.manifest>. 2) Alternatively you can set the 'aof-load-truncated' configuration " +
  'option to yes and restart the server.'

const badFormat = (name: string): string =>
  `Bad file format reading the append only file ${name}: make a backup of your AOF file, then use ./redis-check-aof ` +
  '--fix <filename.manifest>'
