import { posix } from 'node:path'
import type { Random } from './random.js'
import { SimulatedFile } from './simulated-file.js'

export const FOLDER = Symbol('folder')
export type Named = SimulatedFile | typeof FOLDER
type Names = Map<string, Named>

/** A change of names that no `syncFolder` has made safe yet. A rename is one change in up to two folders. */
interface NameChange {
  folders: string[]
  apply(names: Names): void
}

/**
 * The names of the simulated disk: what readers see, what a power cut would leave, and the changes between.
 * Names are absolute paths without `.` and `..`.
 */
export class SimulatedNames {
  private seen: Names = new Map([['/', FOLDER]])
  private safe: Names = new Map(this.seen)
  private unsafe: NameChange[] = []

  get(path: string): Named | undefined {
    return this.seen.get(path)
  }

  /** The last parts of the names in a folder, sorted. */
  in(folder: string): string[] {
    const inside = [...this.seen.keys()].filter(path => path !== '/' && posix.dirname(path) === folder)
    return inside.map(path => posix.basename(path)).sort()
  }

  /** Each file once, however many names it has. */
  files(): SimulatedFile[] {
    return [...new Set(this.seen.values())].filter(named => named !== FOLDER)
  }

  add(path: string, named: Named): void {
    this.change([path], names => names.set(path, named))
  }

  remove(path: string): void {
    this.change([path], names => names.delete(path))
  }

  move(from: string, to: string, named: Named): void {
    this.change([from, to], names => names.set(to, named).delete(from))
  }

  syncFolder(folder: string): void {
    const concerns = (change: NameChange): boolean => change.folders.includes(folder)
    for (const change of this.unsafe.filter(concerns)) change.apply(this.safe)
    this.unsafe = this.unsafe.filter(change => !concerns(change))
  }

  /** The files that survive go through their own loss afterwards: it is the disk that knows them all. */
  losePower(random: Random): void {
    const survivors = random.below(this.unsafe.length + 1)
    for (const change of this.unsafe.slice(0, survivors)) change.apply(this.safe)
    this.unsafe = []
    this.dropOrphans()
    this.seen = new Map(this.safe)
  }

  private change(paths: string[], apply: (names: Names) => void): void {
    apply(this.seen)
    this.unsafe.push({ folders: paths.map(path => posix.dirname(path)), apply })
  }

  /** A folder that was lost takes all that was in it along. Shorter paths come first: parents before children. */
  private dropOrphans(): void {
    for (const path of [...this.safe.keys()].sort()) {
      if (this.safe.get(posix.dirname(path)) !== FOLDER) this.safe.delete(path)
    }
  }
}
