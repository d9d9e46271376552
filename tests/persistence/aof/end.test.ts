import { describe, expect, test } from 'vitest'
import { AOF } from '../../../persistence/aof/aof.js'
import type { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER, freshDisk } from '../../support/aof-world.js'

/** Ends that come, ends that are refused, and a log that is turned off. */

const LOG = `${DATA_FOLDER}/appendonlydir/appendonly.aof.1.incr.aof`
const SHUTDOWN = { save: 'nosave', now: false, force: false, reason: 'test' } as const

async function begun(disk: SimulatedDisk, config: Record<string, string> = {}): Promise<AofWorld> {
  const world = new AofWorld({ disk, config })
  await world.start()
  return world
}

/** What a server that starts on this disk has under a key. */
async function reloaded(disk: SimulatedDisk, key: string): Promise<unknown> {
  disk.kill()
  return (await begun(disk)).ask('GET', key)
}

async function pass(world: AofWorld, turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await world.turn()
}

describe('an end that was refused when the log had been closed already', () => {
  async function refused(disk: SimulatedDisk, config: Record<string, string> = {}): Promise<AofWorld> {
    const part = { name: 'refusal', stop: () => Promise.resolve('not yet') }
    const world = new AofWorld({ disk, config, part })
    await world.start()
    await world.ask('SET', 'a', '1')
    expect(await world.until(world.engine.stop(SHUTDOWN))).toBe('not yet')
    return world
  }

  test.each(['everysec', 'always', 'no'])(
    'loses nothing that is written then, appendfsync %s',
    async appendfsync => {
      const disk = await freshDisk()
      const world = await refused(disk, { appendfsync })
      expect(await world.ask('INCR', 'a')).toBe(2)
      await pass(world, 10)
      expect(await reloaded(disk, 'a')).toBe('2')
    },
  )

  test('answers nobody whose write could still be lost with its end', async () => {
    const disk = await freshDisk()
    const world = await refused(disk, { appendfsync: 'always' })
    disk.fail({ on: 'open', code: 'EIO', path: LOG, times: 3 })
    let answered = false
    const reply = world
      .client()
      .execute(['SET', 'a', '2'], false)
      .then(() => {
        answered = true
      })
    await pass(world, 250)
    expect(answered).toBe(false)
    await world.until(reply)
    disk.crash()
    expect(await reloaded(disk, 'a')).toBe('2')
  })

  test('refuses writes while the file cannot be opened, says why, and tries again', async () => {
    const disk = await freshDisk()
    const world = await refused(disk)
    disk.fail({ on: 'open', code: 'EACCES', path: LOG, times: 5 })
    const first = world.client().execute(['SET', 'a', '2'], false)
    await pass(world, 250)
    await expect(world.ask('SET', 'a', '3')).rejects.toThrow(
      /MISCONF Errors writing to the AOF file: .*Permission denied/,
    )
    expect(world.lines.filter(line => line.startsWith('Error opening the AOF file'))).toHaveLength(1)
    await world.until(first)
    expect(await world.ask('SET', 'a', '4')).toBe('OK')
    await pass(world, 10)
    expect(await reloaded(disk, 'a')).toBe('4')
  })

  test('can be asked for again', async () => {
    const disk = await freshDisk()
    const world = await refused(disk)
    await world.until(world.client().execute(['INCR', 'a'], false))
    expect(await world.until(world.engine.stop(SHUTDOWN))).toBe('not yet')
    disk.crash()
    expect(await reloaded(disk, 'a')).toBe('2')
  })
})

test('an end that is refused because the snapshot failed leaves the log open', async () => {
  const disk = await freshDisk()
  const world = await begun(disk)
  await world.ask('SET', 'a', '1')
  disk.fail({ on: 'rename', code: 'EIO' })
  expect(await world.until(world.engine.stop({ ...SHUTDOWN, save: 'save' }))).toContain("can't exit")
  expect(await world.ask('INCR', 'a')).toBe(2)
  await pass(world, 10)
  expect(await reloaded(disk, 'a')).toBe('2')
})

test('an end does not wait for the rewrite under way before it saves', async () => {
  const disk = await freshDisk()
  const world = await begun(disk, { save: '1000 1' })
  await world.ask('SET', 'a', '1')
  await world.ask('CONFIG', 'SET', 'rdb-key-save-delay', '30000000')
  await world.ask('BGREWRITEAOF')
  await pass(world, 100)
  await world.ask('CONFIG', 'SET', 'rdb-key-save-delay', '0')
  const begunMs = world.clock.wallMs()
  expect(await world.until(world.engine.stop({ ...SHUTDOWN, save: 'default' }))).toBeNull()
  expect(world.clock.wallMs() - begunMs).toBeLessThan(1000)
  expect(world.lines).toContain('There is a child rewriting the AOF. Killing it!')
  expect(await reloaded(disk, 'a')).toBe('1')
})

