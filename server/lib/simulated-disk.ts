/**
 * A disk in memory that can do what real ones do on their worst day, on demand and by a seed.
 *
 *     crash()        the power goes: unsynced bytes and names are lost from some point on, the write at that
 *                    point may be torn, open files are dead
 *     kill()         the process dies: open files are dead, the kernel still has every byte
 *     capacityBytes  writes end with ENOSPC, after writing what fits
 *     fail()         chosen operations fail; a failed sync loses what it should have saved; mend() calls them off
 *     eioChance      any operation fails with EIO, so often
 *
 * Names are lost like bytes: the changes of names since the last `syncFolder` survive up to a point chosen by
 * the seed. They are one sequence, as in the journal of a file system, but a `syncFolder` saves only those that
 * concern its folder, which is all that POSIX promises.
 *
 * An operation that was under way at a crash never returns: nobody is left to hear of it. With a clock every
 * operation takes time, and operations under way together may end in another order.
 *
 * What it does not simulate: renamed folders, symbolic links, permissions, bytes that rot after they were synced.
 */

import { posix } from 'node:path'
import type { Clock } from './clock.js'
import {
  temporaryName,
  writeThroughTemporary,
  type Disk,
  type DiskFile,
  type FileFacts,
  type OpenMode,
} from './disk.js'
import type { Random } from './random.js'
import { diskError, DiskFaults, type DiskFault, type DiskOperation } from './simulated-faults.js'
import { SimulatedFile } from './simulated-file.js'
import { FOLDER, SimulatedNames } from './simulated-names.js'

export interface SimulatedDiskOptions {
  random: Random
  clock?: Clock
  /** With a clock: how long an operation takes at most, in whole milliseconds. */
  latencyMaxMs?: number
}

/** What an operation does, given the absolute path. */
type Act<T> = (path: string) => T

export class SimulatedDisk implements Disk {
  capacityBytes = Infinity
  eioChance = 0
  private readonly random: Random
  private readonly clock: Clock | undefined
  private readonly latencyMaxMs: number
  private readonly names = new SimulatedNames()
  private readonly faults = new DiskFaults()
  /** Which life of the process this is: files opened and operations begun in an earlier one are dead. */
  private life = 0

  constructor({ random, clock, latencyMaxMs = 0 }: SimulatedDiskOptions) {
    this.random = random
    this.clock = clock
    this.latencyMaxMs = latencyMaxMs
  }

  crash(): void {
    this.kill()
    this.names.losePower(this.random)
    for (const file of this.names.files()) file.losePower(this.random)
  }

  kill(): void {
    this.life++
  }

  fail(fault: DiskFault): void {
    this.faults.order(fault.path === undefined ? fault : { ...fault, path: posix.resolve(fault.path) })
  }

  mend(): void {
    this.faults.mend()
  }

  async open(path: string, mode: OpenMode): Promise<DiskFile> {
    const opened = await this.perform('open', path, full => this.openNow(full, mode))
    return new OpenFile(this, opened, posix.resolve(path), mode, this.life)
  }

  async readFile(path: string): Promise<Buffer> {
    return this.perform('read', path, full => Buffer.from(this.file(full, 'read').bytes()))
  }

  writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
    return writeThroughTemporary(this, path, bytes)
  }

  rename(from: string, to: string): Promise<void> {
    return this.perform('rename', from, full => this.renameNow(full, posix.resolve(to)))
  }

  link(from: string, to: string): Promise<void> {
    return this.perform('link', from, full => this.linkNow(full, posix.resolve(to)))
  }

  unlink(path: string): Promise<void> {
    return this.perform('unlink', path, full => {
      this.file(full, 'unlink')
      this.names.remove(full)
    })
  }

  list(folder: string): Promise<string[]> {
    return this.perform('list', folder, full => this.listNow(full))
  }

  mkdir(folder: string): Promise<void> {
    return this.perform('mkdir', folder, full => this.mkdirNow(full))
  }

  stat(path: string): Promise<FileFacts | null> {
    return this.perform('stat', path, full => {
      const named = this.names.get(full)
      if (named === undefined) return null
      if (named === FOLDER) return { kind: 'folder', bytes: 0, modifiedMs: 0 }
      return { kind: 'file', bytes: named.length, modifiedMs: named.modifiedMs }
    })
  }

  isSameFile(one: string, other: string): Promise<boolean> {
    return this.perform('stat', one, full => {
      const named = this.names.get(full)
      return named !== undefined && named === this.names.get(posix.resolve(other))
    })
  }

  freeBytes(folder: string): Promise<number> {
    return this.perform('stat', folder, full => {
      this.requireFolder(full, 'stat')
      return Math.max(0, this.capacityBytes - this.usedBytes())
    })
  }

  syncFolder(folder: string): Promise<void> {
    return this.perform('syncFolder', folder, full => {
      this.requireFolder(full, 'syncFolder')
      this.names.syncFolder(full)
    })
  }

  existsSync(path: string): boolean {
    return this.names.get(posix.resolve(path)) !== undefined
  }

  listSync(folder: string): string[] {
    return this.performNow('list', folder, full => this.listNow(full))
  }

  readFileSync(path: string): Buffer {
    return this.performNow('read', path, full => Buffer.from(this.file(full, 'read').bytes()))
  }

  writeFileAtomicallySync(path: string, bytes: Uint8Array): void {
    const temporary = temporaryName(path)
    try {
      const file = this.performNow('open', temporary, full => this.openNow(full, 'create'))
      this.performNow('write', temporary, full => this.writeNow(full, file, 0, bytes))
      this.performNow('sync', temporary, () => file.sync())
      this.performNow('rename', temporary, full => this.renameNow(full, posix.resolve(path)))
    } catch (error) {
      if (this.existsSync(temporary)) this.names.remove(posix.resolve(temporary))
      throw error
    }
    this.performNow('syncFolder', posix.dirname(path), full => this.names.syncFolder(full))
  }

  /** What an open file asks for. `onFault` is what else happens when it fails. */
  async performOn<T>(
    file: OpenFile,
    operation: DiskOperation,
    act: Act<T>,
    onFault?: () => void,
  ): Promise<T> {
    this.requireOpen(file, operation)
    return this.perform(operation, file.path, act, onFault)
  }

  /** As `performOn`, and it takes no time. */
  performOnNow<T>(file: OpenFile, operation: DiskOperation, act: Act<T>, onFault?: () => void): T {
    this.requireOpen(file, operation)
    return this.performNow(operation, file.path, act, onFault)
  }

  /** Writes what fits. */
  writeNow(path: string, file: SimulatedFile, position: number, bytes: Uint8Array): void {
    const growth = position + bytes.length - file.length
    const room = this.capacityBytes - this.usedBytes()
    const fits = growth > room ? Math.max(0, bytes.length - (growth - room)) : bytes.length
    file.write(position, bytes.subarray(0, fits))
    file.modifiedMs = this.clock?.wallMs() ?? 0
    if (fits < bytes.length) throw diskError('ENOSPC', 'write', path)
  }

  private async perform<T>(
    operation: DiskOperation,
    path: string,
    act: Act<T>,
    onFault?: () => void,
  ): Promise<T> {
    const life = this.life
    await this.takeTime()
    if (life !== this.life) return new Promise<T>(() => {})
    return this.performNow(operation, path, act, onFault)
  }

  private performNow<T>(operation: DiskOperation, path: string, act: Act<T>, onFault?: () => void): T {
    const full = posix.resolve(path)
    const code = this.faults.next(operation, full, this.eioChance, this.random)
    if (code === null) return act(full)
    onFault?.()
    throw diskError(code, operation, full)
  }

  private requireOpen({ life, closed, path }: OpenFile, operation: DiskOperation): void {
    if (life !== this.life || closed) throw diskError('EBADF', operation, path)
  }

  private takeTime(): Promise<void> {
    const { clock, latencyMaxMs } = this
    if (clock === undefined || latencyMaxMs === 0) return Promise.resolve()
    return new Promise(resolve => void clock.after(1 + this.random.below(latencyMaxMs), resolve))
  }

  private openNow(path: string, mode: OpenMode): SimulatedFile {
    const mayCreate = mode === 'append' || mode === 'create'
    const file = mayCreate ? this.fileOrNew(path) : this.file(path, 'open')
    if (mode === 'create') file.truncate(0)
    return file
  }

  private fileOrNew(path: string): SimulatedFile {
    if (this.names.get(path) !== undefined) return this.file(path, 'open')
    this.requireFolder(posix.dirname(path), 'open')
    const file = new SimulatedFile()
    this.names.add(path, file)
    return file
  }

  private renameNow(from: string, to: string): void {
    const file = this.file(from, 'rename')
    this.requireFolder(posix.dirname(to), 'rename')
    if (this.names.get(to) === FOLDER) throw diskError('EISDIR', 'rename', to)
    if (from !== to) this.names.move(from, to, file)
  }

  private listNow(folder: string): string[] {
    this.requireFolder(folder, 'list')
    return this.names.in(folder)
  }

  private linkNow(from: string, to: string): void {
    const file = this.file(from, 'link')
    this.requireFolder(posix.dirname(to), 'link')
    if (this.names.get(to) !== undefined) throw diskError('EEXIST', 'link', to)
    this.names.add(to, file)
  }

  private mkdirNow(folder: string): void {
    const named = this.names.get(folder)
    if (named === FOLDER) return
    if (named !== undefined) throw diskError('EEXIST', 'mkdir', folder)
    this.mkdirNow(posix.dirname(folder))
    this.names.add(folder, FOLDER)
  }

  private file(path: string, operation: DiskOperation): SimulatedFile {
    const named = this.names.get(path)
    if (named === undefined) throw diskError('ENOENT', operation, path)
    if (named === FOLDER) throw diskError('EISDIR', operation, path)
    return named
  }

  private requireFolder(path: string, operation: DiskOperation): void {
    const named = this.names.get(path)
    if (named === undefined) throw diskError('ENOENT', operation, path)
    if (named !== FOLDER) throw diskError('ENOTDIR', operation, path)
  }

  private usedBytes(): number {
    return this.names.files().reduce((sum, file) => sum + file.length, 0)
  }
}

