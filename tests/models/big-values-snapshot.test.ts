import { expect, test } from 'vitest'
import { PlainEncoder } from '../../persistence/aof/plain-encoder.js'
import { RdbEncoder } from '../../persistence/rdb/encoder.js'
import { loadRdbNow } from '../../persistence/rdb/load.js'
import { DirectPress } from '../../persistence/rdb/press.js'
import type { SnapshotEncoder } from '../../persistence/rdb/snapshot-run.js'
import type { Engine } from '../../server/engine/engine.js'
import { Snapshot } from '../../server/keyspace/snapshot.js'
import { type Random, seededRandom } from '../../server/lib/random.js'
import { testEngine, type TestEngine } from '../support/engine.js'
import { replayed } from '../support/replayed.js'
import type { Line } from '../support/request.js'
import { MODEL_SEED } from './elements.js'
import { STORE_TIMEOUT_MS } from './operations.js'
import { pressed } from '../support/pieces.js'

/**
 * Big values are saved in pieces, as RDB and as commands, while commands change them, delete them, rename them and put
 * others in their place. What the file holds is loaded into another server and compared by DEBUG DIGEST with what there
 * was at the instant.
 */

const ROUNDS = 12
const ELEMENTS = 1500
const AUDIT_EVERY = 4

const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)]

/** Names of elements, so few that writes often meet what is there. */
const element = (random: Random): string => `element:${random.below(ELEMENTS * 2)}`

type Maker = (random: Random) => Line

const MAKERS: readonly Maker[] = [
  r => ['HSET', 'hash', element(r), r.hex(1 + r.below(30))],
  r => ['HDEL', 'hash', element(r), element(r)],
  r => ['HSET', 'timed', element(r), 'x'],
  r => ['HPEXPIRE', 'timed', String(1 + r.below(100_000)), 'FIELDS', '1', element(r)],
  r => ['HPERSIST', 'timed', 'FIELDS', '1', element(r)],
  r => ['SADD', 'set', element(r), element(r)],
  r => ['SREM', 'set', element(r)],
  () => ['SPOP', 'set', '5'],
  r => ['SMOVE', 'set', 'other', element(r)],
  r => ['ZADD', 'zset', String(r.below(1000)), element(r)],
  r => ['ZREM', 'zset', element(r)],
  () => ['ZPOPMIN', 'zset', '3'],
  () => ['ZREMRANGEBYRANK', 'zset', '5', '40'],
  r => ['RPUSH', 'list', element(r).repeat(4)],
  () => ['LPOP', 'list', '3'],
  r => ['RPOP', 'list', String(1 + r.below(400))],
  r => ['LSET', 'list', String(r.below(1000)), 'changed'],
  r => ['LINSERT', 'list', 'BEFORE', element(r).repeat(4), 'put'],
  r => ['LREM', 'list', '1', element(r).repeat(4)],
  r => ['XADD', 'stream', '*', 'field', element(r).repeat(10)],
  r => ['XTRIM', 'stream', 'MAXLEN', String(ELEMENTS - r.below(200))],
  () => ['XREADGROUP', 'GROUP', 'group', 'me', 'COUNT', '5', 'STREAMS', 'stream', '>'],
  r => ['SET', `small:${r.below(50)}`, r.hex(10)],
  r => ['EXPIRE', pick(r, ['hash', 'set', 'zset', 'list', 'stream']), '10000'],
]

const RARE: readonly Maker[] = [
  r => [pick(r, ['DEL', 'UNLINK']), pick(r, BIG)],
  r => ['RENAME', pick(r, BIG), pick(r, ['hash', 'moved'])],
  r => ['SET', pick(r, BIG), 'a string'],
  () => ['SUNIONSTORE', 'set', 'set', 'other'],
  r => ['COPY', pick(r, BIG), 'copy', 'REPLACE'],
  () => ['SWAPDB', '0', '1'],
  r => [pick(r, ['FLUSHDB', 'FLUSHALL']), pick(r, ['SYNC', 'ASYNC'])],
  () => ['LTRIM', 'list', '700', '-1'],
  r => ['ZREMRANGEBYRANK', 'zset', String(r.below(100)), '-1'],
]

const BIG = ['hash', 'timed', 'set', 'zset', 'list', 'stream'] as const

