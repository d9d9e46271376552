import { describe, expect, test } from 'vitest'
import { Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { offsetOf } from '../../server/memory/arena.js'
import { keyRoom, writeKey } from '../../server/memory/key.js'
import { OrderedTree, ROW_MAX, TREE_STATE_BYTES } from '../../server/memory/ordered-tree.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { MODEL_SEED } from './elements.js'
import { drawFrom, STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'

/** A member's block is a number, then the key. */
const KEY_AT = 8
const AUDIT_EVERY = 10_000

/** The halves of a double are counted up one by one: of some the lower is full, or empty. */
const FULL = 1 + (2 ** 32 - 1) * Number.EPSILON
const EDGES = [0, Number.MIN_VALUE, 1, FULL, FULL + Number.EPSILON, Number.MAX_VALUE, Infinity]

interface Entry {
  score: number
  readonly name: string
  readonly ref: number
}

/** Where operations of one kind fall. */
interface Habits {
  /** Entries at which the tree begins to shrink again. */
  readonly sizeMax: number
  score(): number
  name(made: number): string
}

/** A tree and the sorted array that it has to be equal to. */
class Subject {
  readonly arena = new VerifiedArena()
  private readonly tree = new OrderedTree(this.arena, KEY_AT)
  private readonly state = this.arena.alloc(TREE_STATE_BYTES)
  private readonly random = seededRandom(MODEL_SEED)
  private readonly cursor = this.tree.cursor()
  private readonly model: Entry[] = []
  private readonly row = new Int32Array(ROW_MAX)
  private growing = true
  private made = 0

  constructor(private readonly habits: Habits) {
    this.tree.create(this.state)
  }

  readonly step = drawFrom(
    [
      [40, () => (this.growing ? this.insert() : this.remove())],
      [15, () => (this.growing ? this.remove() : this.insert())],
      [5, () => (this.growing ? this.insert() : this.pop())],
      [15, () => this.rescore()],
      [10, () => this.rankOfSome()],
      [10, () => this.countBelow()],
      [10, () => this.walk()],
      [2, () => this.removeRow()],
      [0.05, () => this.removeRange()],
    ],
    seededRandom(MODEL_SEED + 1),
  )

  audit(): void {
    const { tree, model } = this
    expect(tree.count).toBe(model.length)
    this.arena.audit([...this.memberBlocks(), [this.state, TREE_STATE_BYTES], ...tree.blocks()])
    expect([...tree.blocks()].reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(tree.bytes)
    expect(this.listed('next')).toEqual(model.map(({ name }) => name))
    expect(this.listed('previous').reverse()).toEqual(model.map(({ name }) => name))
  }

  /** The nodes die in slices; the members are their owner's. */
  die(): void {
    while (!this.tree.free(7))
      this.arena.audit([...this.memberBlocks(), [this.state, 16], ...this.tree.blocks()])
    this.arena.audit([...this.memberBlocks(), [this.state, 16]])
  }

  private listed(step: 'next' | 'previous'): string[] {
    const { tree, cursor } = this
    const names: string[] = []
    const first = step === 'next' ? 0 : tree.count - 1
    for (let more = tree.seek(first, cursor); more; more = cursor[step]()) names.push(this.nameHere())
    return names
  }

  private insert(): void {
    const entry = this.newEntry()
    const tree = this.tree.open(this.state)
    const place = this.lowerBound(entry.score, entry.name)
    if (place === this.model.length && this.random.below(2) === 0) tree.append(entry.score, entry.ref)
    else tree.insert(entry.score, entry.ref)
    this.model.splice(place, 0, entry)
    if (this.model.length >= this.habits.sizeMax) this.growing = false
  }

  private remove(): void {
    if (this.model.length === 0) return
    const [entry] = this.model.splice(this.random.below(this.model.length), 1)
    this.tree.open(this.state).remove(entry.score, entry.ref)
    this.forget(entry)
  }

  private pop(): void {
    if (this.model.length === 0) return
    const rank = this.random.below(2) === 0 ? 0 : this.model.length - 1
    const [entry] = this.model.splice(rank, 1)
    const tree = this.tree.open(this.state)
    expect(tree.seekEnd(rank > 0)).toBe(entry.ref)
    tree.removeEnd()
    this.forget(entry)
  }

  /** Some or all of what a leaf holds from a rank on. */
  private removeRow(rank = this.random.below(Math.max(1, this.model.length))): void {
    const { tree, cursor, model, row } = this
    if (rank >= model.length) return
    expect(tree.open(this.state).seek(rank, cursor)).toBe(true)
    const taken = cursor.takeRow(row, 1 + this.random.below(ROW_MAX), false)
    tree.removeRow(taken)
    const gone = model.splice(rank, taken)
    expect([...row.subarray(0, taken)]).toEqual(gone.map(({ ref }) => ref))
    for (const entry of gone) this.forget(entry)
  }

  /** Leaf after leaf, from any place on, the beginning more than others: whole inner nodes go. */
  private removeRange(): void {
    const rank = this.random.below(3) === 0 ? 0 : this.random.below(Math.max(1, this.model.length))
    for (let rows = this.random.below(200); rows > 0; rows--) this.removeRow(rank)
  }

  private forget(entry: Entry): void {
    this.arena.free(entry.ref, KEY_AT + keyRoom(entry.name.length))
    if (this.model.length === 0) this.growing = true
  }

  /** To any score, or to one close by. */
  private rescore(): void {
    if (this.model.length === 0) return
    const [entry] = this.model.splice(this.random.below(this.model.length), 1)
    const to = this.random.below(2) === 0 ? this.habits.score() : entry.score + this.random.below(3) - 1
    this.tree.open(this.state).rescore(entry.score, entry.ref, to)
    entry.score = to
    this.model.splice(this.lowerBound(to, entry.name), 0, entry)
  }

  private rankOfSome(): void {
    if (this.model.length === 0) return
    const rank = this.random.below(this.model.length)
    const { score, ref } = this.model[rank]
    if (this.tree.rank(score, ref) !== rank)
      throw new Error(`rank ${this.tree.rank(score, ref)}, not ${rank}`)
  }

  private countBelow(): void {
    const score = this.habits.score()
    expect(this.tree.countBelow(score, false)).toBe(this.modelBelow(each => each < score))
    expect(this.tree.countBelow(score, true)).toBe(this.modelBelow(each => each <= score))
  }

  private modelBelow(below: (score: number) => boolean): number {
    const found = this.model.findIndex(({ score }) => !below(score))
    return found < 0 ? this.model.length : found
  }

  private walk(): void {
    const { tree, cursor, model, random } = this
    const rank = random.below(model.length + 2)
    const step = random.below(2) === 0 ? 1 : -1
    let at = rank
    for (let more = tree.seek(rank, cursor); more; more = step > 0 ? cursor.next() : cursor.previous()) {
      const { score, name } = model[at]
      if (cursor.score !== score || this.nameHere() !== name) throw new Error(`rank ${at} is not ${name}`)
      if ((at += step) === rank + 100 * step) return
    }
    expect(at).toBe(rank >= model.length ? rank : step > 0 ? model.length : -1)
  }

  private nameHere(): string {
    return this.cursor.key(Span.of('')).latin1()
  }

  private lowerBound(score: number, name: string): number {
    let low = 0
    let high = this.model.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const entry = this.model[middle]
      const before = entry.score === score ? entry.name < name : entry.score < score
      if (before) low = middle + 1
      else high = middle
    }
    return low
  }

  private newEntry(): Entry {
    const name = this.habits.name(this.made++)
    const ref = this.arena.alloc(KEY_AT + keyRoom(name.length))
    writeKey(this.arena.mem(ref), offsetOf(ref) + KEY_AT, Span.of(name))
    return { score: this.habits.score(), name, ref }
  }

  private *memberBlocks(): Generator<readonly [number, number]> {
    for (const { name, ref } of this.model) yield [ref, KEY_AT + keyRoom(name.length)]
  }
}

describe('an ordered tree is a sorted array', () => {
  const random = seededRandom(MODEL_SEED + 2)
  let clock = 0
  const cases: readonly (readonly [string, Habits])[] = [
    [
      'with scores of all sizes',
      {
        sizeMax: 9000,
        score: () => (random.float() - 0.5) * 10 ** random.below(20),
        name: made => `m${made}`,
      },
    ],
    [
      'with few scores',
      { sizeMax: 4000, score: () => random.below(5) - 2, name: made => `${random.hex(8)}${made}` },
    ],
    [
      'with scores that rise like time, and long names',
      { sizeMax: 5000, score: () => clock++, name: made => `${made}`.padEnd(random.below(400), '.') },
    ],
    [
      'with scores where doubles end, or carry',
      {
        sizeMax: 3000,
        score: () => (random.below(2) === 0 ? 1 : -1) * EDGES[random.below(EDGES.length)],
        name: made => `${random.hex(8)}${made}`,
      },
    ],
    ['with scores that fall', { sizeMax: 6000, score: () => -clock++, name: made => `${made}` }],
  ]
  for (const [title, habits] of cases) {
    test(
      `${title}, through random operations`,
      () => {
        const subject = new Subject(habits)
        for (let i = 1; i <= STORE_OPS / cases.length; i++) {
          subject.step()
          if (i % AUDIT_EVERY === 0) subject.audit()
        }
        subject.audit()
        subject.die()
      },
      STORE_TIMEOUT_MS,
    )
  }

  test('where all scores are equal, bytes have ranks', () => {
    const arena = new VerifiedArena()
    const tree = new OrderedTree(arena, KEY_AT)
    tree.create(arena.alloc(TREE_STATE_BYTES))
    const names = Array.from({ length: 2000 }, (_, i) => `${(i * 7919) % 2000}`)
    for (const name of names) {
      const ref = arena.alloc(KEY_AT + keyRoom(name.length))
      writeKey(arena.mem(ref), offsetOf(ref) + KEY_AT, Span.of(name))
      tree.insert(0, ref)
    }
    names.sort()
    names.forEach((name, rank) => {
      expect(tree.countBefore(Span.of(name), false)).toBe(rank)
      expect(tree.countBefore(Span.of(name), true)).toBe(rank + 1)
      expect(tree.countBefore(Span.of(`${name}!`), false)).toBe(rank + 1)
    })
  })
})
