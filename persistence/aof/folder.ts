/**
 * The folder of the log (`appenddirname`, inside `dir`) and the manifest that stands in it.
 *
 * Every change of the manifest is an atomic write: a crash leaves the old one or the new one. So files are created
 * before the manifest names them, and deleted after it calls them history.
 */

import { join } from 'node:path'
import type { Engine } from '../../server/engine/engine.js'
import type { DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import {
  EMPTY_MANIFEST,
  type Manifest,
  ManifestError,
  dataFiles,
  formatManifest,
  parseManifest,
  withIncremental,
  withOldBase,
  withoutHistory,
} from './manifest.js'

export const MANIFEST_SUFFIX = '.manifest'
/** Where effects are collected until the first base of an AOF that was turned on is written. */
const TEMPORARY_SUFFIX = '.incr'

export class AofFolder {
  manifest: Manifest = EMPTY_MANIFEST

  constructor(private readonly engine: Engine) {}

  /** How the names of all files begin. */
  get prefix(): string {
    return this.engine.config.values.appendfilename
  }

  get path(): string {
    const { dir, appenddirname } = this.engine.config.values
    return join(dir, appenddirname)
  }

  get manifestPath(): string {
    return this.file(this.prefix + MANIFEST_SUFFIX)
  }

  /** The single file of the time before manifests. */
  get oldPath(): string {
    return join(this.engine.config.values.dir, this.prefix)
  }

  get temporaryIncremental(): string {
    return `temp-${this.prefix}${TEMPORARY_SUFFIX}`
  }

  file(name: string): string {
    return join(this.path, name)
  }

  /** Reads the manifest that is there; an empty one when there is none. Throws what stands in the way. */
  async read(): Promise<void> {
    const { disk, log } = this.engine
    const path = this.manifestPath
    this.manifest = EMPTY_MANIFEST
    if ((await disk.stat(path)) === null) return log.debug(`There is no AOF manifest at ${path}`)
    const text = (await disk.readFile(path)).toString('latin1')
    try {
      this.manifest = parseManifest(text)
    } catch (error) {
      if (error instanceof ManifestError) this.report(error)
      throw error
    }
  }

  /** Creates the folder when it is not there. */
  async create(): Promise<void> {
    const { disk, config } = this.engine
    try {
      await disk.mkdir(this.path)
      await disk.syncFolder(config.values.dir)
    } catch (error) {
      const name = config.values.appenddirname
      throw new Error(`Can't open or create append-only dir ${name}: ${systemSentence(error)}`, {
        cause: error,
      })
    }
  }

  /** Makes this the manifest, on the disk and then here. */
  async write(manifest: Manifest): Promise<void> {
    const name = this.prefix + MANIFEST_SUFFIX
    try {
      const bytes = Buffer.from(formatManifest(manifest), 'latin1')
      await this.engine.disk.writeFileAtomically(this.manifestPath, bytes)
    } catch (error) {
      const why = systemSentence(error)
      throw new Error(`Error trying to write the AOF manifest file ${name}: ${why}`, { cause: error })
    }
    this.manifest = manifest
  }

  async open(name: string, mode: 'append' | 'create'): Promise<DiskFile> {
    try {
      return await this.engine.disk.open(this.file(name), mode)
    } catch (error) {
      throw new Error(`Can't open the append-only file ${name}: ${systemSentence(error)}`, { cause: error })
    }
  }

  /** Creates the next incremental file, and names it in the manifest. */
  async openNext(): Promise<{ name: string; file: DiskFile }> {
    const next = withIncremental(this.manifest, this.prefix)
    const { name } = next.incremental[next.incremental.length - 1]
    const file = await this.open(name, 'create')
    await this.write(next)
    return { name, file }
  }

  /** The log is nobody's from now on: who finds it later must not take it for one that somebody wanted. */
  lend(): void {
    this.manifest = { ...this.manifest, lent: true }
  }

  /** Somebody wants the log after all. */
  async keep(): Promise<void> {
    if (!this.manifest.lent) return
    const kept = { ...this.manifest, lent: false }
    if (dataFiles(kept).length > 0) await this.write(kept)
    else this.manifest = kept
  }

  /** Deletes a log that was lent when the server ended unawares. */
  async eraseLent(): Promise<void> {
    if (!this.manifest.lent) return
    this.engine.log.warning('The append only file of a backup that did not come to its end is deleted')
    await this.erase()
  }

  /** Deletes the whole log, and nothing else in the folder. */
  async erase(): Promise<void> {
    const { disk } = this.engine
    const files = [...dataFiles(this.manifest), ...this.manifest.history]
    this.manifest = EMPTY_MANIFEST
    for (const name of [this.prefix + MANIFEST_SUFFIX, ...files.map(file => file.name)])
      await this.discard(name)
    await disk.syncFolder(this.path)
  }

  /** Deletes a file that nobody needs; whether it succeeds matters to nobody. */
  async discard(name: string): Promise<void> {
    await this.engine.disk.unlink(this.file(name)).catch(() => undefined)
  }

  /** Deletes what a rewrite has replaced. What stays behind is tried again with the next manifest. */
  async deleteHistory(): Promise<void> {
    const { config, log } = this.engine
    const { history } = this.manifest
    if (config.values.aofDisableAutoGc || history.length === 0) return
    for (const { name } of history) {
      log.notice(`Removing the history file ${name} in the background`)
      await this.discard(name)
    }
    await this.write(withoutHistory(this.manifest)).catch((error: unknown) => {
      log.warning(systemSentence(error))
    })
  }

  /** Takes in the single file of the time before manifests, when there is one and nothing newer. */
  async upgrade(): Promise<void> {
    const { disk, config, log } = this.engine
    const old = this.oldPath
    if ((await disk.stat(old))?.kind !== 'file' || !(await this.awaitsOldFile())) return
    await this.create()
    await this.write(withOldBase(this.manifest, this.prefix))
    await disk.rename(old, this.file(this.prefix))
    await disk.syncFolder(this.path)
    await disk.syncFolder(config.values.dir)
    const folder = config.values.appenddirname
    log.notice(
      `Successfully migrated an old-style AOF file (${this.prefix}) into the AOF directory (${folder}).`,
    )
  }

  /** Also when an upgrade was cut short between its two steps. */
  private async awaitsOldFile(): Promise<boolean> {
    const { base, incremental } = this.manifest
    if (incremental.length > 0) return false
    if (base === null) return true
    return base.name === this.prefix && (await this.engine.disk.stat(this.file(this.prefix))) === null
  }

  private report({ lineNumber, line }: ManifestError): void {
    const { log } = this.engine
    log.warning('*** FATAL AOF MANIFEST FILE ERROR ***')
    if (lineNumber === 0) return
    log.warning(`Reading the manifest file, at line ${lineNumber}`)
    log.warning(`>>> '${line}'`)
  }
}
