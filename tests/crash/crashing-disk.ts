import type { Disk, DiskFile } from '../../server/lib/disk.js'
import type { SimulatedDisk } from '../../server/lib/simulated-disk.js'

/** What changes something on the disk. */
const CHANGES: ReadonlySet<PropertyKey> = new Set([
  'append',
  'writeAt',
  'truncate',
  'sync',
  'rename',
  'link',
  'unlink',
  'mkdir',
  'syncFolder',
])

/**
 * The disk as it is seen by a server whose power goes after so many changes: the last one is made, and nobody hears of
 * it any more.
 */
export class CrashingDisk {
  /** Changes so far. */
  changes = 0
  crashed = false
  readonly disk: Disk

  constructor(
    private readonly real: SimulatedDisk,
    private readonly changesMax: number,
  ) {
    this.disk = this.watch<Disk>(real)
  }

  private watch<T extends object>(thing: T): T {
    return new Proxy(thing, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        if (name === 'open')
          return async (...args: unknown[]) => this.watch(await this.call<DiskFile>(target, value, args))
        return CHANGES.has(name)
          ? (...args: unknown[]) => this.change(() => this.call(target, value, args))
          : (...args: unknown[]) => this.call(target, value, args)
      },
    })
  }

  private call<R>(target: object, method: unknown, args: readonly unknown[]): Promise<R> {
    return (method as (...args: unknown[]) => Promise<R>).apply(target, [...args])
  }

  private async change<R>(act: () => Promise<R>): Promise<R> {
    if (this.crashed) return never()
    const result = await act()
    if (++this.changes === this.changesMax) {
      this.crashed = true
      this.real.crash()
    }
    return this.crashed ? never() : result
  }
}

/** One of its own for everybody who waits: a promise that outlived the disk would keep all that waits for it alive. */
function never(): Promise<never> {
  return new Promise(() => undefined)
}