test('an end is refused at once while the first base is written, before anything is saved, unless it is forced', async () => {
  const disk = await freshDisk()
  const world = await begun(disk, { appendonly: 'no', save: '1000 1', 'rdb-key-save-delay': '30000000' })
  await world.ask('SET', 'a', '1')
  await world.ask('CONFIG', 'SET', 'appendonly', 'yes')
  const begunMs = world.clock.wallMs()
  const reason = await world.until(world.engine.stop({ ...SHUTDOWN, save: 'default' }))
  expect(reason).toBe('the initial AOF is being written')
  expect(world.clock.wallMs() - begunMs).toBeLessThan(1000)
  expect(disk.existsSync(`${DATA_FOLDER}/dump.rdb`)).toBe(false)
  expect(await world.until(world.engine.stop({ ...SHUTDOWN, force: true }))).toBeNull()
})

test('what is written while the log settles is waited for as well', async () => {
  const disk = await freshDisk()
  const world = await begun(disk)
  const { appender } = world.engine.rooms.get(AOF)
  await world.ask('DEBUG', 'AOF-FLUSH-SLEEP', '20000')
  await world.ask('SET', 'a', '1')
  const settled = appender.settle()
  for (let i = 0; i < 5; i++) await world.ask('INCR', 'a')
  await world.until(settled)
  expect(appender.pending).toBe(0)
  expect(await reloaded(disk, 'a')).toBe('6')
})

describe('CONFIG SET appendonly no', () => {
  test('is answered though the disk is full, and lets clients write again', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    await world.ask('SET', 'a', '1')
    await pass(world, 10)
    disk.capacityBytes = 0
    await world.ask('SET', 'a', '2')
    await pass(world, 20)
    await expect(world.ask('SET', 'a', '3')).rejects.toThrow('No space left on device')
    expect(await world.ask('CONFIG', 'SET', 'appendonly', 'no')).toBe('OK')
    expect(await world.ask('SET', 'a', '4')).toBe('OK')
    disk.capacityBytes = Infinity
    expect(await world.ask('CONFIG', 'SET', 'appendonly', 'yes')).toBe('OK')
    await world.until(world.engine.rooms.get(AOF).over)
    await world.ask('INCR', 'a')
    await pass(world, 10)
    expect(await reloaded(disk, 'a')).toBe('5')
  })
})

describe('while data is being loaded', () => {
  async function saved(config: Record<string, string>): Promise<SimulatedDisk> {
    const disk = await freshDisk()
    const world = await begun(disk, config)
    for (let i = 0; i < 100; i++) await world.ask('SET', `key:${i}`, 'x')
    if (config.appendonly === 'no') await world.ask('SAVE')
    await pass(world, 10)
    disk.kill()
    return disk
  }

  test.each(['yes', 'no'])(
    'SAVE and BGSAVE are put off, and so is nothing else done, appendonly %s',
    async appendonly => {
      const disk = await saved({ appendonly })
      const world = new AofWorld({ disk, config: { appendonly, 'key-load-delay': '100000' } })
      const started = world.start()
      await pass(world, 100)
      await expect(world.ask('SAVE')).rejects.toThrow('LOADING')
      await expect(world.ask('BGSAVE')).rejects.toThrow('LOADING')
      await world.until(started)
      expect(await world.ask('DBSIZE')).toBe(100)
    },
  )

  test.each(['yes', 'no'])('an end breaks that off and saves nothing, appendonly %s', async appendonly => {
    const disk = await saved({ appendonly })
    const files = await contents(disk)
    const config = { appendonly, 'key-load-delay': '100000', save: '1 1' }
    const world = new AofWorld({ disk, config })
    const started = world.start().catch((error: unknown) => String(error))
    await pass(world, 500)
    expect(await world.until(world.engine.stop({ ...SHUTDOWN, save: 'default' }))).toBeNull()
    expect(await world.until(started)).toContain('loading was broken off')
    expect(world.engine.keyspace.keys).toBeLessThan(100)
    await pass(world, 5000)
    expect(await contents(disk)).toEqual(files)
  })
})

/** All files and what is in them. */
async function contents(disk: SimulatedDisk): Promise<string[]> {
  const found: string[] = []
  for (const folder of [DATA_FOLDER, `${DATA_FOLDER}/appendonlydir`]) {
    for (const name of disk.existsSync(folder) ? await disk.list(folder) : []) {
      const path = `${folder}/${name}`
      if ((await disk.stat(path))?.kind === 'file')
        found.push(`${path} ${(await disk.readFile(path)).toString('latin1')}`)
    }
  }
  return found
}
