import { describe, expect, test } from 'vitest'
import type { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { AofWorld, DATA_FOLDER, freshDisk } from '../../support/aof-world.js'

const FOLDER = `${DATA_FOLDER}/appendonlydir`
const INCREMENTAL = `${FOLDER}/appendonly.aof.1.incr.aof`
const MANIFEST = `${FOLDER}/appendonly.aof.manifest`

async function begun(disk: SimulatedDisk, config: Record<string, string> = {}): Promise<AofWorld> {
  const world = new AofWorld({ disk, config })
  await world.start()
  return world
}

/** What a server that starts on this disk has under a key. */
async function reloaded(
  disk: SimulatedDisk,
  key: string,
  config: Record<string, string> = {},
): Promise<unknown> {
  disk.kill()
  return (await begun(disk, config)).ask('GET', key)
}

async function text(disk: SimulatedDisk, path: string): Promise<string> {
  return (await disk.readFile(path)).toString('latin1')
}

/** A data folder whose log is this one incremental file. */
async function withLog(bytes: string, seed = 1): Promise<SimulatedDisk> {
  const disk = await freshDisk(seed)
  await disk.mkdir(FOLDER)
  await disk.writeFileAtomically(INCREMENTAL, Buffer.from(bytes, 'latin1'))
  await disk.writeFileAtomically(MANIFEST, Buffer.from('file appendonly.aof.1.incr.aof seq 1 type i\n'))
  return disk
}

function encoded(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map(word => `$${word.length}\r\n${word}\r\n`).join('')}`
}

/** With `always`, on a disk that has answered so soon that the loop waits for it. */
async function provedQuick(disk: SimulatedDisk): Promise<AofWorld> {
  const world = await begun(disk, { appendfsync: 'always' })
  for (let count = 0; count < 20; count++) await world.ask('INCR', 'a')
  return world
}

async function ended(world: AofWorld): Promise<void> {
  await world.until(world.engine.stop({ save: 'nosave', now: false, force: false, reason: 'test' }))
}

describe('an empty server', () => {
  test('begins with an empty base and an incremental file', async () => {
    const disk = await freshDisk()
    await begun(disk)
    expect(await text(disk, MANIFEST)).toBe(
      'file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
    )
  })

  test('logs effects as they happened, with SELECT where the database changes', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    await world.ask('SET', 'a', '1')
    await world.ask('SELECT', '3')
    await world.ask('INCRBYFLOAT', 'b', '1.5')
    await world.ask('MULTI')
    await world.ask('SET', 'c', '1')
    await world.ask('SET', 'd', '1')
    await world.ask('EXEC')
    await ended(world)
    expect(await text(disk, INCREMENTAL)).toBe(
      encoded('SELECT', '0') +
        encoded('SET', 'a', '1') +
        encoded('SELECT', '3') +
        encoded('SET', 'b', '1.5', 'KEEPTTL') +
        encoded('MULTI') +
        encoded('SET', 'c', '1') +
        encoded('SET', 'd', '1') +
        encoded('EXEC'),
    )
  })

  test('notes the time where aof-timestamp-enabled wants it', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, { 'aof-timestamp-enabled': 'yes' })
    await world.ask('SET', 'a', '1')
    await ended(world)
    expect(await text(disk, INCREMENTAL)).toMatch(/^#TS:\d+\r\n\*2/)
    expect(await reloaded(disk, 'a')).toBe('1')
  })
})

describe('a server that finds', () => {
  test('a log goes on where it ends', async () => {
    const disk = await withLog(encoded('SET', 'a', '1'))
    const world = await begun(disk)
    await world.ask('INCR', 'a')
    await ended(world)
    expect(await reloaded(disk, 'a')).toBe('2')
  })

  test('a snapshot and no log loads it and makes it the base', async () => {
    const disk = await freshDisk()
    const before = await begun(disk, { appendonly: 'no' })
    await before.ask('SET', 'a', '1')
    await before.ask('SAVE')
    disk.kill()
    const world = await begun(disk)
    expect(await world.ask('GET', 'a')).toBe('1')
    await disk.unlink(`${DATA_FOLDER}/dump.rdb`)
    expect(await reloaded(disk, 'a')).toBe('1')
  })

  test('a single file of the time before manifests takes it in', async () => {
    const disk = await freshDisk()
    await disk.writeFileAtomically(`${DATA_FOLDER}/appendonly.aof`, Buffer.from(encoded('SET', 'a', '1')))
    const world = await begun(disk)
    expect(await world.ask('GET', 'a')).toBe('1')
    expect(await text(disk, MANIFEST)).toBe(
      'file appendonly.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n',
    )
  })

  test('keys that were due long ago does not let them die before the log has been read', async () => {
    const log = encoded('RPUSH', 'l', 'a') + encoded('PEXPIREAT', 'l', '1000') + encoded('RPUSH', 'l', 'b')
    const world = await begun(await withLog(log))
    expect(await world.ask('LLEN', 'l')).toBe(0)
  })
})

describe('a log that ends', () => {
  const whole = encoded('SET', 'a', '1')

  test.each([
    ['within a command', whole + encoded('SET', 'a', '2').slice(0, -1)],
    ['within a header', `${whole}*3\r\n$3`],
    ['within a transaction', whole + encoded('MULTI') + encoded('SET', 'a', '2')],
    ['in NULs', whole + '\0'.repeat(5000)],
    ['in a command and NULs', whole + encoded('SET', 'a', '2').slice(0, -4) + '\0'.repeat(5000)],
  ])('%s is cut off there', async (_where, log) => {
    const disk = await withLog(log)
    expect(await reloaded(disk, 'a')).toBe('1')
    expect((await text(disk, INCREMENTAL)).slice(0, whole.length + 1)).toBe(whole)
  })

  test('within a command is refused when aof-load-truncated is no', async () => {
    const disk = await withLog(whole + encoded('SET', 'a', '2').slice(0, -1))
    await expect(begun(disk, { 'aof-load-truncated': 'no' })).rejects.toThrow(
      /^Unexpected end of file reading/,
    )
  })

  test('in garbage is refused, or cut off when it is no longer than allowed', async () => {
    const log = `${whole}!!!garbage`
    await expect(begun(await withLog(log))).rejects.toThrow(/^Bad file format reading the append only file/)
    const config = { 'aof-load-corrupt-tail-max-size': '10' }
    expect(await (await begun(await withLog(log), config)).ask('GET', 'a')).toBe('1')
    await expect(begun(await withLog(`${log}!`), config)).rejects.toThrow(/^Bad file format/)
  })
})

describe('a log that is damaged in its middle', () => {
  test('is refused, and the log says where', async () => {
    const disk = await withLog(encoded('SET', 'a', '1') + '!!!' + encoded('SET', 'b', '1'))
    const world = new AofWorld({ disk })
    await expect(world.start()).rejects.toThrow(/^Bad file format reading the append only file/)
    expect(world.lines).toContain(
      'The AOF file appendonly.aof.1.incr.aof is damaged at offset 27, 30 bytes from its end',
    )
  })

  test('by a command that there is not is refused by its name', async () => {
    const disk = await withLog(encoded('BLA', 'a', '1'))
    await expect(begun(disk)).rejects.toThrow(/^Unknown command 'BLA' reading the append only file/)
  })
})

describe('a rewrite', () => {
  test.each(['yes', 'no'])('keeps all data (preamble %s)', async preamble => {
    const disk = await freshDisk()
    const world = await begun(disk, { 'aof-use-rdb-preamble': preamble })
    await world.ask('SET', 's', 'text')
    await world.ask('RPUSH', 'l', ...Array.from({ length: 150 }, (_, i) => `${i}`))
    await world.ask('SADD', 'set', '1', '2', 'x')
    await world.ask('HSET', 'h', 'f', 'v')
    await world.ask('ZADD', 'z', '1.5', 'm')
    await world.ask('SET', 'timed', '1', 'PX', '1000000')
    await world.ask('SELECT', '5')
    await world.ask('SET', 'other', '1')
    const digest = await world.ask('DEBUG', 'DIGEST')
    expect(await world.ask('BGREWRITEAOF')).toBe('Background append only file rewriting started')
    await world.ask('SET', 'after', '1')
    await world.ask('DEL', 'after')
    while (/aof_rewrite_in_progress:1/.test(String(await world.ask('INFO', 'persistence'))))
      await world.turn()
    expect(await text(disk, MANIFEST)).toMatch(
      /\.2\.base\.(rdb|aof) seq 2 type b\n.*\.2\.incr\.aof seq 2 type i\n$/,
    )
    await ended(world)
    disk.kill()
    expect(await (await begun(disk)).ask('DEBUG', 'DIGEST')).toBe(digest)
  })

  test('that fails leaves one incremental file more, and all data', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    await world.ask('SET', 'a', '1')
    disk.fail({ on: 'rename', code: 'EIO', path: `${FOLDER}/temp-${world.engine.facts.pid}.rdb` })
    await world.ask('BGREWRITEAOF')
    await world.ask('SET', 'b', '1')
    while (/aof_rewrite_in_progress:1/.test(String(await world.ask('INFO', 'persistence'))))
      await world.turn()
    expect(await world.ask('INFO', 'persistence')).toContain('aof_last_bgrewrite_status:err')
    expect((await text(disk, MANIFEST)).split('\n')).toHaveLength(4)
    await ended(world)
    expect(await reloaded(disk, 'b')).toBe('1')
  })
})

describe('CONFIG SET appendonly', () => {
  test('yes begins with a rewrite, no leaves the files', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, { appendonly: 'no' })
    await world.ask('SET', 'a', '1')
    await world.ask('CONFIG', 'SET', 'appendonly', 'yes')
    await world.ask('SET', 'a', '2')
    while (/aof_rewrite_in_progress:1/.test(String(await world.ask('INFO', 'persistence'))))
      await world.turn()
    expect(await world.ask('WAITAOF', '1', '0', '0')).toEqual([1, 0])
    await world.ask('CONFIG', 'SET', 'appendonly', 'no')
    await world.ask('SET', 'a', '3')
    disk.crash()
    expect(await reloaded(disk, 'a')).toBe('2')
  })
})

describe('appendfsync always', () => {
  test('answers who wrote when it is safe, and others meanwhile', async () => {
    const disk = await freshDisk()
    const world = await begun(disk, { appendfsync: 'always' })
    await world.ask('DEBUG', 'AOF-FLUSH-SLEEP', '50000')
    const writer = world.client()
    const order: string[] = []
    const written = writer.execute(['SET', 'a', '1'], false).then(() => order.push('written'))
    const behind = writer.execute(['GET', 'a'], false).then(reply => order.push(`then read ${String(reply)}`))
    const read = world
      .client()
      .execute(['PING'], false)
      .then(() => order.push('pinged'))
    await world.until(Promise.all([written, behind, read]))
    expect(order).toEqual(['pinged', 'written', 'then read 1'])
    disk.crash()
    expect(await reloaded(disk, 'a')).toBe('1')
  })

  test('answers in the turn of the write where the disk has proved quick', async () => {
    const disk = await freshDisk()
    const world = await provedQuick(disk)
    let answered = false
    void world
      .client()
      .execute(['SET', 'a', 'safe'], false)
      .then(() => {
        answered = true
      })
    await world.turn()
    expect(answered).toBe(true)
    disk.crash()
    expect(await reloaded(disk, 'a')).toBe('safe')
  })

  test('answers nobody any more after a sync on the loop has failed', async () => {
    const disk = await freshDisk()
    const world = await provedQuick(disk)
    disk.fail({ on: 'sync', code: 'EIO', path: INCREMENTAL })
    const answers: unknown[] = []
    const write = (key: string): void =>
      void world
        .client()
        .execute(['SET', key, '1'], false)
        .then(
          answer => answers.push(answer),
          () => undefined,
        )
    write('lost')
    await world.turn()
    expect(world.failed).toMatch(/fsync error/)
    write('later')
    for (let turns = 0; turns < 10; turns++) await world.turn()
    expect(answers).toEqual([])
  })

  test.each(['write', 'sync'] as const)('ends the server when a %s fails', async on => {
    const disk = await freshDisk()
    const world = await begun(disk, { appendfsync: 'always' })
    disk.fail({ on, code: 'EIO', path: INCREMENTAL, times: 2 })
    let answered = false
    void world
      .client()
      .execute(['SET', 'a', '1'], false)
      .then(() => {
        answered = true
      })
    for (let turns = 0; turns < 10; turns++) await world.turn()
    expect(world.failed).toMatch(/Exiting\.\.\.$/)
    expect(answered).toBe(false)
  })
})

describe('appendfsync everysec', () => {
  test('refuses writes while the disk is full, and goes on when it is not', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    await world.ask('SET', 'a', '1')
    await world.turn()
    disk.fail({ on: 'write', code: 'ENOSPC', path: INCREMENTAL, times: 3 })
    await world.ask('SET', 'a', '2')
    for (let turns = 0; turns < 10; turns++) await world.turn()
    await expect(world.ask('SET', 'a', '3')).rejects.toThrow(
      'MISCONF Errors writing to the AOF file: No space left on device',
    )
    await expect(world.ask('PING')).rejects.toThrow('MISCONF')
    expect(await world.ask('GET', 'a')).toBe('2')
    for (let turns = 0; turns < 3000; turns++) await world.turn()
    expect(await world.ask('SET', 'a', '4')).toBe('OK')
    expect(world.lines).toContain('AOF write error looks solved, Redis can write again.')
    await ended(world)
    expect(await reloaded(disk, 'a')).toBe('4')
  })

  test('has written what it answers', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    for (const value of ['1', '2', '3']) {
      await world.ask('SET', 'a', value)
      expect(await text(disk, INCREMENTAL)).toContain(encoded('SET', 'a', value))
    }
  })

  test('where that takes time: writes after a pause, and then together what 5 ms bring', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    await world.ask('DEBUG', 'AOF-FLUSH-SLEEP', '1')
    for (let turns = 0; turns < 10; turns++) await world.turn()
    const sizes: number[] = []
    for (const value of ['1', '2', '3', '4']) {
      await world.ask('SET', 'a', value)
      sizes.push((await disk.readFile(INCREMENTAL)).length)
    }
    for (let turns = 0; turns < 10; turns++) await world.turn()
    sizes.push((await disk.readFile(INCREMENTAL)).length)
    const [select, set] = [encoded('SELECT', '0').length, encoded('SET', 'a', '1').length]
    expect(new Set(sizes)).toEqual(new Set([select + set, select + 4 * set]))
  })

  test('loses nothing older than a second and the sync that was under way', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    await world.ask('SET', 'a', '1')
    for (let turns = 0; turns < 1300; turns++) await world.turn()
    await world.ask('SET', 'a', '2')
    disk.crash()
    expect(['1', '2']).toContain(await reloaded(disk, 'a'))
  })

  test('WAITAOF waits for the next sync', async () => {
    const disk = await freshDisk()
    const world = await begun(disk)
    await world.ask('SET', 'a', '1')
    expect(await world.ask('WAITAOF', '1', '0', '10')).toEqual([0, 0])
    expect(await world.ask('WAITAOF', '1', '0', '0')).toEqual([1, 0])
    disk.crash()
    expect(await reloaded(disk, 'a')).toBe('1')
  })
})

test('DEBUG LOADAOF brings back what was logged', async () => {
  const disk = await freshDisk()
  const world = await begun(disk)
  await world.ask('SET', 'a', '1')
  expect(await world.ask('DEBUG', 'LOADAOF')).toBe('OK')
  expect(await world.ask('GET', 'a')).toBe('1')
  await world.ask('INCR', 'a')
  await ended(world)
  expect(await reloaded(disk, 'a')).toBe('2')
})
