import { expect, test } from 'vitest'
import { NEVER, Type } from '../../server/data/entry.js'
import { LIST_ROOM, type Lists } from '../../server/data/list/lists.js'
import { SpanSource, ValueReader } from '../../server/data/serial/value-reader.js'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Keyspace } from '../../server/keyspace/keyspace.js'
import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { ChunkPool } from '../../server/resp/chunks.js'
import { ReplyWriter } from '../../server/resp/reply.js'
import { MODEL_SEED, pick, randomElement } from './elements.js'
import { drawFrom, STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'
import { copyEntry, moveEntry } from '../../server/keyspace/transfer.js'

/** Random operations on a list of ours and on an array of strings, with every kind of node there is. */

const AUDIT_EVERY = 2000
/** Bytes, where a few elements fill a node, and counts. */
const LISTPACK_SIZES = [-1, -2, -5, 1, 2, 5, 128]
const COMPRESS_DEPTHS = [0, 0, 1, 2, 3]
const PLAIN_SIZES = [0, 0, 0, 20, 100]
/** A list longer than this is cut. */
const LENGTH_MAX = 2000

class Subject {
  private readonly arena = new VerifiedArena()
  private readonly random = seededRandom(MODEL_SEED)
  private readonly keyspace = new Keyspace(this.arena, this.random, { k0: 1, k1: 2 }, 1)
  private readonly lists: Lists = this.keyspace.lists
  private model: string[] = []
  private ref = 0

  readonly step = drawFrom(
    [
      [30, () => this.push()],
      [10, () => this.pushMany()],
      [25, () => this.pop()],
      [8, () => this.drop()],
      [15, () => this.set()],
      [20, () => this.insert()],
      [10, () => this.remove()],
      [10, () => this.readAt()],
      [5, () => this.readRange()],
      [4, () => this.positions()],
      [2, () => this.copy()],
      [2, () => this.restore()],
      [2, () => this.resettle()],
      [0.5, () => this.freeInSlices()],
    ],
    this.random,
  )

  constructor() {
    this.begin()
  }

  audit(): void {
    this.arena.audit(this.keyspace.blocks())
    expect(this.lists.length(this.ref)).toBe(this.model.length)
    expect(this.all()).toEqual(this.model)
  }

  private begin(): void {
    this.ref = this.lists.init(this.keyspace.databases[0].add(Span.of('list'), Type.list, LIST_ROOM))
    this.model = []
  }

  private all(): string[] {
    const found: string[] = []
    this.lists.elements(this.ref, element => found.push(element.latin1()))
    return found
  }

  // Operations ----------------------------------------------------------------------------------------------

  private push(): void {
    const value = this.someElement()
    const atHead = this.coin()
    this.lists.push(this.ref, Span.of(value), atHead)
    if (atHead) this.model.unshift(value)
    else this.model.push(value)
    if (this.model.length > LENGTH_MAX) this.dropFrom(LENGTH_MAX >> 1, this.coin())
  }

  private pushMany(): void {
    for (let i = this.random.below(60); i > 0; i--) this.push()
  }

  private pop(): void {
    if (this.model.length === 0) return
    const fromHead = this.coin()
    expect(this.lists.take(this.ref, fromHead).latin1()).toBe(
      fromHead ? this.model.shift() : this.model.pop(),
    )
  }

  private drop(): void {
    this.dropFrom(this.random.below(this.random.below(4) === 0 ? LENGTH_MAX : 20), this.coin())
  }

  private dropFrom(count: number, fromHead: boolean): void {
    this.lists.drop(this.ref, count, fromHead)
    if (fromHead) this.model.splice(0, count)
    else this.model.splice(Math.max(this.model.length - count, 0))
  }

  private set(): void {
    const index = this.someIndex()
    const value = this.someElement()
    const there = index >= -this.model.length && index < this.model.length
    expect(this.lists.set(this.ref, index, Span.of(value))).toBe(there)
    if (there) this.model[this.fromHead(index)] = value
  }

  private insert(): void {
    const pivot = this.someMember()
    const value = this.someElement()
    const after = this.coin()
    const at = this.model.indexOf(pivot)
    expect(this.lists.insert(this.ref, Span.of(pivot), after, Span.of(value))).toBe(at >= 0)
    if (at >= 0) this.model.splice(after ? at + 1 : at, 0, value)
  }

  private remove(): void {
    const value = this.someMember()
    const limit = this.coin() ? Infinity : this.random.below(4)
    const fromHead = this.coin()
    const order = [...this.model.keys()]
    if (!fromHead) order.reverse()
    const gone = new Set(order.filter(index => this.model[index] === value).slice(0, limit))
    expect(this.lists.remove(this.ref, Span.of(value), limit, fromHead)).toBe(gone.size)
    this.model = this.model.filter((_, index) => !gone.has(index))
  }

  private readAt(): void {
    const index = this.someIndex()
    expect(this.lists.at(this.ref, index)?.latin1()).toBe(this.model.at(index))
  }

  private readRange(): void {
    if (this.model.length === 0) return
    const from = this.random.below(this.model.length)
    const backwards = this.coin()
    const count = this.random.below(backwards ? from + 2 : this.model.length - from + 1)
    const reply = new ReplyWriter(new ChunkPool())
    this.lists.writeRange(this.ref, from, count, backwards, reply)
    const bytes = Buffer.concat(
      reply.take().map(({ mem, length }) => Buffer.from(mem.u8.subarray(0, length))),
    )
    const expected = backwards
      ? this.model.slice(Math.max(from - count + 1, 0), from + 1).reverse()
      : this.model.slice(from, from + count)
    expect(bytes.toString('latin1')).toBe(expected.map(value => `$${value.length}\r\n${value}\r\n`).join(''))
  }

  private positions(): void {
    const value = this.someMember()
    const fromHead = this.coin()
    const most = this.coin() ? this.model.length : this.random.below(50)
    const found: number[] = []
    this.lists.forEachEqual(this.ref, Span.of(value), fromHead, most, steps => found.push(steps) > 0)
    const order = (fromHead ? this.model : this.model.toReversed()).slice(0, most)
    expect(found).toEqual([...order.keys()].filter(index => order[index] === value))
  }

  private copy(): void {
    const db = this.keyspace.databases[0]
    copyEntry(db, this.ref, db, Span.of('copy'))
    db.delete(Span.of('list'))
    this.ref = db.find(Span.of('copy'))
    this.rename('copy')
  }

  private restore(): void {
    if (this.model.length === 0) return
    const writer = new ValueWriter(this.coin())
    this.lists.serialize(this.ref, writer)
    const reader = new ValueReader(new SpanSource(writer.written))
    const ref = this.keyspace.deserialize(this.lists.rdbType(), reader, Span.of('list'), NEVER)
    const db = this.keyspace.databases[0]
    db.delete(Span.of('list'))
    db.adopt(Span.of('list'), ref)
    this.ref = ref
  }

  private rename(from: string): void {
    const db = this.keyspace.databases[0]
    moveEntry(db, Span.of(from), db, Span.of('list'))
    this.ref = db.find(Span.of('list'))
  }

  /** The configuration changes: nodes of before stay as they are. */
  private resettle(): void {
    const { limits } = this.lists
    limits.setListpackSize(pick(this.random, LISTPACK_SIZES))
    limits.setPlainMin(pick(this.random, PLAIN_SIZES))
    limits.compressDepth = pick(this.random, COMPRESS_DEPTHS)
  }

  private freeInSlices(): void {
    const { graveyard } = this.keyspace
    this.keyspace.databases[0].delete(Span.of('list'), true)
    while (graveyard.slice(1)) this.arena.audit(this.keyspace.blocks())
    this.begin()
  }

  // Choices -------------------------------------------------------------------------------------------------

  private coin(): boolean {
    return this.random.below(2) === 0
  }

  private someElement(): string {
    const kind = this.random.below(20)
    if (kind < 8) return pick(this.random, ['a', 'b', '1', '-5', '1000', 'some longer text, for once'])
    if (kind < 9) return pick(this.random, ['x', 'yz']).repeat(this.random.below(300))
    if (kind < 10 && this.random.below(8) === 0) return 'large'.repeat(this.random.below(20_000))
    return randomElement(this.random)
  }

  private someMember(): string {
    return this.model.length > 0 && this.random.below(5) > 0
      ? pick(this.random, this.model)
      : pick(this.random, ['a', '1', 'nowhere'])
  }

  private someIndex(): number {
    const range = this.model.length + 2
    return this.random.below(2 * range) - range
  }

  private fromHead(index: number): number {
    return index < 0 ? index + this.model.length : index
  }
}

test(`${STORE_OPS} operations leave a list equal to an array`, { timeout: STORE_TIMEOUT_MS }, () => {
  const subject = new Subject()
  for (let i = 0; i < STORE_OPS; i++) {
    subject.step()
    if (i % AUDIT_EVERY === 0) subject.audit()
  }
  subject.audit()
})
