import { expect } from 'vitest'
import { TABLE_STATE_BYTES } from '../../server/data/stream/id-chunks.js'
import { IdTable } from '../../server/data/stream/id-table.js'
import { StreamId } from '../../server/data/stream/stream-id.js'
import type { Random } from '../../server/lib/random.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { STORE_OPS, type Trial, type Weighted, testModel } from './operations.js'

const STATE_AT = 8
const STATE_BLOCK = STATE_AT + TABLE_STATE_BYTES

/** A table of one number for each id, and the map that it has to be equal to. */
class TableTrial implements Trial {
  readonly arena = new VerifiedArena()
  readonly table: IdTable
  private readonly model = new Map<number, number>()
  private readonly id = new StreamId()
  private readonly block: number

  constructor(
    private readonly random: Random,
    private readonly range: number,
  ) {
    this.table = new IdTable(this.arena, 4)
    this.block = this.arena.alloc(STATE_BLOCK)
    this.table.create(this.block, STATE_AT)
  }

  operations(): readonly Weighted[] {
    const { random } = this
    return [
      [5, () => this.insert(this.draw())],
      [4, () => this.append()],
      [4, () => this.find(this.draw())],
      [0.2, () => this.remove(this.draw(), random.below(40))],
      [0.1, () => this.remove(0, random.below(60))],
      [0.1, () => this.seekLast(this.draw())],
      [0.01, () => this.check()],
    ]
  }

  check(): void {
    const forwards: [number, number][] = []
    const backwards: number[] = []
    const { table } = this
    for (let more = table.first(); more; more = table.next()) forwards.push([this.key(), this.value()])
    for (let more = table.last(); more; more = table.previous()) backwards.push(this.key())
    expect(forwards).toEqual(this.sorted().map(key => [key, this.model.get(key)]))
    expect(backwards.reverse()).toEqual(this.sorted())
    expect(table.count).toBe(this.model.size)
    this.arena.audit([[this.block, STATE_BLOCK], ...table.blocks()])
  }

  free(): void {
    while (this.table.free(3) <= 0);
    expect(this.table.count).toBe(0)
    this.arena.audit([[this.block, STATE_BLOCK]])
  }

  private insert(key: number): void {
    expect(this.table.insert(this.aim(key))).toBe(!this.model.has(key))
    if (this.model.has(key)) return
    const value = this.random.below(1 << 30)
    this.table.mem.i32[this.table.data >>> 2] = value
    this.model.set(key, value)
  }

  private append(): void {
    this.insert(Math.max(-1, ...this.someKeys()) + 1 + this.random.below(3))
  }

  private find(key: number): void {
    expect(this.table.find(this.aim(key))).toBe(this.model.has(key))
    if (this.model.has(key)) expect(this.value()).toBe(this.model.get(key))
  }

  /** Takes out a row of records from some id on, as an acknowledgement of many does. */
  private remove(key: number, count: number): void {
    const keys = this.sorted().filter(each => each >= key)
    let there = this.table.seek(this.aim(key))
    for (let i = 0; i < count && there; i++) {
      expect(this.key()).toBe(keys[i])
      this.model.delete(keys[i])
      there = this.table.remove()
      expect(there).toBe(i + 1 < keys.length)
    }
  }

  private seekLast(key: number): void {
    const before = this.sorted().filter(each => each <= key)
    expect(this.table.seekLast(this.aim(key))).toBe(before.length > 0)
    if (before.length > 0) expect(this.key()).toBe(before[before.length - 1])
  }

  private draw(): number {
    return this.random.below(this.range)
  }

  private aim(key: number): StreamId {
    return this.id.setWords(key >>> 16, 0, 0, key & 0xffff)
  }

  private key(): number {
    const { msHigh, seqLow } = this.table.id(this.id)
    return (msHigh << 16) | seqLow
  }

  private value(): number {
    return this.table.mem.i32[this.table.data >>> 2]
  }

  private sorted(): number[] {
    return [...this.model.keys()].sort((a, b) => a - b)
  }

  private someKeys(): number[] {
    return this.table.last() ? [this.key()] : []
  }
}

testModel(
  'an id table is a sorted map',
  STORE_OPS / 10,
  (random, seed) => new TableTrial(random, seed === 1 ? 300 : 100_000),
)
