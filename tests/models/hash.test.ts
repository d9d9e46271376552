import { expect, test } from 'vitest'
import { Type } from '../../server/data/entry.js'
import { NO_TIME } from '../../server/data/hash/field-entry.js'
import { SpanSource, ValueReader } from '../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Keyspace } from '../../server/keyspace/keyspace.js'
import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { MODEL_SEED, pick } from './elements.js'
import { drawFrom, STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'
import { copyEntry } from '../../server/keyspace/transfer.js'

const NAMES = ['a', 'b', 'c', 'd']
const AUDIT_EVERY = 20_000

interface Held {
  value: string
  time: number
}

/** Hashes of both forms, some of whose fields die, and the JS maps that they have to be equal to. */
class Subject {
  readonly arena = new VerifiedArena()
  private readonly random = seededRandom(MODEL_SEED)
  private readonly keyspace = new Keyspace(this.arena, this.random, { k0: 1, k1: 2 }, 1)
  private readonly model = new Map<string, Map<string, Held>>()

  readonly step = drawFrom(
    [
      [50, () => this.set()],
      [35, () => this.remove()],
      [20, () => this.ask()],
      [6, () => this.setTime()],
      [5, () => this.passTime()],
      [1, () => this.sweep()],
      [0.5, () => this.choose()],
      [0.3, () => this.scan()],
      [0.3, () => this.copy()],
      [0.3, () => this.restore()],
      [0.3, () => this.delete()],
      [2, () => void this.keyspace.graveyard.slice(20)],
    ],
    this.random,
  )

  constructor() {
    this.keyspace.now = 1000
  }

  private get db() {
    return this.keyspace.databases[0]
  }

  audit(): void {
    this.arena.audit(this.keyspace.blocks())
    for (const name of this.model.keys()) this.compare(name)
  }

  private compare(name: string): void {
    const { hashes } = this.keyspace
    const met = new Map<string, string>()
    const ref = this.entry(name)
    hashes.walk(ref, (field, value) => void met.set(field.span().latin1(), value.span().latin1()))
    const living = this.living(name)
    expect(met).toEqual(new Map([...living].map(([field, held]) => [field, held.value])))
    expect(hashes.size(ref)).toBe(living.size)
  }

  /** The dead leave the model at once; a hash of which they were all stays a key until it is swept. */
  private living(name: string): Map<string, Held> {
    const fields = this.model.get(name) ?? new Map<string, Held>()
    for (const [field, { time }] of fields) {
      if (time !== NO_TIME && time <= this.keyspace.now) fields.delete(field)
    }
    return fields
  }

  private set(): void {
    const name = pick(this.random, NAMES)
    const ref = this.entry(name) || this.db.add(Span.of(name), Type.hash, 0)
    const fields = this.living(name)
    const times = this.random.below(200) === 0 ? 300 : 1
    for (let i = 0; i < times; i++) {
      const [field, value] = [this.someField(name), this.someValue()]
      const keeps = this.random.below(4) === 0
      const held = fields.get(field)
      same(this.keyspace.hashes.set(ref, Span.of(field), Span.of(value), keeps), held === undefined)
      fields.set(field, { value, time: keeps ? (held?.time ?? NO_TIME) : NO_TIME })
    }
    this.model.set(name, fields)
  }

  private remove(): void {
    const [name, ref, fields] = this.someHash()
    if (ref === 0) return
    const times = this.random.below(200) === 0 ? 300 : 1
    for (let i = 0; i < times; i++) {
      const field = this.someField(name)
      same(this.keyspace.hashes.remove(ref, Span.of(field)), fields.delete(field))
    }
    this.deleteEmpty(name, ref)
  }

  private ask(): void {
    const [name, ref, fields] = this.someHash()
    if (ref === 0) return
    const field = this.someField(name)
    same(this.keyspace.hashes.get(ref, Span.of(field))?.span().latin1(), fields.get(field)?.value)
    same(this.keyspace.hashes.time(ref, Span.of(field)), fields.get(field)?.time ?? null)
  }

  private setTime(): void {
    const [name, ref, fields] = this.someHash()
    const field = this.someField(name)
    const held = fields.get(field)
    if (ref === 0 || name === 'd' || held === undefined) return
    held.time = this.random.below(4) === 0 ? NO_TIME : this.keyspace.now + 1 + this.random.below(2000)
    this.keyspace.hashes.setTime(ref, Span.of(field), held.time)
  }

  private passTime(): void {
    this.keyspace.now += this.random.below(100)
  }

  private sweep(): void {
    const [name, ref, fields] = this.someHash()
    if (ref === 0 || !this.keyspace.hashes.isTimed(ref)) return
    this.keyspace.hashes.sweep(ref, 1 + this.random.below(20), field => {
      same(fields.has(field.latin1()), false)
    })
    this.deleteEmpty(name, ref)
  }

  private choose(): void {
    const [, ref, fields] = this.someHash()
    if (ref === 0) return
    const count = this.random.below(fields.size + 2)
    const chosen: string[] = []
    if (count > 0) this.keyspace.hashes.choose(ref, count, field => void chosen.push(field.span().latin1()))
    expect(new Set(chosen).size).toBe(Math.min(count, fields.size))
    for (const field of chosen) expect(fields.has(field)).toBe(true)
    if (fields.size > 0) {
      this.keyspace.hashes.draw(ref, field => {
        expect(fields.has(field.span().latin1())).toBe(true)
        return undefined
      })
    }
  }

  private scan(): void {
    const [, ref, fields] = this.someHash()
    if (ref === 0) return
    const met = new Set<string>()
    let cursor = 0
    do {
      const step = this.keyspace.hashes.scan(ref, cursor, 10)
      step.forEach(field => void met.add(field.span().latin1()))
      cursor = step.next
    } while (cursor !== 0)
    expect(met).toEqual(new Set(fields.keys()))
  }

  private copy(): void {
    const [, ref, fields] = this.someHash()
    const target = pick(this.random, NAMES)
    if (ref === 0 || this.entry(target) !== 0) return
    copyEntry(this.db, ref, this.db, Span.of(target))
    this.model.set(target, new Map([...fields].map(([field, held]) => [field, { ...held }])))
  }

  private restore(): void {
    const [name, ref] = this.someHash()
    if (ref === 0) return
    const { hashes } = this.keyspace
    const writer = new ValueWriter(true)
    const rdbType = hashes.rdbType(ref)
    hashes.serialize(ref, writer)
    const key = Span.of(name)
    this.db.delete(key)
    const reader = new ValueReader(new SpanSource(writer.written.clone()))
    this.db.adopt(key, this.keyspace.deserialize(rdbType, reader, key, -1))
  }

  private delete(): void {
    const [name, ref] = this.someHash()
    if (ref === 0) return
    this.db.delete(Span.of(name), this.random.below(2) === 0)
    this.model.delete(name)
  }

  private deleteEmpty(name: string, ref: number): void {
    if (!this.keyspace.hashes.isEmpty(ref)) return
    this.db.delete(Span.of(name))
    this.model.delete(name)
  }

  private someHash(): readonly [name: string, ref: number, fields: Map<string, Held>] {
    const name = pick(this.random, NAMES)
    return [name, this.entry(name), this.living(name)]
  }

  private entry(name: string): number {
    return this.db.find(Span.of(name))
  }

  /** `d` stays small, and none of its fields gets a time. */
  private someField(name: string): string {
    return name === 'd' ? `f${this.random.below(30)}` : `f${this.random.below(1500)}`
  }

  private someValue(): string {
    const kind = this.random.below(100)
    if (kind === 0) return 'x'.repeat(200 + this.random.below(100))
    return kind < 50 ? `${this.random.below(100_000)}` : 'v'.repeat(this.random.below(40))
  }
}

/** As `expect(a).toBe(b)`, which costs more than what is tested. */
function same(a: unknown, b: unknown): void {
  if (a !== b) expect(a).toBe(b)
}

test(
  `hashes are maps, through ${STORE_OPS} random operations`,
  () => {
    const subject = new Subject()
    for (let i = 1; i <= STORE_OPS; i++) {
      subject.step()
      if (i % AUDIT_EVERY === 0) subject.audit()
    }
  },
  STORE_TIMEOUT_MS,
)
