import { expect, test } from 'vitest'
import { Mem, Span } from '../../server/lib/bytes.js'
import { seededRandom, type Random } from '../../server/lib/random.js'
import { Element } from '../../server/memory/element.js'
import { isValidListpack } from '../../server/memory/listpack-check.js'
import { ListpackCursor } from '../../server/memory/listpack-cursor.js'
import {
  appendElement,
  EMPTY_LISTPACK_BYTES,
  endOfListpack,
  entryAtIndex,
  entryBytesFor,
  findElement,
  firstEntry,
  holdsElement,
  initListpack,
  insertElement,
  insertEntries,
  listpackBytes,
  listpackLength,
  NO_ENTRY,
  removeElements,
  replaceElement,
  replacementGrowth,
} from '../../server/memory/listpack.js'
import { EqualSearch, removeEqualEntries } from '../../server/memory/listpack-search.js'
import { MODEL_SEED, pick, randomElement } from './elements.js'
import { STORE_OPS, STORE_TIMEOUT_MS } from './operations.js'

/** Odd, so that no word of the listpack is aligned. */
const START = 37
const ROOM = 1 << 21
const LENGTH_MAX = 120
/** Operations between two looks at every entry. */
const CHECK_EVERY = 200
const CANARY = Buffer.alloc(16, 0xa5)

/** A listpack and the array that it has to be equal to. */
class Subject {
  readonly mem = Mem.ofSize(ROOM)
  readonly model: string[] = []
  private readonly element = new Element()
  private readonly cursor = new ListpackCursor()
  private readonly search = new EqualSearch()

  constructor() {
    initListpack(this.mem, START)
  }

  insert(index: number, text: string): void {
    const element = this.element.set(Span.of(text))
    const at = index === this.model.length ? this.end() : this.placeOf(index)
    this.growingBy(entryBytesFor(element), () => insertElement(this.mem, START, at, element))
    this.model.splice(index, 0, text)
  }

  append(text: string): void {
    const element = this.element.set(Span.of(text))
    this.growingBy(entryBytesFor(element), () => appendElement(this.mem, START, element))
    this.model.push(text)
  }

  replace(index: number, text: string): void {
    const element = this.element.set(Span.of(text))
    const at = this.placeOf(index)
    const growth = replacementGrowth(this.mem, START, at, element)
    this.growingBy(growth, () => replaceElement(this.mem, START, at, element))
    this.model[index] = text
  }

  remove(index: number, count: number): void {
    const removed = this.model.splice(index, count)
    expect(removeElements(this.mem, START, this.placeOf(index), count)).toBe(removed.length)
  }

  /** Inserts a run of another listpack. */
  insertRun(index: number, from: Subject, first: number, count: number): void {
    const at = index === this.model.length ? this.end() : this.placeOf(index)
    const fromAt = from.placeOf(first)
    const fromEnd = first + count === from.model.length ? from.end() : from.placeOf(first + count)
    this.growingBy(fromEnd - fromAt, () =>
      insertEntries(this.mem, START, at, from.mem, START, fromAt, fromEnd, count),
    )
    this.model.splice(index, 0, ...from.model.slice(first, first + count))
  }

  checkFind(text: string, stride: number): void {
    const found = findElement(
      this.mem,
      START,
      firstEntry(this.mem, START),
      this.element.set(Span.of(text)),
      stride,
    )
    const index = this.model.findIndex((one, i) => i % stride === 0 && one === text)
    expect(found).toBe(index === -1 ? NO_ENTRY : this.placeOf(index))
    if (found !== NO_ENTRY) expect(holdsElement(this.mem, START, found, this.element)).toBe(true)
  }

  /** Removes the first few that equal `text`. */
  removeEqual(text: string, limit: number): void {
    const gone = this.numbersOf(text).slice(0, limit)
    this.element.set(Span.of(text))
    expect(removeEqualEntries(this.mem, START, this.element, limit)).toBe(gone.length)
    for (const number of gone.reverse()) this.model.splice(number, 1)
  }

  /** All that equal `text` are met, in either direction, up to some number. */
  checkSearch(text: string, forwards: boolean, most: number): void {
    const { search, mem, model } = this
    search.seek(this.element.set(Span.of(text)))
    search.enter(mem, START, forwards, 0)
    const met: number[] = []
    while (search.next(most)) {
      const index = forwards ? search.number : model.length - 1 - search.number
      expect(search.at).toBe(this.placeOf(index))
      met.push(index)
    }
    const numbers = this.numbersOf(text)
    const inOrder = forwards ? numbers : numbers.reverse()
    expect(met).toEqual(inOrder.filter(index => (forwards ? index : model.length - 1 - index) < most))
  }

