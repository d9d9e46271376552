/**
 * The file that a snapshot is written to: under a temporary name, and under its own only when it is whole and safe from
 * a power cut. Errors become SaveError, which says in the words of Redis what could not be done.
 */

import { basename, dirname, join } from 'node:path'
import type { Disk, DiskFile } from '../../server/lib/disk.js'
import { systemSentence } from '../../server/process/system-sentence.js'
import type { SnapshotSink } from './snapshot-run.js'

class SaveError extends Error {}

/** With rdb-save-incremental-fsync: so many bytes at a time go to the disk for good, that the last sync is short. */
const SYNC_EVERY = 4 << 20

export class SnapshotFile implements SnapshotSink {
  readonly temporary: string
  private readonly opening: Promise<DiskFile>
  private unsynced = 0

  constructor(
    private readonly disk: Disk,
    private readonly path: string,
    pid: number,
    private readonly incremental: () => boolean,
  ) {
    this.temporary = join(dirname(path), `temp-${pid}.rdb`)
    this.opening = this.open()
    this.opening.catch(() => undefined)
  }

  async write(bytes: Uint8Array): Promise<void> {
    const file = await this.opening
    await explain('write', file.append(bytes))
    this.unsynced += bytes.length
    if (this.unsynced < SYNC_EVERY || !this.incremental()) return
    this.unsynced = 0
    await explain('fsync', file.sync())
  }

  /** All is written: the file takes its name. */
  async commit(): Promise<void> {
    const file = await this.opening
    await explain('fsync', file.sync())
    await explain('fclose', file.close())
    await this.rename()
    await explain('fsyncFileDir', this.disk.syncFolder(dirname(this.path)))
  }

  /** It will not be needed. */
  async discard(): Promise<void> {
    const file = await this.opening.catch(() => null)
    await file?.close().catch(() => undefined)
    await this.disk.unlink(this.temporary).catch(() => undefined)
  }

  private async open(): Promise<DiskFile> {
    try {
      return await this.disk.open(this.temporary, 'create')
    } catch (error) {
      const name = basename(this.temporary)
      const folder = dirname(this.path)
      throw new SaveError(
        `Failed opening the temp RDB file ${name} (in server root dir ${folder}) for saving: ${systemSentence(error)}`,
        { cause: error },
      )
    }
  }

  private async rename(): Promise<void> {
    try {
      await this.disk.rename(this.temporary, this.path)
    } catch (error) {
      const names = `${basename(this.temporary)} on the final destination ${basename(this.path)}`
      throw new SaveError(
        `Error moving temp DB file ${names} (in server root dir ${dirname(this.path)}): ${systemSentence(error)}`,
        { cause: error },
      )
    }
  }
}

async function explain(step: string, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    throw new SaveError(`Write error saving DB on disk(${step}): ${systemSentence(error)}`, { cause: error })
  }
}
