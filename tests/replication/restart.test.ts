import { describe, expect, test } from 'vitest'
import { factsOf, landmarkOf } from '../../replication/restart.js'
import { VirtualClock } from '../../server/lib/clock.js'
import { AofWorld, slowDisk } from '../support/aof-world.js'
import { PoliteMaster } from './polite-master.js'

const REPLID = 'a'.repeat(40)

describe('what a snapshot file says of the history', () => {
  test('is read as it was written', () => {
    const landmark = { replid: REPLID, offset: 1234, database: 3 }
    const facts = new Map(factsOf(landmark).map(([name, value]) => [name, `${value}`]))
    expect(landmarkOf(facts)).toEqual(landmark)
    expect(factsOf(null)).toEqual([])
  })

  test.each([
    [{}],
    [{ 'repl-id': REPLID }],
    [{ 'repl-id': REPLID, 'repl-offset': '-1' }],
    [{ 'repl-id': 'short', 'repl-offset': '10' }],
    [{ 'repl-id': REPLID, 'repl-offset': 'many' }],
  ])('says nothing when it is %o', facts => {
    expect(landmarkOf(new Map(Object.entries(facts)))).toBe(null)
  })
})

test('a replica calls its master when its own files are in order, and not before', async () => {
  const clock = new VirtualClock()
  const disk = await slowDisk(1, clock, 300)
  const master = new PoliteMaster()
  const config = { replicaof: '127.0.0.1 1' }
  const world = new AofWorld({ disk, clock, network: master, config })
  let callsBefore = -1
  await world.start().then(() => {
    callsBefore = master.calls
  })
  expect(callsBefore).toBe(0)
  for (let ms = 0; ms < 5000; ms++) await world.turn()
  expect(master.heard.at(-1)).toMatch(/^REPLCONF ACK \d+ FACK/)
  disk.kill()
  const again = new AofWorld({ disk, clock, network: master, config })
  await expect(again.start()).resolves.toBeUndefined()
})
