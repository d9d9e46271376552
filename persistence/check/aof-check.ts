/**
 * Reads an append-only log as a server would load it, without running it: the base, then the incremental files, as
 * the manifest lists them; or one file of the time before manifests. No file need fit into memory.
 *
 * A file is whole up to the last command or transaction that is. What is behind may be cut off, and only at the end of
 * the last file: everything written later was written on top of it.
 *
 * Checksums (aof/checksums.ts) find what else nothing would: a bit that flipped within a value. Then all of their section
 * is in doubt.
 */

import { basename, dirname, join } from 'node:path'
import type { DiskFile } from '../../server/lib/disk.js'
import { Request } from '../../server/resp/request.js'
import { CommandReader } from '../aof/command-reader.js'
import { dataFiles, ManifestError, parseManifest } from '../aof/manifest.js'
import { beginsAsSnapshot } from '../rdb/load.js'
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

type CommandsFindings = Pick<AofFileFindings, 'validBytes' | 'commands' | 'checksums' | 'problem'>

/** Reads commands from a place of a file to its end. */
class CommandsCheck {
  private readonly request = new Request()
  private readonly reader: CommandReader
  private validBytes: number
  private commands = 0
  private inUnit = false
  /** What `validBytes` was where the section begins. */
  private validBefore: number

  constructor(
    file: DiskFile,
    start: number,
    private readonly bytes: number,
  ) {
    this.validBytes = this.validBefore = start
    this.reader = new CommandReader(file, start, bytes, this.request, 'always')
  }

  async run(): Promise<CommandsFindings> {
    const problem = await this.read()
    const { validBytes, commands, reader } = this
    return { validBytes, commands, checksums: reader.checksums.lines, problem }
  }

  /** To the end, or to the first thing that is wrong. */
  private async read(): Promise<Problem | null> {
    const { reader } = this
    let { sectionAt } = reader.checksums
    for (;;) {
      const start = reader.offset
      const found = reader.next()
      if (found === 'false') return this.doubt(start)
      if (found === 'wrong') return { offset: start, reason: 'what stands here is no command' }
      if (found === 'more' && !(await reader.fill())) return this.verdictAtEnd()
      if (found === 'command') this.count()
      if (found !== 'more' && !this.inUnit) this.validBytes = reader.offset
      if (reader.checksums.sectionAt === sectionAt) continue
      sectionAt = reader.checksums.sectionAt
      this.validBefore = this.validBytes
    }
  }

  private doubt(end: number): Problem {
    this.validBytes = this.validBefore
    const offset = this.reader.checksums.sectionAt
    return { offset, reason: `the bytes up to ${end} are not those that were written` }
  }

  private verdictAtEnd(): Problem | null {
    const { offset } = this.reader
    if (offset < this.bytes) return { offset, reason: 'the file ends within a command' }
    if (!this.inUnit) return null
    return { offset: this.validBytes, reason: 'the file ends within a transaction: MULTI without EXEC' }
  }

  private count(): void {
    this.commands++
    const name = this.request.word(0)
    if (name.length > 5) return
    const word = name.latin1().toLowerCase()
    if (word === 'multi') this.inUnit = true
    else if (word === 'exec') this.inUnit = false
  }
}
