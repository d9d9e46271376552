import { expect, test } from 'vitest'
import { ValueWriter } from '../../server/data/serial/value-writer.js'
import { Snapshot } from '../../server/keyspace/snapshot.js'
import { Mem, Span } from '../../server/lib/bytes.js'
import { seededRandom } from '../../server/lib/random.js'
import { testEngine, type TestEngine } from '../support/engine.js'
import { drawWrite } from '../support/random-writes.js'
import { MODEL_SEED } from './elements.js'
import { STORE_TIMEOUT_MS } from './operations.js'

/**
 * Whatever happens between two slices, a snapshot holds the keys of its instant: compared with a copy made at once, over
 * and over in one world, so that epochs, cursors and tables are those of a long life.
 */

const ROUNDS = Number(process.env.MODEL_OPS ?? 40_000) / 100
const WRITES_BEFORE = 60
const AUDIT_EVERY = 40

type Content = Map<string, string>

class Subject {
  readonly random = seededRandom(MODEL_SEED)
  readonly world: TestEngine = testEngine({ config: { save: '', databases: '3' }, seed: MODEL_SEED })
  private readonly client = this.world.client()
  private readonly knows = (command: string): boolean =>
    this.world.engine.table.lookup(Span.of(command)) !== null

  write(): void {
    if (this.random.below(50) === 0) this.world.advance(this.random.below(200))
    this.client.ask(drawWrite(this.random, this.knows))
  }

  /** All there is, at once. */
  content(): Content {
    const content: Content = new Map()
    for (const { index, tables } of this.world.engine.keyspace.databases) {
      tables.keys.forEach(ref => this.note(content, index, ref))
    }
    return content
  }

  /** As a snapshot wants it: in one piece. */
  save(content: Content, database: number, ref: number): null {
    this.note(content, database, ref)
    return null
  }

  note(content: Content, database: number, ref: number): void {
    const { entries, kinds } = this.world.engine.keyspace
    const writer = new ValueWriter(false)
    const kind = kinds[entries.type(ref)]
    writer.int64(entries.expireAtExactly(ref))
    writer.byte(kind.rdbType(ref))
    kind.serialize(ref, writer)
    const name = `${database} ${entries.key(ref, new Span(new Mem(new ArrayBuffer(8)), 0, 0)).latin1()}`
    expect(content.has(name), `${name} twice`).toBe(false)
    content.set(name, writer.written.latin1())
  }
}

test(
  'a snapshot holds what was there at its instant, whatever is written between its slices',
  () => {
    const subject = new Subject()
    const { keyspace } = subject.world.engine
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < WRITES_BEFORE; i++) subject.write()
      const expected = subject.content()
      const found: Content = new Map()
      const snapshot = new Snapshot(keyspace, (database, ref) => subject.save(found, database, ref))
      expect(snapshot.keysTotal).toBe(expected.size)
      const breaksOff = round % 5 === 4
      for (let more = true; more && !(breaksOff && subject.random.below(4) === 0);) {
        for (let writes = subject.random.below(5); writes > 0; writes--) subject.write()
        more = snapshot.step()
      }
      if (round % AUDIT_EVERY === 0) subject.world.audit()
      snapshot.end()
      if (!breaksOff) expect(found, `seed ${MODEL_SEED}, round ${round}`).toEqual(expected)
    }
    subject.world.audit()
  },
  STORE_TIMEOUT_MS,
)

test('epochs come round although no snapshot ends', () => {
  const subject = new Subject()
  const { keyspace } = subject.world.engine
  for (let i = 0; i < WRITES_BEFORE; i++) subject.write()
  for (let round = 0; round < 600; round++) {
    subject.write()
    const expected = subject.content()
    const found: Content = new Map()
    const snapshot = new Snapshot(keyspace, (database, ref) => subject.save(found, database, ref))
    if (round % 290 === 289) {
      while (snapshot.step()) subject.write()
      expect(found).toEqual(expected)
    } else {
      snapshot.step()
    }
    snapshot.end()
  }
})

test('there is one snapshot at a time', () => {
  const { keyspace } = testEngine().engine
  const first = new Snapshot(keyspace, () => null)
  expect(() => new Snapshot(keyspace, () => null)).toThrow('one already')
  first.end()
  new Snapshot(keyspace, () => null).end()
})
