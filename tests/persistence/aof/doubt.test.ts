import { describe, expect, test } from 'vitest'
import { AOF } from '../../../persistence/aof/aof.js'
import type { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER, freshDisk } from '../../support/aof-world.js'

/** A sync that failed may have lost what it should have saved, and later ones that succeed prove nothing. */

const FOLDER = `${DATA_FOLDER}/appendonlydir`
const FIRST = `${FOLDER}/appendonly.aof.1.incr.aof`
const SECOND = `${FOLDER}/appendonly.aof.2.incr.aof`
/** Longer than rewrites pause after the third that has failed. */
const UNTIL_TRIED_AGAIN_MS = 61_000
const SHUTDOWN = { save: 'nosave', now: false, force: false, reason: 'test' } as const

async function begun(disk: SimulatedDisk, config: Record<string, string> = {}): Promise<AofWorld> {
  const world = new AofWorld({ disk, config })
  await world.start()
  return world
}

/** What a server that starts after a power cut has under these keys. */
async function afterPowerCut(disk: SimulatedDisk, ...keys: readonly string[]): Promise<unknown> {
  disk.crash()
  return (await begun(disk, { 'aof-load-corrupt-tail-max-size': '10000' })).ask('MGET', ...keys)
}

async function pass(world: AofWorld, turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await world.turn()
}

async function info(world: AofWorld, field: string): Promise<string | undefined> {
  const lines = String(await world.ask('INFO', 'persistence')).split('\r\n')
  return lines.find(line => line.startsWith(`${field}:`))?.slice(field.length + 1)
}

/** `safe` is on disk. `lost` is written, its sync fails, and no rewrite can make it good: no second file can be opened. */
async function inDoubt(disk: SimulatedDisk, config: Record<string, string> = {}): Promise<AofWorld> {
  const world = await begun(disk, config)
  await world.ask('SET', 'safe', '1')
  await world.ask('WAITAOF', '1', '0', '0')
  disk.fail({ on: 'sync', code: 'EIO', path: FIRST })
  disk.fail({ on: 'open', code: 'EIO', path: SECOND, times: Infinity })
  await world.ask('SET', 'lost', '1')
  await pass(world, 1500)
  return world
}

describe('after a sync that failed, everysec', () => {
  test('later syncs that succeed acknowledge nothing, and a power cut shows why', async () => {
    const disk = await freshDisk()
    const world = await inDoubt(disk)
    const { appender } = world.engine.rooms.get(AOF)
    const { synced } = appender
    await pass(world, 5000)
    await world.ask('SET', 'later', '1')
    await pass(world, 5000)
    expect(appender.file.isUnsynced).toBe(false)
    expect(appender.synced).toBe(synced)
    expect(await world.ask('WAITAOF', '1', '0', '100')).toEqual([0, 0])
    expect(await afterPowerCut(disk, 'safe', 'lost')).toEqual(['1', null])
  })

  test('who waits is told when the log has a new base, and no power cut takes it then', async () => {
    const disk = await freshDisk()
    const world = await inDoubt(disk)
    await world.ask('SET', 'later', '1')
    const waiting = world.client().execute(['WAITAOF', '1', '0', '0'], false)
    disk.mend()
    await pass(world, UNTIL_TRIED_AGAIN_MS)
    expect(await waiting).toEqual([1, 0])
    expect(await afterPowerCut(disk, 'safe', 'lost', 'later')).toEqual(['1', '1', '1'])
  })

  test('writes go on, and INFO says that the log is not what it should be until it is', async () => {
    const disk = await freshDisk()
    const world = await inDoubt(disk)
    expect(await world.ask('SET', 'later', '1')).toBe('OK')
    expect(await info(world, 'aof_last_write_status')).toBe('err')
    expect(await info(world, 'aof_rewrite_scheduled')).toBe('1')
    disk.mend()
    await pass(world, UNTIL_TRIED_AGAIN_MS)
    expect(await info(world, 'aof_last_write_status')).toBe('ok')
    expect(await info(world, 'aof_rewrite_scheduled')).toBe('0')
  })

  test('a rewrite that fails is tried again', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    disk.fail({ on: 'sync', code: 'EIO', path: FIRST })
    disk.fail({ on: 'rename', code: 'EIO' })
    await world.ask('SET', 'lost', '1')
    expect(await world.ask('WAITAOF', '1', '0', '0')).toEqual([1, 0])
    expect(await info(world, 'aof_rewrites')).toBe('2')
    expect(await afterPowerCut(disk, 'lost')).toEqual(['1'])
  })

  test('always is promised again when the doubt is over: writes are refused until then', async () => {
    const disk = await freshDisk()
    const world = await inDoubt(disk)
    await world.ask('CONFIG', 'SET', 'appendfsync', 'always')
    await expect(world.ask('SET', 'a', '1')).rejects.toThrow('MISCONF Errors writing to the AOF file: ')
    disk.mend()
    await pass(world, UNTIL_TRIED_AGAIN_MS)
    expect(await world.ask('SET', 'a', '1')).toBe('OK')
    expect(await afterPowerCut(disk, 'lost', 'a')).toEqual(['1', '1'])
  })

  test('an end is refused until the log is whole, unless it is forced', async () => {
    const disk = await freshDisk()
    const world = await inDoubt(disk)
    expect(await world.until(world.engine.stop(SHUTDOWN))).toBe('the append-only file is not safe on disk')
    disk.mend()
    await pass(world, UNTIL_TRIED_AGAIN_MS)
    expect(await world.until(world.engine.stop(SHUTDOWN))).toBeNull()
    expect(await afterPowerCut(disk, 'safe', 'lost')).toEqual(['1', '1'])
    const other = await inDoubt(await freshDisk())
    expect(await other.until(other.engine.stop({ ...SHUTDOWN, force: true }))).toBeNull()
  })
})

