import { expect } from 'vitest'
import type { Type } from '../../server/data/entry.js'
import type { ValueKind } from '../../server/data/kind.js'
import { SpanSource, ValueReader } from '../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Keyspace } from '../../server/keyspace/keyspace.js'
import { copyEntry } from '../../server/keyspace/transfer.js'
import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { MODEL_SEED, pick } from './elements.js'
import { drawFrom, STORE_OPS, type Weighted } from './operations.js'

const AUDIT_EVERY = 20_000

/** A key's name, its entry (0: there is none) and what it has to be equal to. */
export type Subject<Model> = readonly [name: string, ref: number, model: Model]

/**
 * A few keys of one type in a verified arena, and of each the JS collection that it has to be equal to. What happens to
 * keys of any type happens here; what happens to members is the type's own.
 */
export abstract class Store<Model extends { readonly size: number }> {
  protected readonly arena = new VerifiedArena()
  protected readonly random = seededRandom(MODEL_SEED)
  protected readonly keyspace = new Keyspace(this.arena, this.random, { k0: 1, k1: 2 }, 1)
  protected readonly models = new Map<string, Model>()

  protected constructor(
    private readonly type: Type,
    private readonly names: readonly string[],
  ) {}

  /** The operations on members. */
  protected abstract operations(): readonly Weighted[]
  protected abstract none(): Model
  protected abstract twin(model: Model): Model
  /** Compares all that the key holds. */
  protected abstract compare(ref: number, model: Model): void

  /** `STORE_OPS` random operations, each of which is compared; now and then everything is. */
  run(): void {
    const step = drawFrom([...this.operations(), ...this.keyOperations()], this.random)
    for (let i = 1; i <= STORE_OPS; i++) {
      step()
      if (i % AUDIT_EVERY === 0) this.audit()
    }
    this.audit()
  }

  /** Some name, whose key may not exist. */
  protected some(): Subject<Model> {
    const name = pick(this.random, this.names)
    return [name, this.entry(name), this.modelOf(name)]
  }

  /** Some key, which exists from now on. */
  protected someMade(): Subject<Model> {
    const [name, ref, model] = this.some()
    if (ref !== 0) return [name, ref, model]
    this.models.set(name, model)
    return [name, this.db.add(Span.of(name), this.type, 0), model]
  }

  protected modelOf(name: string): Model {
    return this.models.get(name) ?? this.none()
  }

  /** Redis keeps no empty collection. */
  protected deleteWhenEmpty(name: string, isEmpty: boolean): void {
    if (isEmpty) this.drop(name, false)
  }

  private get db() {
    return this.keyspace.databases[0]
  }

  private get kind(): ValueKind {
    return this.keyspace.kinds[this.type]
  }

  private entry(name: string): number {
    return this.db.find(Span.of(name))
  }

  private keyOperations(): readonly Weighted[] {
    return [
      [0.3, () => this.copy()],
      [0.3, () => this.restore()],
      [0.3, () => this.delete()],
      [2, () => void this.keyspace.graveyard.slice(20)],
    ]
  }

  private copy(): void {
    const [, ref, model] = this.some()
    const target = pick(this.random, this.names)
    if (ref === 0 || this.entry(target) !== 0) return
    copyEntry(this.db, ref, this.db, Span.of(target))
    this.models.set(target, this.twin(model))
  }

  private restore(): void {
    const [name, ref] = this.some()
    if (ref === 0) return
    const writer = new ValueWriter(true)
    const rdbType = this.kind.rdbType(ref)
    this.kind.serialize(ref, writer)
    const key = Span.of(name)
    this.db.delete(key)
    const reader = new ValueReader(new SpanSource(writer.written.clone()))
    this.db.adopt(key, this.keyspace.deserialize(rdbType, reader, key, -1))
  }

  private delete(): void {
    const [name, ref] = this.some()
    if (ref !== 0) this.drop(name, this.random.below(2) === 0)
  }

  private drop(name: string, lazily: boolean): void {
    this.db.delete(Span.of(name), lazily)
    this.models.delete(name)
  }

  private audit(): void {
    this.arena.audit(this.keyspace.blocks())
    expect(this.db.size).toBe(this.models.size)
    for (const name of this.models.keys()) this.compare(this.entry(name), this.modelOf(name))
  }
}
