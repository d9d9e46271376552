import { expect, test } from 'vitest'
import { KEEPER } from '../../../persistence/rdb/keeper.js'
import { loadDataset } from '../../../persistence/rdb/part.js'
import { seededRandom } from '../../../server/lib/random.js'
import { SimulatedDisk } from '../../../server/lib/simulated-disk.js'
import { VirtualClock } from '../../../server/lib/clock.js'
import { AofWorld, slowDisk } from '../../support/aof-world.js'
import { type TestEngine, testEngine } from '../../support/engine.js'
import type { Reply } from '../../support/reply.js'
import { settled, until } from '../../support/until.js'

const SHUTDOWN = { save: 'default', now: false, force: false, reason: 'test' } as const

const info = (world: TestEngine, field: string): string => {
  const text = world.client('observer').ask('INFO persistence') as string
  return new RegExp(`^${field}:(.*)\r$`, 'm').exec(text)?.[1] ?? ''
}

/** A reply in words, errors too. */
const words = (reply: Reply): string => JSON.stringify(reply)

async function saved(world: TestEngine): Promise<void> {
  await until(world, () => info(world, 'rdb_bgsave_in_progress') === '0')
}

/** What a new server finds on the disk. */
async function restarted(disk: SimulatedDisk): Promise<TestEngine> {
  const world = testEngine({ disk, config: { save: '' } })
  await settled(world, loadDataset(world.engine))
  return world
}

async function ask(world: TestEngine, line: string): Promise<Reply> {
  const client = world.client('waiting')
  client.send(line)
  await until(world, () => client.waiting > 0)
  return client.receive().value
}

test('SAVE answers when the file is there', async () => {
  const world = testEngine({ config: { save: '' } })
  world.ask('SET a 1')
  expect(await ask(world, 'SAVE')).toBe('OK')
  expect((await restarted(world.disk)).ask('GET a')).toBe('1')
  expect(await world.disk.list('/')).toEqual(['dump.rdb'])
  expect(info(world, 'rdb_changes_since_last_save')).toBe('0')
})

test('BGSAVE saves the instant of the command', async () => {
  const world = testEngine({ config: { save: '' } })
  world.ask('SET a before')
  expect(world.ask('BGSAVE')).toBe('Background saving started')
  world.ask('SET a after')
  expect(() => void world.ask('BGSAVE')).not.toThrow()
  await saved(world)
  expect((await restarted(world.disk)).ask('GET a')).toBe('before')
  expect(info(world, 'rdb_changes_since_last_save')).toBe('1')
})

test('BGSAVE inside a transaction is scheduled, and CANCEL withdraws it', () => {
  const world = testEngine({ config: { save: '' } })
  for (const line of ['MULTI', 'BGSAVE']) world.ask(line)
  expect(world.ask('EXEC')).toEqual(['Background saving scheduled'])
  expect(world.ask('BGSAVE CANCEL')).toBe('Scheduled background saving cancelled')
  expect(words(world.ask('BGSAVE CANCEL'))).toContain('not in progress or scheduled')
})

test('a cancelled save leaves nothing behind, and the next one succeeds', async () => {
  const world = testEngine({ config: { save: '', 'rdb-key-save-delay': '1000000' } })
  for (let i = 0; i < 50; i++) world.ask(`SET key:${i} ${i}`)
  world.ask('BGSAVE')
  await until(world, () => Number(info(world, 'current_save_keys_processed')) > 0)
  expect(info(world, 'current_save_keys_total')).toBe('50')
  expect(world.ask('BGSAVE CANCEL')).toBe('Background saving cancelled')
  await saved(world)
  expect(await world.disk.list('/')).toEqual([])
  expect(info(world, 'rdb_last_bgsave_status')).toBe('ok')
  world.ask('CONFIG SET rdb-key-save-delay 0')
  world.ask('BGSAVE')
  await saved(world)
  expect((await restarted(world.disk)).ask('DBSIZE')).toBe(50)
})

test('a save point saves when so many changes are so old', async () => {
  const world = testEngine({ config: { save: '10 3' } })
  for (const key of ['a', 'b', 'c']) world.ask(`SET ${key} 1`)
  world.advance(9000)
  expect(info(world, 'rdb_saves')).toBe('0')
  world.advance(2000)
  await saved(world)
  expect(info(world, 'rdb_saves')).toBe('1')
  expect((await restarted(world.disk)).ask('DBSIZE')).toBe(3)
})

