import type { Random } from './random.js'

const MESSAGES = {
  EACCES: 'permission denied',
  EBADF: 'bad file descriptor',
  EEXIST: 'file already exists',
  EIO: 'i/o error',
  EISDIR: 'illegal operation on a directory',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
}
export type DiskErrorCode = keyof typeof MESSAGES

export type DiskOperation =
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'rename'
  | 'link'
  | 'unlink'
  | 'list'
  | 'mkdir'
  | 'stat'
  | 'syncFolder'

export interface DiskFault {
  on: DiskOperation
  code: DiskErrorCode
  /** Only operations on this path, as it was opened; on any path when left out. */
  path?: string
  /** How many operations are to fail: 1 unless said otherwise. */
  times?: number
}

/** An error as Node's file system makes them. */
export function diskError(
  code: DiskErrorCode,
  operation: DiskOperation,
  path: string,
): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${MESSAGES[code]}, ${operation} '${path}'`), { code, path })
}

/** Which operations of a simulated disk are to fail: those that were ordered, and others by chance. */
export class DiskFaults {
  private ordered: (DiskFault & { times: number })[] = []

  order(fault: DiskFault): void {
    this.ordered.push({ times: 1, ...fault })
  }

  /** Calls off what was ordered. */
  mend(): void {
    this.ordered = []
  }

  /** Why this operation fails, or null when it does not. */
  next(operation: DiskOperation, path: string, eioChance: number, random: Random): DiskErrorCode | null {
    const matches = (one: DiskFault): boolean => one.on === operation && (one.path ?? path) === path
    const fault = this.ordered.find(matches)
    if (fault === undefined) return eioChance > 0 && random.float() < eioChance ? 'EIO' : null
    if (--fault.times === 0) this.ordered = this.ordered.filter(one => one !== fault)
    return fault.code
  }
}
