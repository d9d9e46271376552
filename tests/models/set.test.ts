import { expect, test } from 'vitest'
import { Type } from '../../server/data/entry.js'
import { SpanSource, ValueReader } from '../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Keyspace } from '../../server/keyspace/keyspace.js'
import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { blockBytes } from '../../server/memory/arena.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { MODEL_SEED, pick } from './elements.js'
import { drawFrom, STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'
import { copyEntry } from '../../server/keyspace/transfer.js'

const NAMES = ['a', 'b', 'c', 'd', 'e']
const AUDIT_EVERY = 20_000

/** Sets of all forms, and the JS sets that they have to be equal to. */
class Subject {
  readonly arena = new VerifiedArena()
  private readonly random = seededRandom(MODEL_SEED)
  private readonly keyspace = new Keyspace(this.arena, this.random, { k0: 1, k1: 2 }, 1)
  private readonly model = new Map<string, Set<string>>()

  readonly step = drawFrom(
    [
      [50, () => this.add()],
      [35, () => this.remove()],
      [10, () => this.pop()],
      [20, () => this.ask()],
      [0.5, () => this.choose()],
      [0.3, () => this.scan()],
      [0.3, () => this.copy()],
      [0.3, () => this.restore()],
      [0.3, () => this.delete()],
      [2, () => void this.keyspace.graveyard.slice(20)],
    ],
    this.random,
  )

  private get db() {
    return this.keyspace.databases[0]
  }

  audit(): void {
    this.arena.audit(this.keyspace.blocks())
    expect(this.db.size).toBe(this.model.size)
    for (const [name, members] of this.model) this.compare(this.entry(name), members)
  }

  private compare(ref: number, members: ReadonlySet<string>): void {
    const { sets } = this.keyspace
    const met: string[] = []
    sets.walk(ref, member => void met.push(member.span().latin1()))
    expect(met.length).toBe(members.size)
    expect(new Set(met)).toEqual(members)
    expect(sets.size(ref)).toBe(members.size)
    let bytes = 0
    for (const [, asked] of sets.blocks(ref)) bytes += blockBytes(asked)
    expect(sets.bytes(ref)).toBe(bytes)
  }

  private add(): void {
    const name = pick(this.random, NAMES)
    const members = this.model.get(name) ?? new Set()
    const ref = this.entry(name) || this.db.add(Span.of(name), Type.set, 0)
    const added = this.random.below(100) === 0 ? 200 : 1
    for (let i = 0; i < added; i++) {
      const member = this.someMember(name)
      same(this.keyspace.sets.add(ref, Span.of(member)), !members.has(member))
      members.add(member)
    }
    this.model.set(name, members)
  }

  private remove(): void {
    const [name, ref, members] = this.someSet()
    if (ref === 0) return
    const removed = this.random.below(150) === 0 ? 600 : 1
    for (let i = 0; i < removed; i++) {
      const member = this.someMember(name)
      same(this.keyspace.sets.remove(ref, Span.of(member)), members.delete(member))
    }
    this.deleteEmpty(name, members)
  }

  private pop(): void {
    const [name, ref, members] = this.someSet()
    if (ref === 0) return
    const member = this.keyspace.sets.draw(ref)
    expect(members.delete(member.latin1())).toBe(true)
    this.keyspace.sets.removeDrawn(ref)
    this.deleteEmpty(name, members)
  }

  private ask(): void {
    const [name, ref, members] = this.someSet()
    const member = this.someMember(name)
    if (ref !== 0) same(this.keyspace.sets.has(ref, Span.of(member)), members.has(member))
  }

  private choose(): void {
    const [, ref, members] = this.someSet()
    if (ref === 0) return
    const count = this.random.below(members.size + 2)
    const chosen: string[] = []
    if (count > 0) this.keyspace.sets.choose(ref, count, member => void chosen.push(member.span().latin1()))
    expect(new Set(chosen).size).toBe(Math.min(count, members.size))
    for (const member of chosen) expect(members.has(member)).toBe(true)
  }

  private scan(): void {
    const [, ref, members] = this.someSet()
    if (ref === 0) return
    const met = new Set<string>()
    let cursor = 0
    do {
      const step = this.keyspace.sets.scan(ref, cursor, 10)
      step.forEach(member => void met.add(member.span().latin1()))
      cursor = step.next
    } while (cursor !== 0)
    expect(met).toEqual(members)
  }

  private copy(): void {
    const [, ref, members] = this.someSet()
    const target = pick(this.random, NAMES)
    if (ref === 0 || this.model.has(target)) return
    copyEntry(this.db, ref, this.db, Span.of(target))
    this.model.set(target, new Set(members))
  }

  private restore(): void {
    const [name, ref] = this.someSet()
    if (ref === 0) return
    const { sets } = this.keyspace
    const writer = new ValueWriter(true)
    const rdbType = sets.rdbType(ref)
    sets.serialize(ref, writer)
    const key = Span.of(name)
    this.db.delete(key)
    const reader = new ValueReader(new SpanSource(writer.written.clone()))
    this.db.adopt(key, this.keyspace.deserialize(rdbType, reader, key, -1))
  }

  private delete(): void {
    const [name, ref] = this.someSet()
    if (ref === 0) return
    this.db.delete(Span.of(name), this.random.below(2) === 0)
    this.model.delete(name)
  }

  private deleteEmpty(name: string, members: ReadonlySet<string>): void {
    if (members.size > 0) return
    this.db.delete(Span.of(name))
    this.model.delete(name)
  }

  private someSet(): readonly [name: string, ref: number, members: Set<string>] {
    const name = pick(this.random, NAMES)
    return [name, this.entry(name), this.model.get(name) ?? new Set()]
  }

  private entry(name: string): number {
    return this.db.find(Span.of(name))
  }

  /** Of `a` and `b` integers mostly; of `c` few, so that it stays small. */
  private someMember(name: string): string {
    const among = name === 'c' ? 40 : 2000
    if (name < 'c' && this.random.below(3000) > 0) return `${this.random.below(among) * 1000 - 500_000}`
    if (this.random.below(500) === 0) return 'x'.repeat(this.random.below(300))
    return `m${this.random.below(among)}`
  }
}

/** As `expect(a).toBe(b)`, which costs more than what is tested. */
function same(a: unknown, b: unknown): void {
  if (a !== b) expect(a).toBe(b)
}

test(
  `sets are sets, through ${STORE_OPS} random operations`,
  () => {
    const subject = new Subject()
    for (let i = 1; i <= STORE_OPS; i++) {
      subject.step()
      if (i % AUDIT_EVERY === 0) subject.audit()
    }
  },
  STORE_TIMEOUT_MS,
)
