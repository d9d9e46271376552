import { expect } from 'vitest'
import { copyStream } from '../../server/data/stream/copy.js'
import { RequestFields } from '../../server/data/stream/fields.js'
import { Request } from '../../server/resp/request.js'
import { Stream } from '../../server/data/stream/stream.js'
import { StreamId } from '../../server/data/stream/stream-id.js'
import { trim } from '../../server/data/stream/trim.js'
import type { Random } from '../../server/lib/random.js'
import { VerifiedArena } from '../../server/memory/verified-arena.js'
import { STORE_OPS, type Trial, type Weighted, testModel } from './operations.js'

const GREATEST = StreamId.greatest()
const STREAMS = 3
const READERS = 4

interface Entry {
  readonly ms: number
  readonly seq: number
  readonly text: string
}

/** A stream by its root, the entries that it has to be equal to, and how far its readers are. */
interface Model {
  root: number
  entries: Entry[]
  last: Entry
  readonly readers: { ms: number; seq: number }[]
}

/**
 * Streams that one view works on in turn, as in a server. The view remembers where it appended and where it read: none
 * of the others, and nothing that happens between, may lead it astray.
 */
class StreamTrial implements Trial {
  readonly arena = new VerifiedArena()
  readonly limits = { bytes: 4096, entries: 100 }
  private readonly view = new Stream(this.arena, this.limits)
  private readonly copies = new Stream(this.arena, this.limits)
  private readonly fields = new RequestFields()
  private readonly models: Model[]

  constructor(private readonly random: Random) {
    this.models = Array.from({ length: STREAMS }, () => ({
      ...NEW,
      root: this.view.create().root,
      readers: [],
    }))
    for (const model of this.models) this.begin(model)
  }

  operations(): readonly Weighted[] {
    return [
      [10, () => this.append()],
      [1, () => this.delete()],
      [0.1, () => this.deleteAll()],
      [0.05, () => this.trim()],
      [8, () => this.read()],
      [0.5, () => this.rewind()],
      [0.02, () => this.replace()],
      [0.02, () => this.setLimits()],
      [0.01, () => this.check()],
    ]
  }

  check(): void {
    const blocks: (readonly [number, number])[] = []
    for (const model of this.models) {
      const stream = this.open(model)
      expect(stream.length).toBe(model.entries.length)
      expect(stream.firstId.toString()).toBe(idText(model.entries.at(0) ?? { ms: 0, seq: 0 }))
      const cursor = stream.range(StreamId.least(), GREATEST)
      const found: string[] = []
      while (cursor.next()) found.push(`${cursor.id.toString()} ${textAt(cursor)}`)
      expect(found).toEqual(model.entries.map(entry => `${idText(entry)} ${entry.text}`))
      blocks.push(...stream.blocks())
    }
    this.arena.audit(blocks)
  }

  free(): void {
    for (const model of this.models) while (!this.open(model).free(2));
    this.arena.audit([])
  }

  private append(): void {
    const { random } = this
    const model = this.draw()
    const ahead = random.below(4) === 0 ? random.below(300) : 0
    const seq = ahead > 0 ? random.below(3) : model.last.seq + 1 + random.below(2) * random.below(400)
    const words = this.words()
    const entry = { ms: model.last.ms + ahead, seq, text: words.join() }
    this.open(model).append(aim(entry), this.fields.set(Request.of(words), 0))
    model.entries.push(entry)
    model.last = entry
  }

  private delete(): void {
    const model = this.draw()
    const entry = model.entries[this.random.below(model.entries.length + 1)] ?? model.last
    const at = model.entries.indexOf(entry)
    expect(this.open(model).delete(aim(entry))).toBe(at >= 0)
    if (at >= 0) model.entries.splice(at, 1)
  }

