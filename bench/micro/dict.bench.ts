import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { Arena } from '../../server/memory/arena.js'
import { Dict } from '../../server/memory/dict.js'
import { keyRoom, writeKey } from '../../server/memory/key.js'
import { offsetOf } from '../../server/memory/arena.js'
import type { Micro } from './micro.js'

/** The hash table with keys of 16 bytes: a table that the caches hold, and one that they do not. */
export default function register(micro: Micro): void {
  for (const count of [10_000, 1_000_000]) {
    const filled = new Filled(count)
    micro(`hash, ${count} keys`, n => filled.each(n, key => filled.dict.hash(key)))
    micro(`find, ${count} keys`, n => filled.each(n, key => filled.dict.find(key, filled.dict.hash(key))))
    micro(`remove and insert, ${count} keys`, n => filled.each(n, key => filled.again(key)))
  }
}

class Filled {
  private readonly arena = new Arena()
  readonly dict = new Dict(this.arena, { k0: 1, k1: 2 }, 0)
  private readonly random = seededRandom(1)
  private readonly key = Span.of('key:000000000000')

  constructor(private readonly count: number) {
    for (let i = 0; i < count; i++) this.insert(this.named(i))
  }

  each(iterations: number, work: (key: Span) => number): number {
    let sum = 0
    for (let i = 0; i < iterations; i++) sum += work(this.named(this.random.below(this.count)))
    return sum
  }

  again(key: Span): number {
    const hash = this.dict.hash(key)
    const ref = this.dict.find(key, hash)
    this.dict.remove(hash, ref)
    this.dict.insert(hash, ref)
    return ref
  }

  private insert(key: Span): void {
    const ref = this.arena.alloc(keyRoom(key.length))
    writeKey(this.arena.mem(ref), offsetOf(ref), key)
    this.dict.insert(this.dict.hash(key), ref)
  }

  private named(i: number): Span {
    const { u8 } = this.key.mem
    for (let at = 15, rest = i; at > 3; at--, rest = Math.floor(rest / 10)) u8[at] = 48 + (rest % 10)
    return this.key
  }
}
