/** Cuts off what is behind the last whole command of a log. */

import type { Disk } from '../../server/lib/disk.js'
import type { AofFileFindings } from './aof-check.js'

/** Returns when that is safe from a power cut. */
export async function cutOff(disk: Disk, { file: path, validBytes }: AofFileFindings): Promise<void> {
  const file = await disk.open(path, 'update')
  try {
    await file.truncate(validBytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
