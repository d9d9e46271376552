/**
 * Reads an append-only log as a server would load it, without running it: the base, then the incremental files, as
 * the manifest lists them; or one file of the time before manifests. No file need fit into memory.
 *
 * A file is whole up to the last command or transaction that is. What is behind may be cut off, and only at the end of
 * the last file: everything written later was written on top of it.
 *
 * A line `#CRC:` and 16 hex digits says the CRC-64 of all bytes between the line of that kind before it, or the first
 * command, and itself. Redis skips such lines; a bit that flipped within a value is found by nothing else.
 */

import { basename, dirname, join } from 'node:path'
import { Crc64 } from '../../server/lib/crc64.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { Request } from '../../server/resp/request.js'
import { CommandReader } from '../aof/command-reader.js'
import { dataFiles, ManifestError, parseManifest } from '../aof/manifest.js'
import { checkRdb, type CheckWorld, type Problem, type RdbFindings } from './rdb-check.js'

export interface AofFileFindings {
  readonly file: string
  readonly bytes: number
  /** Where the last whole command, or transaction, ends. */
  readonly validBytes: number
  readonly commands: number
  /** Lines `#CRC:` that were true. */
  readonly checksums: number
  /** Of the snapshot that the file begins with, if it does. */
  readonly snapshot: RdbFindings | null
  readonly problem: Problem | null
}

export interface AofFindings {
  /** Null: one file of the time before manifests. */
  readonly manifest: string | null
  /** Why the manifest itself is no good. */
  readonly manifestProblem: string | null
  readonly files: readonly AofFileFindings[]
}

const BLOCK_BYTES = 1 << 16
const REMARK_MAX = 1100
const MAGICS: readonly string[] = ['REDIS', 'VALKE']

/** Whether the log can be loaded. */
export function isSound({ manifestProblem, files }: AofFindings): boolean {
  return manifestProblem === null && files.every(({ problem }) => problem === null)
}

/** The file that cutting off would mend, or null. */
export function mendable({ manifestProblem, files }: AofFindings): AofFileFindings | null {
  const damaged = files.findIndex(({ problem }) => problem !== null)
  if (manifestProblem !== null || damaged < 0) return null
  const isLast = files.slice(damaged + 1).every(({ bytes }) => bytes === 0)
  const { snapshot } = files[damaged]
  return isLast && (snapshot === null || snapshot.problem === null) ? files[damaged] : null
}

/** `path`: a manifest or a single file. Rejects with what the disk says. */
export async function checkAof(world: CheckWorld, path: string): Promise<AofFindings> {
  if (!basename(path).endsWith('.manifest')) {
    return { manifest: null, manifestProblem: null, files: [await checkFile(world, path)] }
  }
  const files: AofFileFindings[] = []
  try {
    const manifest = parseManifest((await world.disk.readFile(path)).toString('latin1'))
    for (const { name } of dataFiles(manifest)) files.push(await checkFile(world, join(dirname(path), name)))
    return { manifest: path, manifestProblem: null, files }
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    const place = error.lineNumber > 0 ? ` (line ${error.lineNumber}: '${error.line}')` : ''
    return { manifest: path, manifestProblem: `${error.message}${place}`, files }
  }
}

async function checkFile(world: CheckWorld, path: string): Promise<AofFileFindings> {
  const file = await world.disk.open(path, 'read')
  try {
    const bytes = await file.size()
    const snapshot = (await beginsAsSnapshot(file)) ? await checkRdb(world, path) : null
    if (snapshot !== null && snapshot.problem !== null) {
      const nothing = { validBytes: 0, commands: 0, checksums: 0 }
      return { file: path, bytes, ...nothing, snapshot, problem: snapshot.problem }
    }
    const found = await new CommandsCheck(file, snapshot?.bytes ?? 0, bytes).run()
    return { file: path, bytes, ...found, snapshot }
  } finally {
    await file.close()
  }
}

async function beginsAsSnapshot(file: DiskFile): Promise<boolean> {
  const magic = Buffer.alloc(5)
  return (await file.readAt(0, magic)) === 5 && MAGICS.includes(magic.toString('latin1'))
}

type CommandsFindings = Pick<AofFileFindings, 'validBytes' | 'commands' | 'checksums' | 'problem'>

/** Reads commands from a place of a file to its end. */
class CommandsCheck {
  private readonly request = new Request()
  private readonly reader: CommandReader
  private validBytes: number
  private commands = 0
  private checksums = 0
  private inUnit = false
  /** Behind the last line `#CRC:`. */
  private summedFrom: number

  constructor(
    private readonly file: DiskFile,
    start: number,
    private readonly bytes: number,
  ) {
    this.validBytes = this.summedFrom = start
    this.reader = new CommandReader(file, start, bytes, this.request)
  }

  async run(): Promise<CommandsFindings> {
    const problem = await this.read()
    const { validBytes, commands, checksums } = this
    return { validBytes, commands, checksums, problem }
  }

  /** To the end, or to the first thing that is wrong. */
  private async read(): Promise<Problem | null> {
    const { reader } = this
    for (;;) {
      const start = reader.offset
      const found = reader.next()
      if (found === 'wrong') return { offset: start, reason: 'what stands here is no command' }
      if (found === 'more' && !(await reader.fill())) return this.verdictAtEnd()
      if (found === 'command') this.count()
      if (found === 'annotation' && !(await this.isTrue(start, reader.offset))) {
        return { offset: this.summedFrom, reason: `the bytes up to ${start} are not those that were written` }
      }
      if (found !== 'more' && !this.inUnit) this.validBytes = reader.offset
    }
  }

  private verdictAtEnd(): Problem | null {
    const { offset } = this.reader
    if (offset < this.bytes) return { offset, reason: 'the file ends within a command' }
    if (!this.inUnit) return null
    return { offset: this.validBytes, reason: 'the file ends within a transaction: MULTI without EXEC' }
  }

  private count(): void {
    this.commands++
    const name = this.request.words[0]
    if (name.length > 5) return
    const word = name.latin1().toLowerCase()
    if (word === 'multi') this.inUnit = true
    else if (word === 'exec') this.inUnit = false
  }

  /** Whether a remark is no checksum, or a true one. */
  private async isTrue(start: number, end: number): Promise<boolean> {
    if (end - start > REMARK_MAX) return true
    const line = Buffer.alloc(end - start)
    await this.file.readAt(start, line)
    const [, digits] = /^#CRC:([0-9a-fA-F]{16})\r?\n$/.exec(line.toString('latin1')) ?? []
    if (digits === undefined) return true
    const from = this.summedFrom
    if ((await checksumOf(this.file, from, start)) !== BigInt(`0x${digits}`)) return false
    this.summedFrom = end
    this.checksums++
    return true
  }
}

async function checksumOf(file: DiskFile, from: number, to: number): Promise<bigint> {
  const crc = new Crc64()
  const block = Buffer.alloc(BLOCK_BYTES)
  for (let at = from; at < to;) {
    const read = await file.readAt(at, block.subarray(0, Math.min(block.length, to - at)))
    if (read === 0) break
    crc.update(block, 0, read)
    at += read
  }
  return crc.value
}
