import { describe, expect, test } from 'vitest'
import { encodeNow } from '../../persistence/rdb/encoder.js'
import { loadRdbNow } from '../../persistence/rdb/load.js'
import { VirtualClock } from '../../server/lib/clock.js'
import { seededRandom } from '../../server/lib/random.js'
import type { Reply as InsideReply } from '../../server/net/inside-client.js'
import { historyWords } from '../differential/fuzz/generator.js'
import { type Settings, settingsOf } from '../differential/fuzz/settings.js'
import { AofWorld, freshDisk } from '../support/aof-world.js'
import { type TestEngine, testEngine } from '../support/engine.js'
import { DATABASES } from '../support/exchange.js'
import type { Reply } from '../support/reply.js'
import { replayed } from '../support/replayed.js'
import { encodeRequest } from '../support/request.js'
import { wholeState } from '../support/whole-state.js'

/**
 * Whatever was asked, of whatever type, right or wrong, with keys and fields that die meanwhile: who replays the journal
 * (a replica, an append-only file), or reads a snapshot, holds the same as who was asked.
 */

const SEED = Number(process.env.SEED ?? 20_261_120)
const TRIALS = Number(process.env.HISTORIES ?? 6)
const OPERATIONS = 800
/** Lifetimes end before, or long after. */
const SOON_MS = 5000
const SEEDS = Array.from({ length: TRIALS }, (_, i) => SEED + i)

const CONFIG = { 'enable-debug-command': 'yes', databases: `${DATABASES}`, save: '' }

/** A world with a history, and what its journal told: as a file would have it, with the databases. */
function lived(seed: number): { readonly world: TestEngine; readonly log: Buffer } {
  const world = testEngine({ config: { ...settingsOf(seed), ...CONFIG }, seed })
  const log: Uint8Array[] = []
  world.engine.journal.attach({
    append: (database, mem, start, length) =>
      log.push(encodeRequest(['SELECT', database]), Buffer.from(mem.u8.subarray(start, start + length))),
  })
  const random = seededRandom(seed)
  for (const words of historyWords(seed, OPERATIONS, world.engine.table)) {
    world.client().ask(words)
    if (random.below(8) === 0) world.advance(random.below(400))
  }
  // Fields and keys whose time has come are told of by then.
  world.client().ask('DISCARD')
  world.advance(SOON_MS)
  return { world, log: Buffer.concat(log) }
}

const stateOf = (world: TestEngine): Promise<string[]> => {
  const client = world.client('observer')
  return wholeState(async line => client.ask(line))
}

function fresh(world: TestEngine, seed: number): TestEngine {
  return testEngine({ config: { ...settingsOf(seed), ...CONFIG }, nowMs: world.clock.wallMs() })
}

describe('a history of random requests', () => {
  test.each(SEEDS)('is repeated by who replays the journal, seed %i', async seed => {
    const { world, log } = lived(seed)
    const copy = fresh(world, seed)
    const { keyspace } = copy.engine
    // Who loads or follows buries nobody by its own clock.
    keyspace.expiryMode = 'ignore'
    await replayed(copy.engine, log)
    keyspace.expiryMode = 'delete'
    expect(await stateOf(copy)).toEqual(await stateOf(world))
    expect(copy.ask('DEBUG DIGEST')).toBe(world.ask('DEBUG DIGEST'))
    world.audit()
    copy.audit()
  })

  test.each(SEEDS)('leaves what a snapshot tells, seed %i', async seed => {
    const { world } = lived(seed)
    const copy = fresh(world, seed)
    loadRdbNow(copy.engine, 'test', encodeNow(world.engine))
    expect(await stateOf(copy)).toEqual(await stateOf(world))
    expect(copy.ask('DEBUG DIGEST')).toBe(world.ask('DEBUG DIGEST'))
    copy.audit()
  })

  test.each(SEEDS)('outlives its server, seed %i', { timeout: 60_000 }, async seed => {
    const config = {
      ...told(settingsOf(seed)),
      ...CONFIG,
      'aof-use-rdb-preamble': seed % 2 === 0 ? 'yes' : 'no',
    }
    const disk = await freshDisk(seed)
    const world = new AofWorld({ disk, config, seed })
    await world.start()
    const ask = asker(world)
    for (const [at, words] of historyWords(seed, OPERATIONS, world.engine.table).entries()) {
      await ask(words)
      if (at === OPERATIONS >> 1) await ask(['BGREWRITEAOF'])
    }
    await ask(['DISCARD'])
    // What is about to die must not do so between two looks.
    world.clock.advance(SOON_MS)
    const before = await wholeState(ask)
    await ask(['DEBUG', 'RELOAD'])
    expect(await wholeState(ask)).toEqual(before)
    await world.until(world.engine.stop({ save: 'nosave', now: false, force: false, reason: 'test' }))
    const next = new AofWorld({ disk, config, clock: new VirtualClock(world.clock.wallMs()) })
    await next.start()
    expect(await wholeState(asker(next))).toEqual(before)
  })
})

/** As a file of directives has them. */
const told = (settings: Settings): Settings =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value === '' ? '""' : value]))

/** One client of a world, whose words and replies are bytes as latin1. */
function asker(world: AofWorld): (line: readonly (string | Buffer)[]) => Promise<Reply> {
  const client = world.client()
  return async line => {
    const words = line.map(word => (typeof word === 'string' ? Buffer.from(word, 'latin1') : word))
    const reply = world.until(client.execute(words, true)).catch((error: unknown) => String(error))
    return latin1(await reply)
  }
}

function latin1(reply: InsideReply): Reply {
  if (Buffer.isBuffer(reply)) return reply.toString('latin1')
  if (reply instanceof Error) return reply.message
  return Array.isArray(reply) ? reply.map(latin1) : reply
}
