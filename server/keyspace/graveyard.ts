/**
 * What is dead but not yet freed.
 *
 * Freeing ten million keys, or one key with ten million members, would stall the loop; Redis hands it to a
 * thread, we free it in slices between the turns of the loop. Detached dicts of a flushed database wait here,
 * and big values taken out of their entries.
 */

import type { Dict } from '../memory/dict.js'
import type { Keyspace } from './keyspace.js'

/** Frees `budget` pieces of something; true when nothing is left of it. */
export interface Remains {
  readonly objects: number
  free(budget: number): boolean
  blocks(keyspace: Keyspace): Iterable<readonly [ref: number, bytes: number]>
}

export class Graveyard {
  /** Objects freed lazily since the start: INFO's lazyfreed_objects. */
  freed = 0
  private readonly queue: Remains[] = []

  constructor(private readonly keyspace: Keyspace) {}

  /** Objects that wait: INFO's lazyfree_pending_objects. */
  get pending(): number {
    return this.queue.reduce((sum, remains) => sum + remains.objects, 0)
  }

  /** Buries the keys of a database: `dict` owns the entries, `expires` only names some of them. */
  buryDatabase(dict: Dict, expires: Dict, lazily: boolean): void {
    const names = remainsOf(expires, () => undefined)
    const keys = remainsOf(dict, ref => {
      this.keyspace.freeEntry(ref)
    })
    this.bury(names, lazily)
    this.bury(keys, lazily)
  }

  /** Buries one entry with a big value. */
  buryEntry(ref: number): void {
    this.bury(entryRemains(this.keyspace, ref), true)
  }

  private bury(remains: Remains, lazily: boolean): void {
    if (!lazily || remains.objects === 0) remains.free(Infinity)
    else this.queue.push(remains)
  }

  /** Frees about `budget` objects; true while more is waiting. */
  slice(budget: number): boolean {
    const remains = this.queue[0] as Remains | undefined
    if (remains === undefined) return false
    const before = remains.objects
    if (remains.free(budget)) this.queue.shift()
    this.freed += before - (this.queue[0] === remains ? remains.objects : 0)
    return this.queue.length > 0
  }

  /** Every block that waits, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    for (const remains of this.queue) yield* remains.blocks(this.keyspace)
  }
}

/** The blocks of one entry: its own and its value's. */
export function* entryBlocks(keyspace: Keyspace, ref: number): Generator<readonly [ref: number, bytes: number]> {
  const kind = keyspace.kinds[keyspace.entries.type(ref)]
  yield [ref, keyspace.entries.bytes(ref, kind.inlineBytes(ref))]
  yield* kind.blocks(ref)
}

function remainsOf(dict: Dict, freeOne: (ref: number) => void): Remains {
  return {
    get objects() {
      return dict.count
    },
    free: budget => dict.drain(budget, freeOne),
    *blocks(keyspace) {
      const refs: number[] = []
      dict.forEach(ref => refs.push(ref))
      for (const ref of refs) yield* entryBlocks(keyspace, ref)
      yield* dict.blocks()
    },
  }
}

function entryRemains(keyspace: Keyspace, ref: number): Remains {
  let objects = 1
  return {
    get objects() {
      return objects
    },
    free() {
      keyspace.freeEntry(ref)
      objects = 0
      return true
    },
    blocks: () => entryBlocks(keyspace, ref),
  }
}
