import { expect, test } from 'vitest'
import { NEVER, Type } from '../../server/data/entry.js'
import { SpanSource, ValueReader } from '../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import type { Database } from '../../server/keyspace/database.js'
import { Keyspace } from '../../server/keyspace/keyspace.js'
import { Span } from '../../server/lib/bytes.js'
import { VirtualClock } from '../../server/lib/clock.js'
import { seededRandom } from '../../server/lib/random.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { MODEL_SEED, pick } from './elements.js'
import { drawFrom, STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'
import { copyEntry, moveEntry } from '../../server/keyspace/transfer.js'

const DATABASES = 3
const NAMES = 400
const AUDIT_EVERY = 4000
const TICK_US = 100_000

interface Held {
  value: string
  expireAt: number
}

/** One database as anybody would write it. The dead stay in it until somebody looks. */
class Model {
  readonly keys = new Map<string, Held>()

  get(name: string, now: number): Held | undefined {
    const held = this.keys.get(name)
    return held === undefined || isDead(held, now) ? undefined : held
  }
}

function isDead({ expireAt }: Held, now: number): boolean {
  return expireAt !== NEVER && expireAt <= now
}

/** A keyspace of strings and the maps that it has to be equal to. */
class Subject {
  readonly clock = new VirtualClock()
  readonly arena = new VerifiedArena()
  private readonly random = seededRandom(MODEL_SEED)
  private readonly keyspace = new Keyspace(this.arena, this.random, { k0: 1, k1: 2 }, DATABASES)
  private readonly models = Array.from({ length: DATABASES }, () => new Model())

  readonly step = drawFrom(
    [
      [30, () => this.set()],
      [5, () => this.setInteger()],
      [15, () => this.append()],
      [10, () => this.setExpiry()],
      [20, () => this.delete()],
      [30, () => this.read()],
      [10, () => this.rename()],
      [8, () => this.copy()],
      [8, () => this.move()],
      [5, () => this.restore()],
      [0.2, () => this.flush()],
      [0.2, () => this.swap()],
      [5, () => this.passTime()],
      [2, () => this.tick()],
      [5, () => void this.keyspace.graveyard.slice(10)],
    ],
    this.random,
  )

  constructor() {
    this.readClock()
  }

  audit(): void {
    this.arena.audit(this.keyspace.blocks())
    this.models.forEach((model, index) => this.compare(this.keyspace.databases[index], model))
  }

  /** Once all dead are buried, both sides have the same keys. */
  settle(): void {
    for (let i = 0; i < 1000; i++) this.tick()
    while (this.keyspace.graveyard.slice(1000));
    this.audit()
    this.models.forEach((model, index) => {
      const db = this.keyspace.databases[index]
      const living = [...model.keys.values()].filter(held => !isDead(held, this.now))
      expect(db.size).toBe(living.length)
      expect(db.volatile).toBe(living.filter(({ expireAt }) => expireAt !== NEVER).length)
    })
  }

  private compare(db: Database, model: Model): void {
    const { entries } = this.keyspace
    let met = 0
    db.tables.keys.forEach(ref => {
      const name = entries.key(ref, Span.of('')).latin1()
      const held = model.keys.get(name)
      if (held === undefined) throw new Error(`${name} is there, although it was deleted`)
      this.expectHeld(name, ref, held)
      met++
    })
    const living = [...model.keys.values()].filter(held => !isDead(held, this.now)).length
    expect(met).toBe(db.size)
    expect(met).toBeGreaterThanOrEqual(living)
    expect(met).toBeLessThanOrEqual(model.keys.size)
  }

  private expectHeld(name: string, ref: number, held: Held): void {
    const { entries, strings } = this.keyspace
    expect(entries.type(ref)).toBe(Type.string)
    const value = strings.view(ref, Span.of('')).latin1()
    if (value !== held.value)
      throw new Error(`${name} holds ${value.slice(0, 50)}, not ${held.value.slice(0, 50)}`)
    if (strings.length(ref) !== value.length) throw new Error(`the length of ${name} is wrong`)
    if (entries.expireAt(ref) !== held.expireAt) throw new Error(`${name} dies at ${entries.expireAt(ref)}`)
  }

  // Operations ----------------------------------------------------------------------------------------------

  private set(): void {
    const { db, model, name } = this.someKey()
    const held = { value: this.someValue(), expireAt: this.someDeath() }
    db.setString(Span.of(name), Span.of(held.value), held.expireAt)
    model.keys.set(name, held)
  }

  private setInteger(): void {
    const { db, model, name } = this.someKey()
    const value =
      this.random.below(2) === 0 ? this.random.below(1000) - 500 : BigInt(this.random.uint32()) << 30n
    const held = model.get(name, this.now)
    db.setInteger(Span.of(name), db.write(Span.of(name)), value)
    model.keys.set(name, { value: `${value}`, expireAt: held?.expireAt ?? NEVER })
  }

  private append(): void {
    const { db, model, name } = this.someKey()
    const held = model.get(name, this.now) ?? { value: '', expireAt: NEVER }
    const more = 'x'.repeat(this.random.below(40))
    const key = Span.of(name)
    const length = held.value.length + more.length
    const span = db.editString(key, db.write(key), length, Span.of(''))
    expect(span.length).toBe(length)
    Span.of(more).copyTo(span.mem, span.start + held.value.length)
    model.keys.set(name, { value: held.value + more, expireAt: held.expireAt })
  }

  private setExpiry(): void {
    const { db, model, name } = this.someKey()
    const held = model.get(name, this.now)
    const ref = db.write(Span.of(name))
    expect(ref !== 0).toBe(held !== undefined)
    if (held === undefined) return
    held.expireAt = this.someDeath()
    const moved = db.setExpiry(Span.of(name), ref, held.expireAt)
    this.expectHeld(name, moved, held)
  }

  private delete(): void {
    const { db, model, name } = this.someKey()
    const there = db.peek(Span.of(name)) !== 0
    expect(there).toBe(model.get(name, this.now) !== undefined)
    expect(db.delete(Span.of(name), this.random.below(2) === 0)).toBe(there)
    model.keys.delete(name)
  }

  private read(): void {
    const { db, model, name } = this.someKey()
    const held = model.get(name, this.now)
    const ref = db.read(Span.of(name))
    if (held === undefined) expect(ref).toBe(0)
    else this.expectHeld(name, ref, held)
  }

  private rename(): void {
    const { db, model, name } = this.someKey()
    const other = this.someName()
    if (name === other || db.write(Span.of(name)) === 0) return
    this.remove(db, model, other)
    moveEntry(db, Span.of(name), db, Span.of(other))
    model.keys.set(other, model.keys.get(name)!)
    model.keys.delete(name)
  }

  private copy(): void {
    const { db, model, name } = this.someKey()
    const target = this.someDatabase()
    const other = this.someName()
    if ((target.db === db && name === other) || db.read(Span.of(name)) === 0) return
    this.remove(target.db, target.model, other)
    copyEntry(db, db.peek(Span.of(name)), target.db, Span.of(other))
    target.model.keys.set(other, { ...model.keys.get(name)! })
  }

  private move(): void {
    const { db, model, name } = this.someKey()
    const target = this.someDatabase()
    const moves = db.write(Span.of(name)) !== 0 && target.db.write(Span.of(name)) === 0
    if (!moves) return
    moveEntry(db, Span.of(name), target.db, Span.of(name))
    target.model.keys.set(name, model.keys.get(name)!)
    model.keys.delete(name)
  }

  /** Through the form of DUMP, to another key. */
  private restore(): void {
    const { db, model, name } = this.someKey()
    const ref = db.read(Span.of(name))
    if (ref === 0) return
    const { keyspace } = this
    const writer = new ValueWriter(this.random.below(2) === 0)
    keyspace.strings.serialize(ref, writer)
    const other = this.someName()
    const expireAt = this.someDeath()
    const reader = new ValueReader(new SpanSource(writer.written))
    const made = keyspace.deserialize(keyspace.strings.rdbType(), reader, Span.of(other), expireAt)
    const { value } = model.keys.get(name)!
    this.remove(db, model, other)
    db.adopt(Span.of(other), made)
    model.keys.set(other, { value, expireAt })
  }

  private flush(): void {
    const { db, model } = this.someDatabase()
    db.flush(this.random.below(2) === 0)
    model.keys.clear()
    expect(db.size).toBe(0)
  }

  private swap(): void {
    const a = this.random.below(DATABASES)
    const b = this.random.below(DATABASES)
    this.keyspace.swap(this.keyspace.databases[a], this.keyspace.databases[b])
    ;[this.models[a], this.models[b]] = [this.models[b], this.models[a]]
  }

  private passTime(): void {
    this.clock.advance(this.random.below(50))
    this.readClock()
  }

  private tick(): void {
    this.keyspace.expiry.slow(this.clock, TICK_US)
    this.keyspace.expiry.fast(this.clock)
    this.keyspace.upkeep.tables(this.clock, true)
  }

  private remove(db: Database, model: Model, name: string): void {
    if (db.peek(Span.of(name)) !== 0) db.delete(Span.of(name))
    model.keys.delete(name)
  }

  // Chance --------------------------------------------------------------------------------------------------

  private get now(): number {
    return this.keyspace.now
  }

  private readClock(): void {
    this.keyspace.now = this.clock.wallMs()
    this.keyspace.access.setNow(this.keyspace.now)
  }

  private someDatabase(): { db: Database; model: Model } {
    const index = this.random.below(DATABASES)
    return { db: this.keyspace.databases[index], model: this.models[index] }
  }

  private someKey(): { db: Database; model: Model; name: string } {
    return { ...this.someDatabase(), name: this.someName() }
  }

  /** One in twenty is longer than a one-byte length can say. */
  private someName(): string {
    const number = this.random.below(NAMES)
    return number % 20 === 0 ? `${number}`.padEnd(240 + (number % 60), '-') : `${number}`
  }

  private someValue(): string {
    const values = [
      () => '',
      () => `${this.random.below(2000) - 1000}`,
      () => `${BigInt(this.random.uint32()) * BigInt(this.random.uint32())}`,
      () => `0${this.random.below(100)}`,
      () => '-',
      () => '9223372036854775808',
      () => 'y'.repeat(this.random.below(60)),
      () => 'z'.repeat(480 + this.random.below(60)),
      () => `${this.random.below(10)}`.repeat(this.random.below(3000)),
    ]
    return pick(this.random, values)()
  }

  private someDeath(): number {
    return this.random.below(2) === 0 ? NEVER : this.now + 1 + this.random.below(500)
  }
}

test(
  `the keyspace of strings is a map of maps, through ${STORE_OPS} random operations`,
  () => {
    const subject = new Subject()
    for (let i = 1; i <= STORE_OPS; i++) {
      subject.step()
      if (i % AUDIT_EVERY === 0) subject.audit()
    }
    subject.settle()
  },
  STORE_TIMEOUT_MS,
)
