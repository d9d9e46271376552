/**
 * The names of a database's hashes some of whose fields have times to live: where the sweep for dead fields looks.
 *
 * It holds copies of the names, not entries, and nobody has to take a name out: a hash that is gone, renamed or has no
 * such field any more is found out when the sweep comes by. So only who gives a hash its times has to think of it.
 */

import type { Span } from '../lib/bytes.js'
import { Mem, Span as Bytes } from '../lib/bytes.js'
import { type Arena, offsetOf } from '../memory/arena.js'
import { Dict, type HashKey } from '../memory/dict.js'
import { keyRoom, writeKey } from '../memory/key.js'

export class TimedHashes {
  private readonly names: Dict
  private cursor = 0
  private readonly name = new Bytes(new Mem(new ArrayBuffer(8)), 0, 0)

  constructor(
    private readonly arena: Arena,
    hashKey: HashKey,
  ) {
    this.names = new Dict(arena, hashKey, 0)
  }

  get count(): number {
    return this.names.count
  }

  add(key: Span): void {
    const hash = this.names.hash(key)
    if (this.names.find(key, hash) !== 0) return
    const ref = this.arena.alloc(keyRoom(key.length))
    writeKey(this.arena.mem(ref), offsetOf(ref), key)
    this.names.insert(hash, ref)
  }

  /** Goes on with the round: visits a few names; those for which `visit` says false are dropped. */
  visitNext(visit: (key: Span) => boolean): void {
    const refs: number[] = []
    this.cursor = this.names.scan(this.cursor, ref => {
      refs.push(ref)
    })
    for (const ref of refs) if (!visit(this.names.key(ref, this.name))) this.drop(ref)
  }

  clear(): void {
    this.cursor = 0
    this.names.drain(Infinity, ref => {
      this.free(ref)
    })
  }

  *blocks(): Generator<readonly [ref: number, bytes: number]> {
    const blocks: (readonly [ref: number, bytes: number])[] = [...this.names.blocks()]
    this.names.forEach(ref => blocks.push([ref, this.bytes(ref)]))
    yield* blocks
  }

  private drop(ref: number): void {
    this.names.remove(this.names.hashOf(ref), ref)
    this.free(ref)
  }

  private free(ref: number): void {
    this.arena.free(ref, this.bytes(ref))
  }

  private bytes(ref: number): number {
    return keyRoom(this.names.key(ref, this.name).length)
  }
}
