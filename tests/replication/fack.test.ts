import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, test } from 'vitest'
import { AOF } from '../../persistence/aof/aof.js'
import { startServer } from '../../server/index.js'
import { AofWorld, freshDisk } from '../support/aof-world.js'
import { temporaryFolder } from '../support/program.js'
import { encodeRequest } from '../support/request.js'
import { eventually } from './eventually.js'
import { PoliteMaster } from './polite-master.js'

/** What a replica with an append-only file says of its disk, and when, by the clock of the simulator. */

const WRITE = encodeRequest('SET a 1')
const ASK = encodeRequest('REPLCONF GETACK *')

/** A replica of it that is online, and logs. */
async function follower(master: PoliteMaster, appendfsync: string): Promise<AofWorld> {
  const config = { appendfsync, replicaof: '127.0.0.1 1' }
  const world = new AofWorld({ disk: await freshDisk(), network: master, config })
  await world.start()
  for (let turns = 0; !master.heard.some(line => line.includes('FACK')); turns++) {
    if (turns > 5000) throw new Error('it never says FACK')
    await world.turn()
  }
  return world
}

/** What the master hears in so many ms. */
async function heardWithin(world: AofWorld, master: PoliteMaster, ms: number): Promise<string[]> {
  master.heard.length = 0
  for (let i = 0; i < ms; i++) await world.turn()
  return master.heard
}

describe('a master that asks', () => {
  const SENT = WRITE.length + ASK.length

  test('is told at once what is in memory, and when the sync is done that it is on disk', async () => {
    const master = new PoliteMaster()
    const world = await follower(master, 'always')
    await heardWithin(world, master, 1000)
    master.heard.length = 0
    master.say(Buffer.concat([WRITE, ASK]))
    expect(master.heard).toEqual([`REPLCONF ACK ${SENT} FACK 0`])
    expect(await heardWithin(world, master, 20)).toEqual([`REPLCONF ACK ${SENT} FACK ${SENT}`])
  })

  test('is told when the sync of the second is done, where nobody waits for the disk', async () => {
    const master = new PoliteMaster()
    const world = await follower(master, 'everysec')
    const { appender } = world.engine.rooms.get(AOF)
    master.say(Buffer.concat([WRITE, ASK]))
    const until = (): boolean => appender.appended > 0 && appender.synced === appender.appended
    for (let ms = 0; !until() && ms < 2000; ms++) await world.turn()
    await world.turn()
    expect(master.heard.at(-1)).toBe(`REPLCONF ACK ${SENT} FACK ${SENT}`)
  })

  test('is the only one: who does not ask hears of it with what is said every second', async () => {
    const master = new PoliteMaster()
    const world = await follower(master, 'always')
    master.say(WRITE)
    const lines = await heardWithin(world, master, 1000)
    expect(lines).toEqual([`REPLCONF ACK ${WRITE.length} FACK ${WRITE.length}`])
  })
})

test('CLIENT ACKS FSYNC between two servers: a reply is a write in the files of both', async () => {
  using first = temporaryFolder()
  using second = temporaryFolder()
  const config = { appendonly: 'yes', appendfsync: 'always', 'repl-diskless-sync-delay': 0 }
  await using master = await startServer({ config: { ...config, dir: first.path } })
  await using replica = await startServer({ config: { ...config, dir: second.path } })
  using client = connected(master.port)
  await replica.execute(['REPLICAOF', '127.0.0.1', master.port])
  await eventually(() => client.redis.call('WAITAOF', '1', '1', '100'), [1, 1])
  await client.redis.call('CLIENT', 'ACKS', 'REPLICAS', '1', 'FSYNC', 'TIMEOUT', '20000')
  for (let i = 0; i < 10; i++) {
    expect(await client.redis.set('key', `value ${i}`)).toBe('OK')
    for (const { path } of [first, second]) expect(logIn(path)).toContain(`value ${i}`)
  }
  await replica.execute(['CONFIG', 'SET', 'appendonly', 'no'])
  await client.redis.call('CLIENT', 'ACKS', 'REPLICAS', '1', 'FSYNC', 'TIMEOUT', '10')
  await expect(client.redis.set('key', 'more')).rejects.toThrow(/NOREPLACK.*1 of 2 disks/)
})

function connected(port: number) {
  const redis = new Redis(port)
  return { redis, [Symbol.dispose]: () => redis.disconnect() }
}

/** What the incremental files in a data folder hold. */
function logIn(dir: string): string {
  const folder = join(dir, 'appendonlydir')
  const files = readdirSync(folder).filter(name => name.endsWith('.incr.aof'))
  return files.map(name => readFileSync(join(folder, name), 'latin1')).join('')
}