describe('an end whose last', () => {
  test.each(['sync', 'write'] as const)(
    '%s fails is refused, and what memory has is written anew',
    async on => {
      const disk = await freshDisk()
      const world = await begun(disk)
      await world.ask('SET', 'safe', '1')
      await world.ask('WAITAOF', '1', '0', '0')
      await world.ask('DEBUG', 'AOF-FLUSH-SLEEP', '1')
      disk.fail({ on, code: 'EIO', path: FIRST, times: 2 })
      const end = world.ask('SET', 'last', '1').then(() => world.engine.stop(SHUTDOWN))
      expect(await world.until(end)).toBe('the append-only file is not safe on disk')
      await pass(world, 1000)
      expect(await world.ask('SET', 'later', '1')).toBe('OK')
      expect(await world.until(world.engine.stop(SHUTDOWN))).toBeNull()
      expect(await afterPowerCut(disk, 'safe', 'last', 'later')).toEqual(['1', '1', '1'])
    },
  )
})

describe('when an end is refused because the last sync failed', () => {
  async function refused(disk: SimulatedDisk): Promise<AofWorld> {
    const world = await begun(disk)
    await world.ask('SET', 'safe', '1')
    await world.ask('WAITAOF', '1', '0', '0')
    disk.fail({ on: 'sync', code: 'EIO', path: FIRST, times: 2 })
    disk.fail({ on: 'open', code: 'EIO', path: SECOND, times: Infinity })
    const end = world.ask('SET', 'last', '1').then(() => world.engine.stop(SHUTDOWN))
    expect(await world.until(end)).toBe('the append-only file is not safe on disk')
    return world
  }

  test('the old file is tried again though nobody writes and no rewrite succeeds', async () => {
    const disk = await freshDisk()
    const world = await refused(disk)
    await pass(world, 5000)
    expect(world.engine.rooms.get(AOF).trouble).toBeNull()
    expect(await world.ask('SET', 'later', '1')).toBe('OK')
  })

  test('a file that could not be opened is tried again, and a rewrite that comes meanwhile loses nothing', async () => {
    const disk = await freshDisk()
    const world = await refused(disk)
    disk.fail({ on: 'open', code: 'EIO', path: FIRST, times: 3 })
    const reply = world.client().execute(['SET', 'later', '1'], false).catch(String)
    await pass(world, 5000)
    disk.mend()
    await pass(world, UNTIL_TRIED_AGAIN_MS)
    await world.until(reply)
    expect(await world.ask('SET', 'final', '1')).toBe('OK')
    expect(await world.ask('WAITAOF', '1', '0', '0')).toEqual([1, 0])
    expect(await afterPowerCut(disk, 'safe', 'last', 'final')).toEqual(['1', '1', '1'])
  })
})

test('after a sync that failed others are tried though appendfsync has become no', async () => {
  const disk = await freshDisk()
  const world = await inDoubt(disk)
  disk.fail({ on: 'sync', code: 'EIO', path: FIRST, times: 3 })
  await world.ask('SET', 'more', '1')
  await pass(world, 1500)
  expect(world.engine.rooms.get(AOF).trouble).toContain('EIO')
  await world.ask('CONFIG', 'SET', 'appendfsync', 'no')
  await pass(world, 5000)
  expect(world.engine.rooms.get(AOF).trouble).toBeNull()
})

test('no second sync of a file begins beside one that takes long', async () => {
  const disk = await freshDisk()
  const world = await begun(disk)
  const { appender } = world.engine.rooms.get(AOF)
  await world.ask('SET', 'a', '1')
  await pass(world, 10)
  let syncs = 0
  let finish: () => void = () => undefined
  const sync = appender.file.sync.bind(appender.file)
  appender.file.sync = async () => {
    syncs++
    await new Promise<void>(resolve => (finish = resolve))
    return sync()
  }
  const rewriting = world.client().execute(['BGREWRITEAOF'], false)
  await pass(world, 3000)
  expect(syncs).toBe(1)
  appender.file.sync = sync
  finish()
  await world.until(rewriting)
  expect(await world.ask('WAITAOF', '1', '0', '0')).toEqual([1, 0])
})