  /** Some in a row, with gaps; now and then one twice, one that is not there, or all of them backwards. */
  private deleteAll(): void {
    const { random } = this
    const model = this.draw()
    const from = random.below(model.entries.length + 1)
    const row = model.entries.slice(from, from + random.below(60)).filter(() => random.below(4) > 0)
    const ids = row.map(aim)
    if (row.length > 0 && random.below(2) === 0) {
      const { ms, seq } = row[random.below(row.length)]
      ids.splice(random.below(ids.length), 0, aim({ ms, seq: seq + random.below(2) }))
    }
    if (random.below(4) === 0) ids.reverse()
    const there = new Set(model.entries.map(idText))
    const gone = new Set(ids.map(id => id.toString()).filter(id => there.has(id)))
    expect(this.open(model).deleteAll(ids)).toBe(gone.size)
    model.entries = model.entries.filter(entry => !gone.has(idText(entry)))
  }

  private trim(): void {
    const model = this.draw()
    const { length } = model.entries
    const maxLength = Math.max(0, length - this.random.below(1 + (length >>> 2)))
    const rule = { maxLength, minId: null, approximate: false, limit: 0, references: 'KEEPREF' } as const
    expect(trim(this.open(model), rule)).toBe(length - maxLength)
    model.entries = model.entries.slice(length - maxLength)
  }

  /** Some more entries, from behind those that the reader has had. */
  private read(): void {
    const model = this.draw()
    const reader = model.readers[this.random.below(READERS)]
    const from = aim(reader)
    from.increment()
    const cursor = this.open(model).range(from, GREATEST)
    const wanted = model.entries.filter(entry => compare(entry, reader) > 0).slice(0, this.random.below(5))
    for (const entry of wanted) {
      expect(cursor.next()).toBe(true)
      expect(cursor.id.toString()).toBe(`${entry.ms}-${entry.seq}`)
      if (this.random.below(3) > 0) expect(textAt(cursor)).toBe(entry.text)
      Object.assign(reader, { ms: entry.ms, seq: entry.seq })
    }
  }

  private rewind(): void {
    Object.assign(this.draw().readers[this.random.below(READERS)], { ms: 0, seq: 0 })
  }

  /** A stream dies, and another one takes its place, which may get its memory: a copy, or one without entries. */
  private replace(): void {
    const model = this.draw()
    const other = this.draw()
    if (this.random.below(2) === 0 && other !== model) {
      const copy = copyStream(this.open(other), this.copies.create()).root
      this.open(model).free(Infinity)
      Object.assign(model, { root: copy, entries: [...other.entries], last: other.last })
    } else {
      this.open(model).free(Infinity)
      model.root = this.copies.create().root
      this.begin(model)
    }
  }

  private setLimits(): void {
    this.limits.bytes = [0, 200, 4096][this.random.below(3)]
    this.limits.entries = [1, 10, 100, 300][this.random.below(4)]
  }

  private begin(model: Model): void {
    const readers = Array.from({ length: READERS }, () => ({ ms: 0, seq: 0 }))
    Object.assign(model, { entries: [], last: NEW.last, readers })
  }

  private draw(): Model {
    return this.models[this.random.below(STREAMS)]
  }

  private open({ root }: Model): Stream {
    return this.view.open(root)
  }

  private words(): string[] {
    const { random } = this
    const value = ['x'.repeat(random.below(150)), `${random.below(100_000)}`, '-1', ''][random.below(4)]
    return random.below(5) > 0
      ? ['field', value, '7', 'same']
      : Array.from({ length: 2 * (1 + random.below(3)) }, (_, i) => `${value}${i}`)
  }
}

const NEW: Model = { root: 0, entries: [], last: { ms: 5, seq: 0, text: '' }, readers: [] }

function aim({ ms, seq }: { ms: number; seq: number }): StreamId {
  return new StreamId().setParts(BigInt(ms), BigInt(seq))
}

function idText({ ms, seq }: { ms: number; seq: number }): string {
  return `${ms}-${seq}`
}

function compare(a: { ms: number; seq: number }, b: { ms: number; seq: number }): number {
  return a.ms === b.ms ? a.seq - b.seq : a.ms - b.ms
}

function textAt(cursor: ReturnType<Stream['range']>): string {
  const words: string[] = []
  while (cursor.nextField()) words.push(cursor.field.span().latin1(), cursor.value.span().latin1())
  return words.join()
}

testModel('streams are rows of entries', STORE_OPS / 10, random => new StreamTrial(random))
