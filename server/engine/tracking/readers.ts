/**
 * Which clients may have which keys in their caches.
 *
 * A million keys may be in here, so no JS object stands for any of them: a dict over entries in an arena, as the
 * data itself is kept, but an arena of its own. It is made when the first client tracks, and a FLUSHALL that finds
 * many keys in here throws it away whole.
 *
 *      entry   | count i32 | capacity i32 | key: memory/key.ts | ids: capacity x f64, ascending |
 *
 * Clients are ids, not sessions: a client that leaves stays in its entries until they are next looked at. Looking for
 * it in all of them would take long, and ids are never used twice.
 */

import type { Random } from '../../lib/random.js'
import { Mem, Span } from '../../lib/bytes.js'
import { Arena, blockBytes, offsetOf } from '../../memory/arena.js'
import { Dict, type HashKey } from '../../memory/dict.js'
import { keyRoom, writeKey } from '../../memory/key.js'

const KEY_AT = 8
const ID_BYTES = 8
/** More keys than this are dropped with their arena, fewer one by one: about 2 ms. */
const DRAINED_MAX = 16 * 1024

export class Readers {
  /** Pairs of a key and a client. */
  pairs = 0
  private arena: Arena
  private dict: Dict
  private readonly span = new Span(new Mem(new ArrayBuffer(8)), 0, 0)

  constructor(
    private readonly random: Random,
    private readonly newArena: () => Arena = () => new Arena(),
  ) {
    this.arena = newArena()
    this.dict = this.newDict()
  }

  get keys(): number {
    return this.dict.count
  }

  /** What all of it takes. */
  get bytes(): number {
    return this.arena.used
  }

  /** A client has read a key. */
  add(key: Span, id: number): void {
    const hash = this.dict.hash(key)
    const ref = this.dict.find(key, hash)
    if (ref === 0) {
      this.dict.insert(hash, this.create(key, id))
      this.pairs++
      return
    }
    const at = this.placeOf(ref, id)
    if (at < this.count(ref) && this.id(ref, at) === id) return
    this.insertId(this.withRoom(ref, hash), at, id)
    this.pairs++
  }

  /** Forgets a key; answers whom to tell. */
  take(key: Span): readonly number[] {
    const hash = this.dict.hash(key)
    const ref = this.dict.find(key, hash)
    return ref === 0 ? NOBODY : this.remove(hash, ref)
  }

  /** Forgets some key, each equally likely; null when there is none. */
  takeRandom(): { readonly key: string; readonly ids: readonly number[] } | null {
    const ref = this.dict.random(this.random)
    if (ref === 0) return null
    const key = this.dict.key(ref, this.span).latin1()
    return { key, ids: this.remove(this.dict.hashOf(ref), ref) }
  }

  clear(): void {
    if (this.keys > DRAINED_MAX) this.arena = this.newArena()
    else this.dict.drain(Infinity, ref => this.arena.free(ref, this.entryBytes(ref)))
    this.dict = this.newDict()
    this.pairs = 0
  }

  /** Every block, for the arena's audit. */
  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const refs: number[] = []
    this.dict.forEach(ref => refs.push(ref))
    for (const ref of refs) yield [ref, this.entryBytes(ref)]
    yield* this.dict.blocks()
  }

  // Entries -------------------------------------------------------------------------------------------------

  private newDict(): Dict {
    const hashKey: HashKey = { k0: this.random.uint32() | 0, k1: this.random.uint32() | 0 }
    return new Dict(this.arena, hashKey, KEY_AT)
  }

  private create(key: Span, id: number): number {
    const head = KEY_AT + keyRoom(key.length)
    const ref = this.arena.alloc(head + ID_BYTES)
    const mem = this.arena.mem(ref)
    const at = offsetOf(ref)
    mem.dv.setInt32(at, 1, true)
    mem.dv.setInt32(at + 4, roomFor(head, 1), true)
    writeKey(mem, at + KEY_AT, key)
    mem.dv.setFloat64(at + head, id, true)
    return ref
  }

  private remove(hash: number, ref: number): number[] {
    const ids = Array.from({ length: this.count(ref) }, (_, at) => this.id(ref, at))
    this.dict.remove(hash, ref)
    this.arena.free(ref, this.entryBytes(ref))
    this.pairs -= ids.length
    return ids
  }

  /** The entry, or a larger one in its place, with room for one more id. */
  private withRoom(ref: number, hash: number): number {
    const count = this.count(ref)
    if (count < this.capacity(ref)) return ref
    const head = this.headBytes(ref)
    const moved = this.arena.alloc(head + 2 * count * ID_BYTES)
    const [from, to] = [this.arena.mem(ref), this.arena.mem(moved)]
    const start = offsetOf(ref)
    to.u8.set(from.u8.subarray(start, start + head + count * ID_BYTES), offsetOf(moved))
    to.dv.setInt32(offsetOf(moved) + 4, roomFor(head, 2 * count), true)
    this.dict.replace(hash, ref, moved)
    this.arena.free(ref, this.entryBytes(ref))
    return moved
  }

  private insertId(ref: number, at: number, id: number): void {
    const { u8, dv } = this.arena.mem(ref)
    const ids = offsetOf(ref) + this.headBytes(ref)
    const count = this.count(ref)
    u8.copyWithin(ids + (at + 1) * ID_BYTES, ids + at * ID_BYTES, ids + count * ID_BYTES)
    dv.setFloat64(ids + at * ID_BYTES, id, true)
    dv.setInt32(offsetOf(ref), count + 1, true)
  }

  /** How many ids are less than this one. */
  private placeOf(ref: number, id: number): number {
    let least = 0
    let most = this.count(ref)
    while (least < most) {
      const middle = (least + most) >>> 1
      if (this.id(ref, middle) < id) least = middle + 1
      else most = middle
    }
    return least
  }

  private id(ref: number, at: number): number {
    return this.arena.mem(ref).dv.getFloat64(offsetOf(ref) + this.headBytes(ref) + at * ID_BYTES, true)
  }

  private count(ref: number): number {
    return this.arena.mem(ref).dv.getInt32(offsetOf(ref), true)
  }

  private capacity(ref: number): number {
    return this.arena.mem(ref).dv.getInt32(offsetOf(ref) + 4, true)
  }

  private headBytes(ref: number): number {
    return KEY_AT + keyRoom(this.dict.key(ref, this.span).length)
  }

  private entryBytes(ref: number): number {
    return this.headBytes(ref) + this.capacity(ref) * ID_BYTES
  }
}

const NOBODY: readonly number[] = []

/** Ids that fit into the block of so many bytes before them and at least `ids`. */
function roomFor(head: number, ids: number): number {
  return Math.floor((blockBytes(head + ids * ID_BYTES) - head) / ID_BYTES)
}
