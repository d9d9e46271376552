/**
 * The door to files.
 *
 * Written bytes are in the hands of the kernel: they survive our death, not a power cut. What `sync` has
 * returned from survives that too. A *name* is kept by its folder, not by its file: a file that was created or
 * renamed is found again after a power cut once `syncFolder` has returned for its folder. `writeFileAtomically`
 * does the four steps in order, so that a reader finds the old contents or the new, never a mixture.
 *
 * A `sync` that fails is final: the kernel may have dropped the bytes and forgotten it, so a second `sync` that
 * succeeds proves nothing (https://lwn.net/Articles/752063). Write again into a new file, or stop.
 *
 * Errors are Node's, with a `code`: ENOENT, EEXIST, ENOTDIR, EISDIR, ENOSPC, EIO, EBADF. A write that fails may
 * have written a part; `size` tells.
 *
 * Everything runs off the event loop. The methods that end in `Sync` stop the world instead: for starting up, for
 * shutting down, for what an operator asks once and wants answered at once, and for what takes less time than to hand it
 * to a thread.
 */

import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import * as fs from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * - `read`: an existing file, to be read only.
 * - `update`: an existing file.
 * - `append`: created when missing, kept when not.
 * - `create`: created when missing, emptied when not.
 */
export type OpenMode = 'read' | 'update' | 'append' | 'create'

export interface FileFacts {
  kind: 'file' | 'folder'
  bytes: number
  modifiedMs: number
}

/** An open file. We are its only writer, and its writes are made one after the other. */
export interface DiskFile {
  /** Writes all of `bytes` behind the last byte. */
  append(bytes: Uint8Array): Promise<void>
  /** Writes all of `bytes` at `position`; a gap before it reads as zeros. */
  writeAt(position: number, bytes: Uint8Array): Promise<void>
  /** As `writeAt`, at once. */
  writeAtSync(position: number, bytes: Uint8Array): void
  /** Fills `into` as far as the file reaches and returns how many bytes that were: 0 at its end. */
  readAt(position: number, into: Uint8Array): Promise<number>
  size(): Promise<number>
  /** Cuts the file off, or lengthens it with zeros. */
  truncate(bytes: number): Promise<void>
  /** Returns when what was written is safe from a power cut. */
  sync(): Promise<void>
  /** As `sync`, at once. */
  syncSync(): void
  close(): Promise<void>
}

export interface Disk {
  open(path: string, mode: OpenMode): Promise<DiskFile>
  readFile(path: string): Promise<Buffer>
  /** Goes through `temporaryName(path)`, which only a crash can leave behind. */
  writeFileAtomically(path: string, bytes: Uint8Array): Promise<void>
  /** Gives a file another name; a file that had it is gone. */
  rename(from: string, to: string): Promise<void>
  /** Gives a file a second name; it lives until the last one is gone. EEXIST when something has that name. */
  link(from: string, to: string): Promise<void>
  /** Deletes a name of a file, and with its last one the file. */
  unlink(path: string): Promise<void>
  /** The names in a folder, sorted. */
  list(folder: string): Promise<string[]>
  /** Creates a folder and the folders above it, as far as they are missing. */
  mkdir(folder: string): Promise<void>
  /** Null when there is nothing of that name. */
  stat(path: string): Promise<FileFacts | null>
  /** Whether these are two names of one file; false where either has none. */
  isSameFile(one: string, other: string): Promise<boolean>
  /** What may still be written on the disk of this folder. */
  freeBytes(folder: string): Promise<number>
  /** Returns when the names in this folder are safe from a power cut. */
  syncFolder(folder: string): Promise<void>

  existsSync(path: string): boolean
  /** As `list`. */
  listSync(folder: string): string[]
  readFileSync(path: string): Buffer
  writeFileAtomicallySync(path: string, bytes: Uint8Array): void
}

/** Where an atomic write of `path` collects its bytes. Two writers of one path have to take turns. */
export function temporaryName(path: string): string {
  return `${path}.tmp`
}

/** The four steps of an atomic write, on any disk. */
export async function writeThroughTemporary(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryName(path)
  try {
    await writeAndSync(await disk.open(temporary, 'create'), bytes)
    await disk.rename(temporary, path)
  } catch (error) {
    await disk.unlink(temporary).catch(() => {})
    throw error
  }
  await disk.syncFolder(dirname(path))
}

