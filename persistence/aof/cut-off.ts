import type { Disk } from '../../server/lib/disk.js'

/** Ends a log where its last whole command does. Returns when that is safe from a power cut. */
export async function cutOff(disk: Disk, path: string, validBytes: number): Promise<void> {
  const file = await disk.open(path, 'update')
  try {
    await file.truncate(validBytes)
    await file.sync()
  } finally {
    await file.close()
  }
}
