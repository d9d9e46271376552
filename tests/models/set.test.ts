import { expect, test } from 'vitest'
import { Type } from '../../server/data/entry.js'
import { Span } from '../../server/lib/bytes.js'
import { blockBytes } from '../../server/memory/arena.js'
import { same, STORE_OPS, STORE_TIMEOUT_MS, type Weighted } from './operations.js'
import { Store } from './store.js'

type Members = Set<string>

/** Sets of all forms, and the JS sets that they have to be equal to. */
class SetStore extends Store<Members> {
  constructor() {
    super(Type.set, ['a', 'b', 'c', 'd', 'e'])
  }

  protected operations(): readonly Weighted[] {
    return [
      [50, () => this.add()],
      [35, () => this.remove()],
      [10, () => this.pop()],
      [20, () => this.ask()],
      [0.5, () => this.choose()],
      [0.5, () => this.divide()],
      [0.3, () => this.scan()],
    ]
  }

  protected none(): Members {
    return new Set<string>()
  }

  protected twin(members: Members): Members {
    return new Set(members)
  }

  protected compare(ref: number, members: Members): void {
    const { sets } = this
    const met: string[] = []
    sets.walk(ref, member => void met.push(member.span().latin1()))
    expect(met.length).toBe(members.size)
    expect(new Set(met)).toEqual(members)
    expect(sets.size(ref)).toBe(members.size)
    let bytes = 0
    for (const [, asked] of sets.blocks(ref)) bytes += blockBytes(asked)
    expect(sets.bytes(ref)).toBe(bytes)
  }

  private get sets() {
    return this.keyspace.sets
  }

  private add(): void {
    const [name, ref, members] = this.someMade()
    const added = this.random.below(100) === 0 ? 200 : 1
    for (let i = 0; i < added; i++) {
      const member = this.someMember(name)
      same(this.sets.add(ref, Span.of(member)), !members.has(member))
      members.add(member)
    }
  }

  private remove(): void {
    const [name, ref, members] = this.some()
    if (ref === 0) return
    const removed = this.random.below(150) === 0 ? 600 : 1
    for (let i = 0; i < removed; i++) {
      const member = this.someMember(name)
      same(this.sets.remove(ref, Span.of(member)), members.delete(member))
    }
    this.deleteWhenEmpty(name, members.size === 0)
  }

  private pop(): void {
    const [name, ref, members] = this.some()
    if (ref === 0) return
    const member = this.sets.draw(ref)
    expect(members.delete(member.latin1())).toBe(true)
    this.sets.removeDrawn(ref)
    this.deleteWhenEmpty(name, members.size === 0)
  }

  private ask(): void {
    const [name, ref, members] = this.some()
    const member = this.someMember(name)
    if (ref !== 0) same(this.sets.has(ref, Span.of(member)), members.has(member))
  }

  private choose(): void {
    const [, ref, members] = this.some()
    if (ref === 0) return
    const count = this.random.below(members.size + 2)
    const chosen: string[] = []
    if (count > 0) this.sets.choose(ref, count, member => void chosen.push(member.span().latin1()))
    expect(new Set(chosen).size).toBe(Math.min(count, members.size))
    for (const member of chosen) expect(members.has(member)).toBe(true)
  }

  private divide(): void {
    const [, ref, members] = this.some()
    if (members.size < 2) return
    const count = 1 + this.random.below(members.size - 1)
    const rest = this.keyspace.createEntry(Span.of('rest'), Type.set)
    const taken: string[] = []
    this.sets.divide(ref, count, rest, member => void taken.push(member.span().latin1()))
    expect(taken.length).toBe(count)
    const kept = new Set(members)
    for (const member of taken) expect(kept.delete(member)).toBe(true)
    this.compare(rest, kept)
    this.compare(ref, members)
    this.keyspace.freeEntry(rest)
  }

  private scan(): void {
    const [, ref, members] = this.some()
    if (ref === 0) return
    const met = new Set<string>()
    let cursor = 0
    do {
      const step = this.sets.scan(ref, cursor, 10)
      step.forEach(member => void met.add(member.span().latin1()))
      cursor = step.next
    } while (cursor !== 0)
    expect(met).toEqual(members)
  }

  /** Of `a` and `b` integers mostly; of `c` few, so that it stays small. */
  private someMember(name: string): string {
    const among = name === 'c' ? 40 : 2000
    if (name < 'c' && this.random.below(3000) > 0) return `${this.random.below(among) * 1000 - 500_000}`
    if (this.random.below(500) === 0) return 'x'.repeat(this.random.below(300))
    return `m${this.random.below(among)}`
  }
}

test(`sets are sets, through ${STORE_OPS} random operations`, () => new SetStore().run(), STORE_TIMEOUT_MS)