async function writeAndSync(file: DiskFile, bytes: Uint8Array): Promise<void> {
  try {
    await file.append(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

export function systemDisk(): Disk {
  return new SystemDisk()
}

/** Node cannot open a folder on Windows; the file system there keeps names safe by itself. */
const FOLDERS_OPEN = process.platform !== 'win32'

const { O_CREAT, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants
const OPEN_FLAGS: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  update: O_RDWR,
  append: O_RDWR | O_CREAT,
  create: O_RDWR | O_CREAT | O_TRUNC,
}

class SystemDisk implements Disk {
  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    const handle = await fs.open(path, OPEN_FLAGS[mode], 0o644)
    return new SystemFile(handle, (await handle.stat()).size)
  }

  readFile(path: string): Promise<Buffer> {
    return fs.readFile(path)
  }

  writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
    return writeThroughTemporary(this, path, bytes)
  }

  rename(from: string, to: string): Promise<void> {
    return fs.rename(from, to)
  }

  link(from: string, to: string): Promise<void> {
    return fs.link(from, to)
  }

  unlink(path: string): Promise<void> {
    return fs.unlink(path)
  }

  async list(folder: string): Promise<string[]> {
    return (await fs.readdir(folder)).sort()
  }

  async mkdir(folder: string): Promise<void> {
    await fs.mkdir(folder, { recursive: true })
  }

  async stat(path: string): Promise<FileFacts | null> {
    const facts = await fs.stat(path).catch(orNull)
    if (facts === null) return null
    const kind = facts.isDirectory() ? 'folder' : 'file'
    return { kind, bytes: facts.size, modifiedMs: Math.floor(facts.mtimeMs) }
  }

  async isSameFile(one: string, other: string): Promise<boolean> {
    const facts = (path: string) => fs.stat(path, { bigint: true }).catch(orNull)
    const [a, b] = [await facts(one), await facts(other)]
    return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino
  }

  async freeBytes(folder: string): Promise<number> {
    const { bavail, bsize } = await fs.statfs(folder)
    return bavail * bsize
  }

  async syncFolder(folder: string): Promise<void> {
    if (!FOLDERS_OPEN) return
    const handle = await fs.open(folder, O_RDONLY)
    await handle.sync().finally(() => handle.close())
  }

  existsSync(path: string): boolean {
    return existsSync(path)
  }

  listSync(folder: string): string[] {
    return readdirSync(folder).sort()
  }

  readFileSync(path: string): Buffer {
    return readFileSync(path)
  }

  writeFileAtomicallySync(path: string, bytes: Uint8Array): void {
    const temporary = temporaryName(path)
    try {
      withFdSync(temporary, 'w', fd => {
        writeFileSync(fd, bytes)
        fsyncSync(fd)
      })
      renameSync(temporary, path)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
    if (FOLDERS_OPEN) withFdSync(dirname(path), 'r', fsyncSync)
  }
}

/** Null: nothing has that name. */
function orNull(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}

function withFdSync(path: string, flags: string, use: (fd: number) => void): void {
  const fd = openSync(path, flags)
  try {
    use(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Positions are kept here and not left to O_APPEND, because Linux ignores the position of a write to a file
 * opened with it.
 */
class SystemFile implements DiskFile {
  private readonly handle: fs.FileHandle
  private end: number

  constructor(handle: fs.FileHandle, bytes: number) {
    this.handle = handle
    this.end = bytes
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.writeAt(this.end, bytes)
  }

  /** The kernel may write less than it was given. */
  async writeAt(position: number, bytes: Uint8Array): Promise<void> {
    let written = 0
    while (written < bytes.length) {
      const rest = bytes.length - written
      written += (await this.handle.write(bytes, written, rest, position + written)).bytesWritten
      this.end = Math.max(this.end, position + written)
    }
  }

  writeAtSync(position: number, bytes: Uint8Array): void {
    let written = 0
    while (written < bytes.length) {
      const rest = bytes.length - written
      written += writeSync(this.handle.fd, bytes, written, rest, position + written)
      this.end = Math.max(this.end, position + written)
    }
  }

  async readAt(position: number, into: Uint8Array): Promise<number> {
    let read = 0
    while (read < into.length) {
      const { bytesRead } = await this.handle.read(into, read, into.length - read, position + read)
      if (bytesRead === 0) break
      read += bytesRead
    }
    return read
  }

  async size(): Promise<number> {
    return (await this.handle.stat()).size
  }

  async truncate(bytes: number): Promise<void> {
    await this.handle.truncate(bytes)
    this.end = bytes
  }

  sync(): Promise<void> {
    return this.handle.datasync()
  }

  syncSync(): void {
    fdatasyncSync(this.handle.fd)
  }

  close(): Promise<void> {
    return this.handle.close()
  }
}
