import { expect, test } from 'vitest'
import { Type } from '../../server/data/entry.js'
import { NO_TIME } from '../../server/data/hash/field-entry.js'
import { Span } from '../../server/lib/bytes.js'
import { same, STORE_OPS, STORE_TIMEOUT_MS, type Weighted } from './operations.js'
import { Store } from './store.js'

interface Held {
  value: string
  time: number
}

type Fields = Map<string, Held>

/** Hashes of both forms, some of whose fields die, and the JS maps that they have to be equal to. */
class HashStore extends Store<Fields> {
  constructor() {
    super(Type.hash, ['a', 'b', 'c', 'd'])
    this.keyspace.now = 1000
  }

  protected operations(): readonly Weighted[] {
    return [
      [50, () => this.set()],
      [35, () => this.remove()],
      [20, () => this.ask()],
      [6, () => this.setTime()],
      [5, () => this.passTime()],
      [1, () => this.sweep()],
      [0.5, () => this.choose()],
      [0.3, () => this.scan()],
    ]
  }

  protected none(): Fields {
    return new Map<string, Held>()
  }

  protected twin(fields: Fields): Fields {
    return new Map([...fields].map(([field, held]) => [field, { ...held }]))
  }

  /** The dead leave the model at once; a hash of which they were all stays a key until it is swept. */
  protected override modelOf(name: string): Fields {
    const fields = super.modelOf(name)
    for (const [field, { time }] of fields) {
      if (time !== NO_TIME && time <= this.keyspace.now) fields.delete(field)
    }
    return fields
  }

  protected compare(ref: number, fields: Fields): void {
    const { hashes } = this
    const met = new Map<string, string>()
    hashes.walk(ref, (field, value) => void met.set(field.span().latin1(), value.span().latin1()))
    expect(met).toEqual(new Map([...fields].map(([field, { value }]) => [field, value])))
    expect(hashes.size(ref)).toBe(fields.size)
  }

  private get hashes() {
    return this.keyspace.hashes
  }

  private set(): void {
    const [name, ref, fields] = this.someMade()
    const times = this.random.below(200) === 0 ? 300 : 1
    for (let i = 0; i < times; i++) {
      const [field, value] = [this.someField(name), this.someValue()]
      const keeps = this.random.below(4) === 0
      const held = fields.get(field)
      same(this.hashes.set(ref, Span.of(field), Span.of(value), keeps), held === undefined)
      fields.set(field, { value, time: keeps ? (held?.time ?? NO_TIME) : NO_TIME })
    }
  }

  private remove(): void {
    const [name, ref, fields] = this.some()
    if (ref === 0) return
    const times = this.random.below(200) === 0 ? 300 : 1
    for (let i = 0; i < times; i++) {
      const field = this.someField(name)
      same(this.hashes.remove(ref, Span.of(field)), fields.delete(field))
    }
    this.deleteWhenEmpty(name, this.hashes.isEmpty(ref))
  }

  private ask(): void {
    const [name, ref, fields] = this.some()
    if (ref === 0) return
    const field = this.someField(name)
    same(this.hashes.get(ref, Span.of(field))?.span().latin1(), fields.get(field)?.value)
    same(this.hashes.time(ref, Span.of(field)), fields.get(field)?.time ?? null)
  }

  private setTime(): void {
    const [name, ref, fields] = this.some()
    const field = this.someField(name)
    const held = fields.get(field)
    if (ref === 0 || name === 'd' || held === undefined) return
    held.time = this.random.below(4) === 0 ? NO_TIME : this.keyspace.now + 1 + this.random.below(2000)
    this.hashes.setTime(ref, Span.of(field), held.time)
  }

  private passTime(): void {
    this.keyspace.now += this.random.below(100)
  }

  private sweep(): void {
    const [name, ref, fields] = this.some()
    if (ref === 0 || !this.hashes.isTimed(ref)) return
    this.hashes.sweep(ref, 1 + this.random.below(20), field => {
      same(fields.has(field.latin1()), false)
    })
    this.deleteWhenEmpty(name, this.hashes.isEmpty(ref))
  }

  private choose(): void {
    const [, ref, fields] = this.some()
    if (ref === 0) return
    const count = this.random.below(fields.size + 2)
    const chosen: string[] = []
    if (count > 0) this.hashes.choose(ref, count, field => void chosen.push(field.span().latin1()))
    expect(new Set(chosen).size).toBe(Math.min(count, fields.size))
    for (const field of chosen) expect(fields.has(field)).toBe(true)
    if (fields.size > 0) {
      this.hashes.draw(ref, field => {
        expect(fields.has(field.span().latin1())).toBe(true)
        return undefined
      })
    }
  }

  private scan(): void {
    const [, ref, fields] = this.some()
    if (ref === 0) return
    const met = new Set<string>()
    let cursor = 0
    do {
      const step = this.hashes.scan(ref, cursor, 10)
      step.forEach(field => void met.add(field.span().latin1()))
      cursor = step.next
    } while (cursor !== 0)
    expect(met).toEqual(new Set(fields.keys()))
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

test(`hashes are maps, through ${STORE_OPS} random operations`, () => new HashStore().run(), STORE_TIMEOUT_MS)
