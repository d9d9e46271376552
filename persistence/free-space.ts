/** Room on the disk: what an operator should hear of before it is used up, and when it is. */

import { dirname } from 'node:path'
import type { Disk } from '../server/lib/disk.js'
import type { Log } from '../server/lib/log.js'
import { megabytes } from './progress.js'

interface World {
  readonly disk: Disk
  readonly log: Log
}

/**
 * A file is about to be written beside the one at `path`, which it will replace: says so when there is less room than
 * that one takes. Only a guess: nobody knows how large a file will be before it is written, so nothing is refused.
 */
export async function warnOfLittleSpace({ disk, log }: World, path: string): Promise<void> {
  const folder = dirname(path)
  const bytes = (await disk.stat(path).catch(() => null))?.bytes ?? 0
  const free = await freeBytes(disk, folder)
  if (free >= bytes) return
  log.warning(
    `Only ${megabytes(free)} are free in ${folder}: the file that is being written may not fit, the one before it has ` +
      megabytes(bytes),
  )
}

/** After a failure: how much room there was, if that was the reason. */
export async function explainFullDisk(
  { disk, log }: World,
  folder: string,
  error: unknown,
  written: number,
): Promise<void> {
  if (!isFull(error)) return
  const free = megabytes(await freeBytes(disk, folder))
  log.warning(
    `The disk is full: ${megabytes(written)} were written, ${free} are free in ${folder} without them`,
  )
}

function isFull(error: unknown): boolean {
  return error instanceof Error && ((error as NodeJS.ErrnoException).code === 'ENOSPC' || isFull(error.cause))
}

/** Infinity where the system does not tell. */
function freeBytes(disk: Disk, folder: string): Promise<number> {
  return disk.freeBytes(folder).catch(() => Infinity)
}