interface Form {
  readonly name: string
  readonly encoder: (engine: Engine) => SnapshotEncoder
  readonly load: (engine: Engine, file: Buffer) => void | Promise<void>
}

const FORMS: readonly Form[] = [
  {
    name: 'an RDB file',
    encoder: engine => new RdbEncoder(engine),
    load: (engine, file) => void loadRdbNow(engine, 'test', file, { keepExpired: true }),
  },
  { name: 'a log of commands', encoder: engine => new PlainEncoder(engine), load: replayed },
]

class Subject {
  /** How often something waited for a big value to be done. */
  held = 0
  readonly random = seededRandom(MODEL_SEED)
  readonly world: TestEngine = testEngine({
    config: { save: '', databases: '2', 'list-max-listpack-size': '256' },
    seed: MODEL_SEED,
  })

  /** Makes those big values that are not there. */
  fill(): void {
    const { world } = this
    for (let i = 0; i < ELEMENTS; i++) {
      const name = `element:${i}`
      world.ask(['HSET', 'hash', name, String(i)])
      world.ask(['HSET', 'timed', name, String(i)])
      world.ask(['SADD', 'set', name])
      world.ask(['ZADD', 'zset', String(i % 700), name])
      world.ask(['RPUSH', 'list', name.repeat(4)])
      world.ask(['XADD', 'stream', '*', 'field', name.repeat(10)])
    }
    world.ask(['HPEXPIRE', 'timed', '90000', 'FIELDS', '2', 'element:3', 'element:4'])
    world.ask(['XGROUP', 'CREATE', 'stream', 'group', '0'])
  }

  write(): void {
    if (this.random.below(100) === 0) this.world.advance(this.random.below(50))
    this.world.ask(pick(this.random, this.random.below(60) === 0 ? RARE : MAKERS)(this.random))
  }

  /** A snapshot with writes between its steps; answers the file. */
  snapshot(makeEncoder: Form['encoder']): Buffer {
    const { engine } = this.world
    const encoder = makeEncoder(engine)
    encoder.begin([])
    const snapshot = new Snapshot(engine.keyspace, (database, ref) => encoder.entry(database, ref))
    const press = new DirectPress(encoder.checksum)
    const file: Buffer[] = []
    while (snapshot.step()) {
      file.push(pressed(press, encoder.take()))
      if (encoder.heldBytes + snapshot.keptBytes > 0) this.held++
      for (let writes = this.random.below(4); writes > 0; writes--) this.write()
    }
    snapshot.end()
    return Buffer.concat([...file, pressed(press, encoder.end())])
  }
}

for (const { name, encoder, load } of FORMS) {
  test(
    `big values are in ${name} as they were at the instant, whatever becomes of them meanwhile`,
    async () => {
      const subject = new Subject()
      const { world } = subject
      for (let round = 0; round < ROUNDS; round++) {
        world.ask('FLUSHALL')
        subject.fill()
        for (let i = 0; i < 200; i++) subject.write()
        const expected = world.ask('DEBUG DIGEST')
        const nowMs = world.clock.wallMs()
        const file = subject.snapshot(encoder)
        const copy = testEngine({ config: { databases: '2' }, nowMs })
        copy.engine.keyspace.expiryMode = 'ignore'
        await load(copy.engine, file)
        expect(copy.ask('DEBUG DIGEST'), `seed ${MODEL_SEED}, round ${round}`).toEqual(expected)
        if (round % AUDIT_EVERY === 0) world.audit()
      }
      expect(subject.held).toBeGreaterThan(100)
    },
    STORE_TIMEOUT_MS,
  )
}

test.each(FORMS)('a snapshot broken off lets go of what it held, in $name', ({ encoder: makeEncoder }) => {
  const subject = new Subject()
  const { world } = subject
  subject.fill()
  const encoder = makeEncoder(world.engine)
  const snapshot = new Snapshot(world.engine.keyspace, (database, ref) => encoder.entry(database, ref))
  for (let i = 0; i < 40; i++) snapshot.step()
  for (const key of BIG) world.ask(['DEL', key])
  snapshot.end()
  world.advance(10_000)
  world.audit()
  expect(world.ask('DBSIZE')).toBe(0)
  expect(world.arena.used).toBeLessThan(1 << 20)
})