  checkIndex(index: number): void {
    const there = this.cursor.index(this.mem, START, index)
    expect(there ? this.cursor.element.span().latin1() : undefined).toBe(this.model.at(index))
  }

  checkAll(): void {
    const { mem, cursor, model } = this
    expect(listpackLength(mem, START)).toBe(model.length)
    expect(isValidListpack(new Span(mem, START, listpackBytes(mem, START)))).toBe(true)
    const read: string[] = []
    for (let more = cursor.first(mem, START); more; more = cursor.next())
      read.push(cursor.element.span().latin1())
    expect(read).toEqual(model)
    for (let more = cursor.last(mem, START); more; more = cursor.previous()) {
      expect(cursor.element.span().latin1()).toBe(read.pop())
    }
    expect(read).toEqual([])
    expect(this.bytes().equals(freshlyBuilt(model))).toBe(true)
  }

  bytes(): Buffer {
    return this.mem.u8.subarray(START, START + listpackBytes(this.mem, START))
  }

  private numbersOf(text: string): number[] {
    return [...this.model.keys()].filter(index => this.model[index] === text)
  }

  private placeOf(index: number): number {
    return entryAtIndex(this.mem, START, index)
  }

  private end(): number {
    return endOfListpack(this.mem, START)
  }

  /** The operation grows the listpack by exactly this and writes nothing beyond, nor in front. */
  private growingBy(bytes: number, operate: () => void): void {
    const behind = START + listpackBytes(this.mem, START) + bytes
    if (bytes >= 0) CANARY.copy(this.mem.u8, behind)
    CANARY.copy(this.mem.u8, START - CANARY.length)
    operate()
    expect(START + listpackBytes(this.mem, START)).toBe(behind)
    if (bytes >= 0) expect(this.mem.u8.subarray(behind, behind + CANARY.length).equals(CANARY)).toBe(true)
    expect(this.mem.u8.subarray(START - CANARY.length, START).equals(CANARY)).toBe(true)
  }
}

function freshlyBuilt(texts: readonly string[]): Buffer {
  const elements = texts.map(text => new Element().set(Span.of(text)))
  const bytes = EMPTY_LISTPACK_BYTES + elements.reduce((sum, one) => sum + entryBytesFor(one), 0)
  const mem = Mem.ofSize(bytes)
  initListpack(mem, 0)
  for (const one of elements) appendElement(mem, 0, one)
  expect(listpackBytes(mem, 0)).toBe(bytes)
  return mem.u8.subarray(0, bytes)
}

/** Often an element that is there. */
function someElement(random: Random, { model }: Subject): string {
  return model.length > 0 && random.below(3) === 0 ? pick(random, model) : randomElement(random)
}

function operate(random: Random, subject: Subject, other: Subject): void {
  const { length } = subject.model
  if (length > LENGTH_MAX) return subject.remove(random.below(60), 1 + random.below(length))
  const index = random.below(length + 1)
  switch (random.below(12)) {
    case 0:
    case 1:
      return subject.insert(index, someElement(random, subject))
    case 2:
    case 3:
      return subject.append(randomElement(random))
    case 4:
      if (index < length) subject.remove(index, 1 + (random.below(4) && random.below(5)))
      return
    case 5:
    case 6:
      if (index < length) subject.replace(index, someElement(random, subject))
      return
    case 7:
      return subject.checkFind(someElement(random, subject), 1 + random.below(3))
    case 8:
      return subject.checkIndex(index - random.below(2 * length + 1))
    case 9:
      return subject.checkSearch(
        someElement(random, subject),
        random.below(2) === 0,
        random.below(length + 2),
      )
    case 10:
      return subject.removeEqual(someElement(random, subject), random.below(4))
    default:
      return copyRun(random, subject, other)
  }
}

function copyRun(random: Random, subject: Subject, from: Subject): void {
  if (from.model.length === 0) return
  const first = random.below(from.model.length)
  const count = 1 + random.below(Math.min(8, from.model.length - first))
  subject.insertRun(random.below(subject.model.length + 1), from, first, count)
}

test(
  `a listpack is an array of byte strings, through ${STORE_OPS} random operations`,
  { timeout: STORE_TIMEOUT_MS },
  () => {
    const random = seededRandom(MODEL_SEED)
    const subjects = [new Subject(), new Subject()]
    for (let i = 0; i < STORE_OPS; i++) {
      const turn = random.below(2)
      operate(random, subjects[turn], subjects[1 - turn])
      expect(listpackLength(subjects[turn].mem, START)).toBe(subjects[turn].model.length)
      if (i % CHECK_EVERY === 0) subjects[turn].checkAll()
    }
    for (const subject of subjects) {
      subject.checkAll()
    }
  },
)
