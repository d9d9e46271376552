import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../server/lib/random.js'
import type { SimulatedDisk } from '../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER, freshDisk } from '../support/aof-world.js'
import { CrashingDisk } from './crashing-disk.js'

/**
 * The power goes at any moment of a backup. Whatever calls itself a backup then, by a manifest in its folder, is one: the
 * data as it was at SEAL. And the server comes back with what it would have had without the backup.
 */

const FOLDER = `${DATA_FOLDER}/backupdir`
const LOG = `${DATA_FOLDER}/appendonlydir`
const MANIFEST = 'appendonly.aof.manifest'
const SAVED = 3
const SEALED = 9
/** More than any run makes. */
const NEVER = 1_000_000
const TURNS_MAX = 500

interface Run {
  readonly disk: SimulatedDisk
  readonly changes: number
  /** The last count that was acknowledged. */
  readonly acknowledged: number
  readonly finished: boolean
}

async function begun(disk: SimulatedDisk, appendonly: string): Promise<AofWorld> {
  const world = new AofWorld({ disk, config: { appendonly, appendfsync: 'always' } })
  await world.start()
  return world
}

async function run(appendonly: string, cut: number, seed: number): Promise<Run> {
  const disk = await freshDisk(seed)
  const crashing = new CrashingDisk(disk, cut)
  const world = new AofWorld({ disk: crashing.disk, config: { appendonly, appendfsync: 'always' }, seed })
  let acknowledged = 0
  let finished = false
  const client = world.client()
  const ask = (...words: string[]): Promise<unknown> => client.execute(words, false)
  const count = async (upTo: number): Promise<void> => {
    while (acknowledged < upTo) acknowledged = Number(await ask('INCR', 'count'))
  }
  const work = async (): Promise<void> => {
    await count(SAVED)
    await ask('SAVE')
    await ask('BACKUP', 'START')
    while (((await ask('BACKUP', 'STATUS')) as string[])[1] !== 'incrementing') {
      await new Promise<void>(resolve => void world.clock.after(1, resolve))
    }
    await count(SEALED)
    await ask('BACKUP', 'SEAL')
    await count(SEALED + 3)
    await ask('BACKUP', 'CLEANUP')
    finished = true
  }
  void world.engine.start().then(() => {
    work().catch(() => undefined)
  })
  for (let turns = 0; !crashing.crashed && !finished && turns < TURNS_MAX; turns++) await world.turn()
  return { disk, changes: crashing.changes, acknowledged, finished }
}

/** What a server finds that starts on this disk. */
async function found(disk: SimulatedDisk, appendonly: string): Promise<number> {
  const world = await begun(disk, appendonly)
  const count = Number((await world.ask('GET', 'count')) ?? 0)
  disk.kill()
  return count
}

/** What the backup holds, null where there is none. */
async function restored(disk: SimulatedDisk): Promise<number | null> {
  if (!disk.existsSync(`${FOLDER}/${MANIFEST}`)) return null
  const other = await freshDisk(2)
  await other.mkdir(LOG)
  for (const name of await disk.list(FOLDER))
    await other.writeFileAtomically(`${LOG}/${name}`, await disk.readFile(`${FOLDER}/${name}`))
  return found(other, 'yes')
}

describe.each(['yes', 'no'])('a power cut during a backup with appendonly %s', appendonly => {
  test('leaves a whole backup or none, and the data', { timeout: 120_000 }, async () => {
    const { changes, finished } = await run(appendonly, NEVER, 1)
    expect(finished).toBe(true)
    const random = seededRandom(11)
    let backups = 0
    for (let cut = 1; cut <= changes; cut++) {
      const seed = 1 + random.below(1_000_000)
      const title = `cut ${cut} of ${changes}, seed ${seed}`
      const { disk, acknowledged } = await run(appendonly, cut, seed)
      const backup = await restored(disk)
      if (backup !== null) backups++
      expect([null, SEALED], title).toContain(backup)
      const count = await found(disk, appendonly)
      if (appendonly === 'yes') expect(count, title).toBeGreaterThanOrEqual(acknowledged)
      else expect([0, SAVED], title).toContain(count)
      // Who turns the log on later gets the data that there was without it.
      expect(await found(disk, 'yes'), title).toBe(count)
    }
    expect(backups).toBeGreaterThan(3)
  })
})

test('a log that was lent when the power went is the newest data there is, for who turns the log on at once', async () => {
  const { changes } = await run('no', NEVER, 1)
  let newer = 0
  for (let cut = 1; cut <= changes; cut++) {
    const { disk, acknowledged } = await run('no', cut, cut)
    const isLent = disk.existsSync(`${LOG}/${MANIFEST}`)
    const count = await found(disk, 'yes')
    if (isLent && acknowledged > SAVED) {
      newer++
      expect(count, `cut ${cut}`).toBeGreaterThanOrEqual(SAVED)
    }
    expect(await found(disk, 'yes'), `cut ${cut}`).toBe(count)
  }
  expect(newer).toBeGreaterThan(3)
})
