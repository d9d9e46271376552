import { expect, test } from 'vitest'
import { Mem, Span } from '../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../server/lib/random.js'
import { Element } from '../../server/memory/element.js'
import {
  addToIntset,
  initIntset,
  intsetBytes,
  intsetBytesWith,
  intsetHas,
  intsetLength,
  isValidIntset,
  readMember,
  removeFromIntset,
} from '../../server/memory/intset.js'
import { isInt64, MODEL_SEED, pick, randomInt64 } from './elements.js'
import { STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'

const START = 21
const MEMBERS_MAX = 600
/** Operations between two looks at every member. */
const CHECK_EVERY = 100
const CANARY = Buffer.alloc(16, 0xa5)

const byValue = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** An intset and the set that it has to be equal to. */
class Subject {
  readonly mem = Mem.ofSize(START + 8 * (MEMBERS_MAX + 8))
  readonly model = new Set<bigint>()
  private readonly element = new Element()

  constructor() {
    initIntset(this.mem, START)
  }

  add(value: bigint): void {
    const element = this.element.set(Span.of(String(value)))
    const end = START + intsetBytesWith(this.mem, START, element)
    const isNew = !this.model.has(value)
    if (isNew) CANARY.copy(this.mem.u8, end)
    CANARY.copy(this.mem.u8, START - CANARY.length)
    expect(addToIntset(this.mem, START, element)).toBe(isNew)
    if (isNew) this.expectUntouched(end)
    this.model.add(value)
  }

  remove(value: bigint): void {
    const removed = removeFromIntset(this.mem, START, this.element.set(Span.of(String(value))))
    expect(removed).toBe(this.model.delete(value))
  }

  checkHas(value: bigint): void {
    expect(intsetHas(this.mem, START, this.element.set(Span.of(String(value))))).toBe(this.model.has(value))
  }

  checkAll(): void {
    const { mem, element } = this
    const read = Array.from({ length: intsetLength(mem, START) }, (_, index) =>
      BigInt(readMember(mem, START, index, element).span().latin1()),
    )
    expect(read).toEqual([...this.model].sort(byValue))
    expect(isValidIntset(new Span(mem, START, intsetBytes(mem, START)))).toBe(true)
  }

  private expectUntouched(end: number): void {
    expect(START + intsetBytes(this.mem, START)).toBe(end)
    expect(this.mem.u8.subarray(end, end + CANARY.length).equals(CANARY)).toBe(true)
    expect(this.mem.u8.subarray(START - CANARY.length, START).equals(CANARY)).toBe(true)
  }
}

/** An integer of at most so many bits, often one that is there or its neighbour. */
function someValue(random: Random, { model }: Subject, bits: number): bigint {
  const near = model.size > 0 && random.below(2) === 0
  const value = near ? pick(random, [...model]) + BigInt(random.below(3) - 1) : randomInt64(random)
  return isInt64(value) ? BigInt.asIntN(bits, value) : 0n
}

test(
  `an intset is a sorted set of int64, through ${STORE_OPS} random operations`,
  { timeout: STORE_TIMEOUT_MS },
  () => {
    const random = seededRandom(MODEL_SEED)
    let subject = new Subject()
    for (let i = 0; i < STORE_OPS; i++) {
      if (i % 1000 === 0) subject = new Subject()
      const bits = [16, 32, 64][Math.min(2, Math.floor((i % 1000) / 250))]
      const value = someValue(random, subject, bits)
      const kind = random.below(8)
      if (kind < 4 && subject.model.size < MEMBERS_MAX) subject.add(value)
      else if (kind < 6) subject.remove(value)
      else subject.checkHas(value)
      if (i % CHECK_EVERY === 0) subject.checkAll()
    }
  },
)