class OpenFile implements DiskFile {
  readonly path: string
  readonly life: number
  closed = false
  private readonly disk: SimulatedDisk
  private readonly file: SimulatedFile
  private readonly mode: OpenMode

  constructor(disk: SimulatedDisk, file: SimulatedFile, path: string, mode: OpenMode, life: number) {
    this.disk = disk
    this.file = file
    this.path = path
    this.mode = mode
    this.life = life
  }

  append(bytes: Uint8Array): Promise<void> {
    return this.write(() => this.file.length, bytes)
  }

  writeAt(position: number, bytes: Uint8Array): Promise<void> {
    return this.write(() => position, bytes)
  }

  writeAtSync(position: number, bytes: Uint8Array): void {
    this.disk.performOnNow(this, 'write', path => this.writeNow(path, position, bytes))
  }

  readAt(position: number, into: Uint8Array): Promise<number> {
    return this.disk.performOn(this, 'read', () => {
      const there = this.file.bytes().subarray(position, position + into.length)
      into.set(there)
      return there.length
    })
  }

  size(): Promise<number> {
    return this.disk.performOn(this, 'stat', () => this.file.length)
  }

  truncate(bytes: number): Promise<void> {
    return this.disk.performOn(this, 'truncate', () => this.file.truncate(bytes))
  }

  sync(): Promise<void> {
    return this.disk.performOn(this, 'sync', this.syncNow, this.failToSync)
  }

  syncSync(): void {
    this.disk.performOnNow(this, 'sync', this.syncNow, this.failToSync)
  }

  async close(): Promise<void> {
    this.closed = true
  }

  /** The bytes are read at the end of the write: whoever changes them meanwhile has a fault to find. */
  private write(position: () => number, bytes: Uint8Array): Promise<void> {
    return this.disk.performOn(this, 'write', path => this.writeNow(path, position(), bytes))
  }

  private writeNow(path: string, position: number, bytes: Uint8Array): void {
    if (this.mode === 'read') throw diskError('EBADF', 'write', path)
    this.disk.writeNow(path, this.file, position, bytes)
  }

  private readonly syncNow = (): void => this.file.sync()

  private readonly failToSync = (): void => this.file.failToSync()
}
