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

/** What does so at once. */
const CHANGES_AT_ONCE: ReadonlySet<PropertyKey> = new Set(['writeAtSync', 'syncSync'])

/** Made of several changes, each of which may be the last. */
const COMPOSED = 'writeFileAtomically'

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
      get: (target, name, watched) => {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => this.ask(target, name, value, args, watched as object)
      },
    })
  }

  /** Who is dead begins nothing any more. */
  private ask(target: object, name: PropertyKey, method: object, args: unknown[], watched: object): unknown {
    if (CHANGES_AT_ONCE.has(name)) return this.changeAtOnce(() => this.call(target, method, args))
    if (this.crashed) return never()
    if (name === 'open') return this.call<DiskFile>(target, method, args).then(file => this.watch(file))
    if (CHANGES.has(name)) return this.change(() => this.call(target, method, args))
    return this.call(name === COMPOSED ? watched : target, method, args)
  }

  /** Throws when it is the last one, as nobody may hear of it. */
  private changeAtOnce(act: () => unknown): void {
    if (!this.crashed) act()
    this.count()
    if (this.crashed) throw new Error('the power is gone')
  }

  private call<R>(target: object, method: unknown, args: readonly unknown[]): Promise<R> {
    return (method as (...args: unknown[]) => Promise<R>).apply(target, [...args])
  }

  private async change<R>(act: () => Promise<R>): Promise<R> {
    if (this.crashed) return never()
    const result = await act()
    this.count()
    return this.crashed ? never() : result
  }

  /** Another change has been made. */
  private count(): void {
    if (++this.changes !== this.changesMax) return
    this.crashed = true
    this.real.crash()
  }
}

/** One of its own for everybody who waits: a promise that outlived the disk would keep all that waits for it alive. */
function never(): Promise<never> {
  return new Promise(() => undefined)
}
