import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import { AofWorld, freshDisk } from '../support/aof-world.js'
import { CrashingDisk } from './crashing-disk.js'

/**
 * The power goes after every change that a server makes on its disk, in turn; the server starts again on what is left.
 * The workload counts up, keeps two keys equal in transactions, grows a list, and rewrites the log in between.
 */

const ROUNDS = 12
/** More than any run makes. */
const NEVER = 1_000_000

/** The highest count that a client was told of. */
interface Witness {
  acknowledged: number
  finished: boolean
}

function work(world: AofWorld, witness: Witness): void {
  const client = world.client()
  const other = world.client()
  const ask = (...words: string[]): Promise<unknown> => client.execute(words, false)
  const mention = (...words: string[]): void => void other.execute(words, false).catch(() => undefined)
  const run = async (): Promise<void> => {
    for (let round = 1; round <= ROUNDS; round++) {
      mention('RPUSH', 'list', `${round}`)
      void ask('MULTI')
      void ask('SET', 'left', `${round}`)
      void ask('SET', 'right', `${round}`)
      await ask('EXEC')
      witness.acknowledged = Number(await ask('INCR', 'count'))
      if (round % 5 === 0) mention('BGREWRITEAOF')
    }
    witness.finished = true
  }
  run().catch(() => undefined)
}

/** Works until the power goes, or all is done. Answers how many changes of the disk that took. */
async function runUntilCut(config: Record<string, string>, cut: number, seed: number) {
  const real = await freshDisk(seed)
  const crashing = new CrashingDisk(real, cut)
  const world = new AofWorld({ disk: crashing.disk, config, seed })
  const witness: Witness = { acknowledged: 0, finished: false }
  let started = false
  void world.engine.start().then(() => {
    started = true
    work(world, witness)
  })
  for (let turns = 0; !crashing.crashed && turns < 600; turns++) await world.turn()
  return { real, witness, started, changes: crashing.changes }
}

async function look(disk: Awaited<ReturnType<typeof freshDisk>>, config: Record<string, string>) {
  const world = new AofWorld({ disk, config })
  await world.start()
  const count = Number((await world.ask('GET', 'count')) ?? 0)
  const left = await world.ask('GET', 'left')
  const right = await world.ask('GET', 'right')
  return {
    count,
    left: Number(left ?? 0),
    right: Number(right ?? 0),
    list: Number(await world.ask('LLEN', 'list')),
  }
}

describe.each([
  ['always', 'yes'],
  ['always', 'no'],
  ['everysec', 'yes'],
])('a power cut with appendfsync %s (preamble %s)', (policy, preamble) => {
  const config = { appendfsync: policy, 'aof-use-rdb-preamble': preamble, hz: '10' }

  test('leaves a log that loads, at any moment', { timeout: 300_000 }, async () => {
    const whole = await runUntilCut(config, NEVER, 1)
    expect(whole.witness.finished).toBe(true)
    const random = seededRandom(7)
    for (let cut = 1; cut <= whole.changes; cut++) {
      const seed = 1 + random.below(1_000_000)
      const where = `cut ${cut} of ${whole.changes}, seed ${seed}`
      const { real, witness } = await runUntilCut(config, cut, seed)
      const found = await look(real, config)
      expect(found.left, where).toBe(found.right)
      expect(found.count, where).toBeGreaterThanOrEqual(found.left - 1)
      expect(found.count, where).toBeLessThanOrEqual(found.left)
      if (policy === 'always') expect(found.count, where).toBeGreaterThanOrEqual(witness.acknowledged)
    }
  })
})
