/**
 * The folder of the backup (`backupdirname`, inside `dir`): names of files that the log has too, and a manifest of its own.
 * Files that somebody else has put there are never touched.
 *
 * A server that ends unawares leaves files of a backup that nobody will seal. The next start knows them: there is no
 * manifest beside them, and while a backup is open the log keeps its files, so each of them is a file of the log, too, under
 * the same name. The second name is deleted, and nothing is lost by it. A folder with a manifest is a backup, and stays.
 */

import { basename, join, resolve } from 'node:path'
import type { Engine } from '../../server/engine/engine.js'
import { temporaryName } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import { type AofFolder, MANIFEST_SUFFIX } from '../aof/folder.js'
import { type AofFile, dataFiles, EMPTY_MANIFEST, formatManifest } from '../aof/manifest.js'

export class BackupFolder {
  /** What we have put there, in the order of BACKUP LIST. */
  private names: string[] = []

  constructor(
    private readonly engine: Engine,
    private readonly log: AofFolder,
  ) {}

  get path(): string {
    const { dir, backupdirname } = this.engine.config.values
    return resolve(dir, backupdirname)
  }

  get files(): string[] {
    return this.names.map(name => join(this.path, name))
  }

  /** Nothing is there, perhaps not even the folder. */
  get isEmpty(): boolean {
    const { disk } = this.engine
    return !disk.existsSync(this.path) || disk.listSync(this.path).length === 0
  }

  /** Gives files of the log a second name here: they stay when the log needs them no more. */
  async pin(files: readonly AofFile[]): Promise<void> {
    const { disk, config } = this.engine
    await disk.mkdir(this.path)
    await disk.syncFolder(config.values.dir)
    for (const { name } of files) {
      await disk.link(this.log.file(name), join(this.path, name))
      this.names.push(name)
    }
    await disk.syncFolder(this.path)
  }

  /** Names the files in a manifest, which makes the folder a whole log. */
  async describe(base: AofFile, incremental: readonly AofFile[]): Promise<void> {
    const text = formatManifest({ ...EMPTY_MANIFEST, base, incremental })
    await this.engine.disk.writeFileAtomically(this.manifestPath, Buffer.from(text, 'latin1'))
    this.names.push(basename(this.manifestPath))
  }

  /** At the start: deletes what a backup that was not sealed has left. */
  async clearLeftovers(): Promise<void> {
    try {
      await this.findLeftovers()
    } catch (error) {
      this.engine.log.warning(
        `Can't look for what a backup has left in ${this.path}: ${systemSentence(error)}`,
      )
    }
    if (this.names.length > 0) await this.clear()
  }

  private async findLeftovers(): Promise<void> {
    const { disk, log } = this.engine
    if ((await disk.stat(this.manifestPath)) !== null) return
    for (const { name } of dataFiles(this.log.manifest)) {
      if (!(await disk.isSameFile(join(this.path, name), this.log.file(name)))) continue
      log.notice(`Removing the file ${name} of a backup that was not sealed`)
      this.names.push(name)
    }
    if (this.names.length > 0) this.names.push(basename(temporaryName(this.manifestPath)))
  }

  /** Deletes what we have put there, the manifest first: without it nobody takes the rest for a backup. */
  async clear(): Promise<void> {
    const { disk } = this.engine
    const files = this.files.toReversed()
    this.names = []
    for (const file of files) await disk.unlink(file).catch(() => undefined)
    if (files.length > 0) await disk.syncFolder(this.path).catch(() => undefined)
  }

  private get manifestPath(): string {
    return join(this.path, this.log.prefix + MANIFEST_SUFFIX)
  }
}
