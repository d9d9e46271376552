/**
 * What is dead but not yet freed.
 *
 * Freeing ten million keys, or one key with ten million members, would stall the loop; Redis hands it to a
 * thread, if it was asked to (UNLINK); we free it in slices between the turns of the loop, asked (DEL) or not: only
 * what is not so big that others would notice is freed at once. Detached dicts of a flushed database wait here,
 * and entries with big values. A dict that dies may itself hold such entries: they are set aside as they come up,
 * and freed in slices before the dict goes on.
 */

import type { Dict } from '../memory/dict.js'
import type { Keyspace } from './keyspace.js'

/** Values that take no more frees than this are freed at once, as Redis does. */
const LAZY_EFFORT_MIN = 64
/** What is not to be freed lazily is freed at once all the same, up to about a millisecond's work. */
const EAGER_EFFORT_MAX = 4096

type Block = readonly [ref: number, bytes: number]

/** Something to be freed piece by piece. */
interface Remains {
  /** Keys that wait here. */
  readonly objects: number
  /** Frees about `budget` pieces; true when nothing is left. */
  free(budget: number): boolean
  blocks(): Iterable<Block>
}

export class Graveyard {
  /** Objects freed lazily since the start: INFO's lazyfreed_objects. */
  freed = 0
  private readonly queue: Remains[] = []
  /** Entries with big values. */
  private readonly entries: number[] = []

  constructor(private readonly keyspace: Keyspace) {}

  /** Objects that wait: INFO's lazyfree_pending_objects. */
  get pending(): number {
    return this.queue.reduce((sum, remains) => sum + remains.objects, this.entries.length)
  }

  get isEmpty(): boolean {
    return this.queue.length === 0 && this.entries.length === 0
  }

  /** Buries the keys of a database: `dict` owns the entries, `expires` only names some of them. */
  buryDatabase(dict: Dict, expires: Dict, lazily: boolean): void {
    const names = namesOf(expires)
    const keys = lazily ? this.keysOf(dict, ref => this.dispose(ref, true)) : this.keysOf(dict, this.freeNow)
    for (const remains of [names, keys]) {
      if (lazily) this.queue.push(remains)
      else remains.free(Infinity)
    }
  }

  /** Frees an entry: at once, or, if its value is big, in slices. */
  dispose(ref: number, lazily: boolean): void {
    if (this.isDetained(ref)) return
    if (this.isBig(ref, lazily)) this.entries.push(ref)
    else this.keyspace.freeEntry(ref)
  }

  /** Buries one entry with a big value. */
  buryEntry(ref: number): void {
    if (!this.isDetained(ref)) this.entries.push(ref)
  }

  /** Frees about `budget` pieces; true while more is waiting. */
  slice(budget: number): boolean {
    const before = this.pending
    if (this.entries.length > 0) this.freePiece(this.entries[this.entries.length - 1], budget)
    else if (this.queue.length > 0 && this.queue[0].free(budget)) this.queue.shift()
    this.freed += before - this.pending
    return !this.isEmpty
  }

  /** Every block that waits, for the arena's audit. */
  *blocks(): Generator<Block> {
    for (const remains of this.queue) yield* remains.blocks()
    for (const ref of this.entries) yield* entryBlocks(this.keyspace, ref)
  }

  private readonly freeNow = (ref: number): void => {
    if (!this.isDetained(ref)) this.keyspace.freeEntry(ref)
  }

  /** True when a snapshot still needs the value: it comes again when that is over. */
  private isDetained(ref: number): boolean {
    return this.keyspace.snapshot?.detain(ref) === true
  }

  /** Whether freeing the value of an entry would keep others waiting. */
  isBig(ref: number, lazily: boolean): boolean {
    const { kinds, entries } = this.keyspace
    return kinds[entries.type(ref)].freeEffort(ref) > (lazily ? LAZY_EFFORT_MIN : EAGER_EFFORT_MAX)
  }

  private freePiece(ref: number, budget: number): void {
    const { kinds, entries } = this.keyspace
    const kind = kinds[entries.type(ref)]
    if (kind.freeSlice === undefined) this.keyspace.freeEntry(ref)
    else if (kind.freeSlice(ref, budget)) this.keyspace.freeHusk(ref)
    else return
    this.entries.pop()
  }

  private keysOf(dict: Dict, freeOne: (ref: number) => void): Remains {
    const { keyspace } = this
    return {
      get objects() {
        return dict.count
      },
      free: budget => dict.drain(budget, freeOne),
      *blocks() {
        const refs: number[] = []
        dict.forEach(ref => refs.push(ref))
        for (const ref of refs) yield* entryBlocks(keyspace, ref)
        yield* dict.blocks()
      },
    }
  }
}

/** The table of a database's volatile keys, whose entries belong to another. */
function namesOf(dict: Dict): Remains {
  return { objects: 0, free: budget => dict.drain(budget, () => undefined), blocks: () => dict.blocks() }
}

/** The blocks of one entry: its own and its value's. */
export function* entryBlocks(keyspace: Keyspace, ref: number): Generator<Block> {
  const kind = keyspace.kinds[keyspace.entries.type(ref)]
  yield [ref, keyspace.entries.bytes(ref, kind.inlineBytes(ref))]
  yield* kind.blocks(ref)
}
