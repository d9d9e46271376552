import { expect, test } from 'vitest'
import { Type } from '../../server/data/entry.js'
import { Span } from '../../server/lib/bytes.js'
import { pick } from './elements.js'
import { same, STORE_OPS, STORE_TIMEOUT_MS, type Weighted } from './operations.js'
import { Store } from './store.js'

const SCORES = [0, -0, 1, 2, -1, 0.1, 1.5, 1e300, -1e-300, 2 ** 52, 2 ** 53 + 2, Infinity, -Infinity]

type Members = Map<string, number>
type Pair = readonly [member: string, score: number]

/** Sorted sets of both forms, and the JS maps that they have to be equal to. */
class SortedSetStore extends Store<Members> {
  constructor() {
    super(Type.zset, ['a', 'b', 'c', 'd'])
  }

  protected operations(): readonly Weighted[] {
    return [
      [60, () => this.put()],
      [25, () => this.remove()],
      [5, () => this.removeRange()],
      [5, () => this.pop()],
      [20, () => this.ask()],
      [3, () => this.walk()],
      [0.3, () => this.scan()],
    ]
  }

  protected none(): Members {
    return new Map<string, number>()
  }

  protected twin(members: Members): Members {
    return new Map(members)
  }

  protected compare(ref: number, members: Members): void {
    expect(this.walked(ref, 0, members.size)).toEqual(sorted(members))
    const bytes = [...this.sets.blocks(ref)].reduce((sum, [, size]) => sum + Math.ceil(size / 16) * 16, 0)
    expect(this.sets.bytes(ref)).toBeGreaterThanOrEqual(bytes)
  }

  private get sets() {
    return this.keyspace.sortedSets
  }

  private put(): void {
    const [, ref, members] = this.someMade()
    const count = this.random.below(200) === 0 ? 150 : 1
    for (let i = 0; i < count; i++) {
      const member = this.someMember()
      const score = this.someScore()
      same(this.sets.seek(ref, Span.of(member)), members.get(member) ?? NaN)
      this.sets.put(score)
      // A listpack does not know -0.
      members.set(member, score + 0)
    }
  }

  private remove(): void {
    const [name, ref, members] = this.some()
    if (ref === 0) return
    const member = this.someMember()
    const found = !Number.isNaN(this.sets.seek(ref, Span.of(member)))
    if (found) this.sets.remove()
    same(found, members.delete(member))
    this.deleteWhenEmpty(name, members.size === 0)
  }

  private removeRange(): void {
    const [name, ref, members] = this.some()
    if (ref === 0) return
    const rank = this.random.below(members.size)
    const most = this.random.below(20) === 0 ? 100 : 5
    const count = 1 + this.random.below(Math.min(most, members.size - rank))
    for (const [member] of sorted(members).slice(rank, rank + count)) members.delete(member)
    this.sets.removeRange(ref, rank, count)
    this.deleteWhenEmpty(name, members.size === 0)
  }

  private pop(): void {
    const [name, ref, members] = this.some()
    if (ref === 0) return
    const last = this.random.below(2) === 0
    const score = this.sets.seekEnd(ref, last)
    const member = this.sets.endMember().latin1()
    const [expected] = sorted(members).slice(last ? -1 : 0)
    expect([member, score + 0]).toEqual(expected)
    this.sets.removeEnd()
    members.delete(member)
    this.deleteWhenEmpty(name, members.size === 0)
  }

  private ask(): void {
    const [, ref, members] = this.some()
    if (ref === 0) return
    const member = this.someMember()
    same(this.sets.seek(ref, Span.of(member)), members.get(member) ?? NaN)
    const score = this.someScore()
    const scores = [...members.values()]
    same(this.sets.countBelow(ref, score, false), scores.filter(each => each < score).length)
    same(this.sets.countBelow(ref, score, true), scores.filter(each => each <= score).length)
  }

  private walk(): void {
    const [, ref, members] = this.some()
    if (ref === 0) return
    const pairs = sorted(members)
    const rank = this.random.below(members.size)
    expect(this.walked(ref, rank, 10)).toEqual(pairs.slice(rank, rank + 10))
    expect(this.walked(ref, rank, -10)).toEqual(pairs.slice(Math.max(0, rank - 9), rank + 1).reverse())
    this.sets.seek(ref, Span.of(pairs[rank][0]))
    same(this.sets.rank(), rank)
  }

  private scan(): void {
    const [, ref, members] = this.some()
    if (ref === 0) return
    const met: Members = new Map<string, number>()
    let cursor = 0
    do cursor = this.sets.scan(ref, cursor, 10, (member, score) => void met.set(member.latin1(), score + 0))
    while (cursor !== 0)
    expect(sorted(met)).toEqual(sorted(members))
  }

  /** Up to `count` pairs from a rank on; downwards when it is negative. */
  private walked(ref: number, rank: number, count: number): Pair[] {
    const pairs: Pair[] = []
    const cursor = this.sets.cursorAt(ref, rank)
    for (let more = cursor !== null; more && pairs.length < Math.abs(count);) {
      pairs.push([cursor!.member().latin1(), cursor!.score + 0])
      more = count > 0 ? cursor!.next() : cursor!.previous()
    }
    return pairs
  }

  private someScore(): number {
    return this.random.below(3) === 0 ? pick(this.random, SCORES) : this.random.below(50)
  }

  /** Few, so that they are met again; integers and text, some too long for a listpack. */
  private someMember(): string {
    const number = this.random.below(400)
    if (number % 97 === 0) return `${number}`.padEnd(70 + number, '.')
    return number % 2 === 0 ? `${number - 200}` : `member:${number}`
  }
}

function sorted(members: Members): Pair[] {
  return [...members].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x - y))
}

test(
  `sorted sets are sorted maps, through ${STORE_OPS} random operations`,
  () => new SortedSetStore().run(),
  STORE_TIMEOUT_MS,
)
