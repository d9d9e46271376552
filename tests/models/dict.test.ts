import { describe, expect, test } from 'vitest'
import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { offsetOf } from '../../server/memory/arena.js'
import { Dict } from '../../server/memory/dict.js'
import { keyRoom, writeKey } from '../../server/memory/key.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { MODEL_SEED, pick } from './elements.js'
import { Bag, drawFrom, STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'

const HASH_KEY = { k0: 0x01234567, k1: 0x76543210 }
/** An entry is a number, then the key. */
const KEY_AT = 4
const AUDIT_EVERY = 5000

/** All keys in few buckets, and few tags among them. */
class CollidingDict extends Dict {
  override hash(key: Span): number {
    return (super.hash(key) & 0x03000003) | 0
  }
}

interface Iteration {
  cursor: number
  /** Keys that were there when it began and have been ever since. */
  readonly owed: Set<string>
}

/** A dict and the map that it has to be equal to. */
class Subject {
  readonly arena = new VerifiedArena()
  readonly dict: Dict
  private readonly random = seededRandom(MODEL_SEED)
  private readonly model = new Map<string, number>()
  private readonly names = new Bag<string>()
  private readonly iterations: Iteration[] = []
  private growing = true
  private made = 0
  completed = 0

  constructor(
    kind: typeof Dict,
    private readonly sizeMax: number,
  ) {
    this.dict = new kind(this.arena, HASH_KEY, KEY_AT)
  }

  readonly step = drawFrom(
    [
      [80, () => (this.growing ? this.insert() : this.remove())],
      [20, () => (this.growing ? this.remove() : this.insert())],
      [20, () => this.findSome()],
      [5, () => this.findNone()],
      [10, () => this.moveEntry()],
      [1, () => this.begin()],
      [80, () => this.proceed()],
      [2, () => void this.dict.rehash(1 + this.random.below(20))],
      [0.2, () => this.dict.shrink()],
      [0.02, () => this.dict.reserve(this.random.below(this.sizeMax))],
      [2, () => this.drawOne()],
      [1, () => this.drawSome()],
    ],
    seededRandom(MODEL_SEED + 1),
  )

  audit(): void {
    const { dict, model } = this
    expect(dict.count).toBe(model.size)
    const seen = new Map<string, number>()
    dict.forEach(ref => seen.set(this.nameOf(ref), ref))
    expect(seen).toEqual(model)
    const blocks = [...dict.blocks()]
    this.arena.audit([...blocks, ...this.entryBlocks()])
    expect(dict.tableBytes).toBeGreaterThanOrEqual(this.arena.used - this.entryBytes())
  }

  /** Everything dies, in slices. */
  drain(): void {
    let left = this.model.size
    const freeOne = (ref: number): void => {
      const name = this.nameOf(ref)
      expect(this.model.get(name)).toBe(ref)
      this.freeEntry(name, ref)
      this.forget(name)
      left--
    }
    while (!this.dict.drain(100, freeOne)) this.arena.audit([...this.dict.blocks(), ...this.entryBlocks()])
    expect(left).toBe(0)
    expect(this.dict.count).toBe(0)
    this.arena.audit([])
  }

  private insert(): void {
    const name = this.newName()
    const ref = this.newEntry(name)
    this.dict.insert(this.hash(name), ref)
    this.model.set(name, ref)
    this.names.add(name)
    if (this.model.size >= this.sizeMax) this.growing = false
  }

  private remove(): void {
    const name = this.someName()
    if (name === null) return
    const ref = this.model.get(name)!
    this.dict.remove(this.hash(name), ref)
    this.freeEntry(name, ref)
    this.forget(name)
    if (this.model.size === 0) this.growing = true
  }

  private forget(name: string): void {
    this.model.delete(name)
    this.names.delete(name)
    for (const iteration of this.iterations) iteration.owed.delete(name)
  }

  private findSome(): void {
    const name = this.someName()
    if (name !== null) this.expectFound(name, this.model.get(name)!)
  }

  private findNone(): void {
    const name = `${this.newName()}?`
    this.expectFound(name, 0)
  }

  private expectFound(name: string, ref: number): void {
    const found = this.dict.find(Span.of(name), this.hash(name))
    if (found !== ref) throw new Error(`found ${found} under ${name.slice(0, 20)}, not ${ref}`)
  }

  private moveEntry(): void {
    const name = this.someName()
    if (name === null) return
    const from = this.model.get(name)!
    const to = this.newEntry(name)
    this.dict.replace(this.hash(name), from, to)
    this.freeEntry(name, from)
    this.model.set(name, to)
  }

  private begin(): void {
    if (this.iterations.length < 3) this.iterations.push({ cursor: 0, owed: new Set(this.model.keys()) })
  }

  /** One step of some iteration: what it meets is there, and at its end it has met what was there all the time. */
  private proceed(): void {
    if (this.iterations.length === 0) return
    const iteration = pick(this.random, this.iterations)
    iteration.cursor = this.dict.scan(iteration.cursor, ref => {
      const name = this.nameOf(ref)
      if (this.model.get(name) !== ref) throw new Error(`SCAN met ${name.slice(0, 20)}, which is gone`)
      iteration.owed.delete(name)
    })
    if (iteration.cursor !== 0) return
    if (iteration.owed.size > 0) throw new Error(`SCAN did not meet ${iteration.owed.size} keys`)
    this.iterations.splice(this.iterations.indexOf(iteration), 1)
    this.completed++
  }

  private drawOne(): void {
    const ref = this.dict.random(this.random)
    if (this.model.size === 0) expect(ref).toBe(0)
    else expect(this.model.get(this.nameOf(ref))).toBe(ref)
  }

  private drawSome(): void {
    const refs: number[] = []
    this.dict.sample(this.random, 5, refs)
    for (const ref of refs) expect(this.model.get(this.nameOf(ref))).toBe(ref)
  }

  private someName(): string | null {
    return this.names.size === 0 ? null : this.names.draw(this.random)
  }

  /** Some names are empty-ish, some longer than a one-byte length can say. */
  private newName(): string {
    const name = `${this.made++}`
    return this.random.below(50) === 0 ? name.padEnd(200 + this.random.below(120), '.') : name
  }

  private nameOf(ref: number): string {
    return this.dict.key(ref, Span.of('')).latin1()
  }

  private hash(name: string): number {
    return this.dict.hash(Span.of(name))
  }

  private newEntry(name: string): number {
    const ref = this.arena.alloc(KEY_AT + keyRoom(name.length))
    writeKey(this.arena.mem(ref), offsetOf(ref) + KEY_AT, Span.of(name))
    return ref
  }

  private freeEntry(name: string, ref: number): void {
    this.arena.free(ref, KEY_AT + keyRoom(name.length))
  }

  private *entryBlocks(): Generator<readonly [number, number]> {
    for (const [name, ref] of this.model) yield [ref, KEY_AT + keyRoom(name.length)]
  }

  private entryBytes(): number {
    let sum = 0
    for (const [, bytes] of this.entryBlocks()) sum += (bytes + 15) & ~15
    return sum
  }
}

describe('a dict is a map', () => {
  const kinds = [
    ['with spread hashes', Dict, 12_000],
    ['with hashes that collide', CollidingDict, 600],
  ] as const
  for (const [title, kind, sizeMax] of kinds) {
    test(
      `${title}, through ${STORE_OPS} random operations`,
      () => {
        const subject = new Subject(kind, sizeMax)
        for (let i = 1; i <= STORE_OPS; i++) {
          subject.step()
          if (i % AUDIT_EVERY === 0) subject.audit()
        }
        subject.audit()
        expect(subject.completed).toBeGreaterThan(STORE_OPS / 20_000)
        subject.drain()
      },
      STORE_TIMEOUT_MS,
    )
  }
})