test.each([
  ['open', 'EIO'],
  ['write', 'ENOSPC'],
  ['sync', 'EIO'],
  ['rename', 'EISDIR'],
  ['syncFolder', 'EIO'],
] as const)('when %s fails in the background, writes are refused until a save succeeds', async (on, code) => {
  const world = testEngine({ config: { save: '1000 1' } })
  world.ask('SET a 1')
  world.disk.fail({ on, code })
  world.ask('BGSAVE')
  await saved(world)
  expect(info(world, 'rdb_last_bgsave_status')).toBe('err')
  expect(words(world.ask('SET a 2'))).toContain('MISCONF')
  expect(words(world.ask('PING'))).toContain('MISCONF')
  expect(world.ask('GET a')).toBe('1')
  expect(await world.disk.list('/')).not.toContain(`temp-${world.engine.facts.pid}.rdb`)
  world.ask('BGSAVE')
  await saved(world)
  expect(world.ask('SET a 2')).toBe('OK')
})

test('CONFIG SET stop-writes-on-bgsave-error no lets writes through again', async () => {
  const world = testEngine({ config: { save: '1000 1' } })
  world.disk.fail({ on: 'write', code: 'EIO' })
  world.ask('BGSAVE')
  await saved(world)
  expect(words(world.ask('SET a 2'))).toContain('MISCONF')
  world.ask('CONFIG SET stop-writes-on-bgsave-error no')
  expect(world.ask('SET a 2')).toBe('OK')
})

test('a failed save leaves the former file as it was', async () => {
  const world = testEngine({ config: { save: '' } })
  world.ask('SET a old')
  await ask(world, 'SAVE')
  world.ask('SET a new')
  world.disk.fail({ on: 'sync', code: 'EIO' })
  expect(words(await ask(world, 'SAVE'))).toContain('ERR')
  expect((await restarted(world.disk)).ask('GET a')).toBe('old')
})

test('a power cut at any moment leaves the old file or the new one', async () => {
  for (let cut = 0; cut < 60; cut++) {
    const disk = new SimulatedDisk({ random: seededRandom(cut) })
    const world = testEngine({ config: { save: '' }, disk })
    world.ask('SET a old')
    await ask(world, 'SAVE')
    world.ask('SET a new')
    world.ask('BGSAVE')
    for (let turns = 0; turns < cut; turns++) {
      world.clock.advance(0)
      await Promise.resolve()
    }
    disk.crash()
    expect((await restarted(disk)).ask('GET a')).toMatch(/old|new/)
  }
})

test('a file that is damaged stops the start with its place', async () => {
  const world = testEngine({ config: { save: '' } })
  world.ask('SET a 1')
  await ask(world, 'SAVE')
  const bytes = await world.disk.readFile('/dump.rdb')
  bytes[bytes.length - 9] = 200
  await world.disk.writeFileAtomically('/dump.rdb', bytes)
  await expect(restarted(world.disk)).rejects.toThrow(
    /^Fatal error loading the DB: .* of \/dump.rdb\)\. Exiting\.$/,
  )
})

test('while data is loaded clients are told so', async () => {
  const world = testEngine({ config: { save: '' } })
  for (let i = 0; i < 200; i++) world.ask(`SET key:${i} ${i}`)
  await ask(world, 'SAVE')
  const next = testEngine({ disk: world.disk, config: { save: '', 'key-load-delay': '1000' } })
  const start = loadDataset(next.engine)
  await until(next, () => Number(info(next, 'loading_loaded_bytes')) > 0)
  expect(words(next.ask('GET key:1'))).toContain('LOADING')
  expect(info(next, 'loading')).toBe('1')
  await settled(next, start)
  expect(info(next, 'loading')).toBe('0')
  expect(info(next, 'rdb_last_load_keys_loaded')).toBe('200')
  expect(next.ask('GET key:1')).toBe('1')
})

