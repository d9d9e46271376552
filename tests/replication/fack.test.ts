import { describe, expect, test } from 'vitest'
import { AOF } from '../../persistence/aof/aof.js'
import { AofWorld, freshDisk } from '../support/aof-world.js'
import { encodeRequest } from '../support/request.js'
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
