import { describe, expect, test } from 'vitest'
import { AOF } from '../../persistence/aof/aof.js'
import type { SimulatedDisk } from '../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER, freshDisk } from '../support/aof-world.js'

/** What an operator reads in the log of long work, and of a disk that is or gets full. */

async function begun(disk: SimulatedDisk, config: Record<string, string>): Promise<AofWorld> {
  const world = new AofWorld({ disk, config })
  await world.start()
  return world
}

async function filled(world: AofWorld, keys: number, value = 'x'): Promise<void> {
  for (let i = 0; i < keys; i++) await world.ask('SET', `key:${i}`, value)
}

const linesWith = (world: AofWorld, text: string): string[] => world.lines.filter(line => line.includes(text))

describe('the log tells every few seconds how far', () => {
  test('a snapshot has come', async () => {
    const world = await begun(await freshDisk(), { appendonly: 'no', 'rdb-key-save-delay': '200000' })
    await filled(world, 60)
    await world.ask('SAVE')
    const lines = linesWith(world, 'Snapshot in progress')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^Snapshot in progress: \d\d of 60 keys \(\d\d\.\d\d%\), 0\.00 MB written$/)
  })

  test('loading has come', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, { appendonly: 'no' })
    await filled(world, 60)
    await world.ask('SAVE')
    disk.kill()
    const next = await begun(disk, { appendonly: 'no', 'key-load-delay': '200000' })
    const lines = linesWith(next, 'Loading in progress')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^Loading in progress: \d\d\.\d\d% of \d+ bytes, 2\d keys$/)
  })

  test('and of short work nothing', async () => {
    const world = await begun(await freshDisk(), {})
    await filled(world, 60)
    await world.ask('SAVE')
    expect(linesWith(world, 'in progress')).toEqual([])
  })
})

describe('on a disk that gets full', () => {
  test('SAVE says why it failed, and the log how far it came', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, { appendonly: 'no' })
    await filled(world, 50, 'long '.repeat(1000))
    await world.ask('CONFIG', 'SET', 'rdbcompression', 'no')
    disk.capacityBytes = 100_000
    await expect(world.ask('SAVE')).rejects.toThrow(
      /^ERR Write error saving DB on disk\(write\): No space left on device$/,
    )
    expect(linesWith(world, 'The disk is full')).toHaveLength(1)
    disk.capacityBytes = Infinity
    expect(await world.ask('SAVE')).toBe('OK')
  })

  test('a save is preceded by a warning when the file before it would not fit', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, { appendonly: 'no' })
    await filled(world, 50)
    expect(await world.ask('SAVE')).toBe('OK')
    const { bytes = 0 } = (await disk.stat(`${DATA_FOLDER}/dump.rdb`)) ?? {}
    expect(linesWith(world, 'are free in')).toEqual([])
    disk.capacityBytes = bytes * 2 - 1
    await expect(world.ask('SAVE')).rejects.toThrow('No space left on device')
    expect(linesWith(world, 'may not fit')).toHaveLength(1)
  })

  test('a rewrite fails, is explained, and leaves the log as it was', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, {})
    await filled(world, 50, 'long '.repeat(1000))
    await world.ask('CONFIG', 'SET', 'rdbcompression', 'no')
    disk.capacityBytes = 300_000
    await world.ask('BGREWRITEAOF')
    expect(await world.until(world.engine.rooms.get(AOF).over)).toBe('failed')
    expect(linesWith(world, 'No space left on device').length).toBeGreaterThan(0)
    expect(linesWith(world, 'The disk is full')).toHaveLength(1)
    disk.capacityBytes = Infinity
    disk.kill()
    expect(await (await begun(disk, {})).ask('DBSIZE')).toBe(50)
  })

  test('who writes is told so until the log can be written again', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, {})
    await filled(world, 10, 'long '.repeat(1000))
    disk.capacityBytes = 80_000
    for (let i = 0; i < 20; i++) await world.turn()
    await world.ask('SET', 'one more', 'long '.repeat(10_000))
    for (let i = 0; i < 20; i++) await world.turn()
    await expect(world.ask('SET', 'k', 'v')).rejects.toThrow(
      'MISCONF Errors writing to the AOF file: No space left on device',
    )
    expect(linesWith(world, 'Error writing to the AOF file: No space left on device')).toHaveLength(1)
    disk.capacityBytes = Infinity
    for (let i = 0; i < 2000; i++) await world.turn()
    expect(await world.ask('SET', 'k', 'v')).toBe('OK')
  })
})

describe('in a folder that may not be written', () => {
  test('SAVE names file, folder and reason', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, { appendonly: 'no' })
    disk.fail({ on: 'open', code: 'EACCES' })
    await expect(world.ask('SAVE')).rejects.toThrow(
      /^ERR Failed opening the temp RDB file temp-\d+\.rdb \(in server root dir \/data\) for saving: Permission denied$/,
    )
  })

  test('a server with a log does not start, and names file and reason', async () => {
    const disk = await freshDisk()
    const world = new AofWorld({ disk })
    disk.fail({ on: 'mkdir', code: 'EACCES' })
    await expect(world.start()).rejects.toThrow(/appendonlydir: Permission denied/)
  })
})