test('FLUSHALL ends a save that is under way', async () => {
  const world = testEngine({ config: { save: '', 'rdb-key-save-delay': '100000' } })
  for (let i = 0; i < 50; i++) world.ask(`SET key:${i} ${i}`)
  world.ask('BGSAVE')
  world.ask('FLUSHALL')
  await saved(world)
  expect(await world.disk.list('/')).toEqual([])
  expect(Number(info(world, 'rdb_changes_since_last_save'))).toBe(100)
  world.audit()
})

test('FLUSHALL with save points has saved the emptiness when it answers', async () => {
  const world = testEngine({ config: { save: '3600 100' } })
  world.ask('SET a 1')
  expect(await ask(world, 'SAVE')).toBe('OK')
  world.ask('SET b 1')
  expect(world.ask('FLUSHALL')).toBe('OK')
  expect(info(world, 'rdb_changes_since_last_save')).toBe('0')
  expect((await restarted(world.disk)).ask('DBSIZE')).toBe(0)
})

test('the end saves when there are save points, and fails when that fails', async () => {
  const world = testEngine({ config: { save: '1000 1000' } })
  world.ask('SET a 1')
  world.disk.fail({ on: 'rename', code: 'EISDIR' })
  expect(await settled(world, world.engine.stop(SHUTDOWN))).toContain("can't exit")
  expect(world.ask('SET a 2')).toBe('OK')
  expect(await settled(world, world.engine.stop(SHUTDOWN))).toBeNull()
  expect((await restarted(world.disk)).ask('GET a')).toBe('2')
})

test('the end with NOSAVE saves nothing and clears away a save under way', async () => {
  const world = testEngine({ config: { save: '1000 1000', 'rdb-key-save-delay': '100000' } })
  world.ask('SET a 1')
  world.ask('BGSAVE')
  expect(await settled(world, world.engine.stop({ ...SHUTDOWN, save: 'nosave' }))).toBeNull()
  expect(await world.disk.list('/')).toEqual([])
})

test('DEBUG RELOAD gives back what it saved', () => {
  const world = testEngine({ config: { save: '', 'enable-debug-command': 'yes' } })
  for (const line of ['SET a 1', 'SET b 2 EX 100', 'SADD s x y z']) world.ask(line)
  const digest = world.ask('DEBUG DIGEST')
  expect(world.ask('DEBUG RELOAD')).toBe('OK')
  expect(world.ask('DEBUG DIGEST')).toBe(digest)
  world.ask('SET a other')
  expect(words(world.ask('DEBUG RELOAD NOSAVE NOFLUSH'))).toContain('Error trying to load')
  expect(world.ask('DEBUG RELOAD NOSAVE NOFLUSH MERGE')).toBe('OK')
  expect(world.ask('DEBUG DIGEST')).toBe(digest)
  expect(words(world.ask('DEBUG RELOAD HARD'))).toContain('only supports')
  world.audit()
})

test('what another room wants in the file is that of the instant, and it is told of it at the next start', async () => {
  const world = testEngine({ config: { save: '' } })
  let offset = 7
  world.engine.rooms.get(KEEPER).auxSources.push(() => [
    ['repl-id', 'abc'],
    ['repl-offset', offset],
  ])
  world.ask('SET a 1')
  world.ask('BGSAVE')
  offset = 8
  await saved(world)
  const copy = testEngine({ disk: world.disk, config: { save: '' } })
  const told: string[] = []
  copy.engine.rooms.get(KEEPER).auxReaders.push(facts => {
    told.push(
      [...['repl-id', 'repl-offset'].map(name => facts.get(name)), copy.engine.keyspace.keys].join(' '),
    )
  })
  await settled(copy, loadDataset(copy.engine))
  expect(told).toEqual(['abc 7 1'])
})

test('a save point that is reached while a file is made safe waits until it has its name', async () => {
  const clock = new VirtualClock()
  const disk = await slowDisk(1, clock, 2000)
  const world = new AofWorld({ disk, clock, config: { appendonly: 'no', save: '1 1' } })
  await world.start()
  for (let second = 0; second < 30; second++) {
    await world.ask('SET', 'a', String(second))
    for (let i = 0; i < 1000; i++) await world.turn()
  }
  const told = world.lines.filter(line => line.startsWith('Background saving'))
  expect(told.length).toBeGreaterThan(6)
  for (const [at, line] of told.entries())
    expect(line).toMatch(at % 2 === 0 ? /started/ : /terminated with success/)
})
